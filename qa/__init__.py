"""Question to answer: an archive of articles that answers in its own words.

from qa import Answerer, Archive, Retriever
"""

from qa.answerer import Answerer
from qa.archive import Archive
from qa.retriever import Retriever

__all__ = ["Answerer", "Archive", "Retriever"]
