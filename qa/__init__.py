"""Question to answer: an archive of articles that answers in its own words.

from qa import Answerer, Archive, Retriever
"""

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["Answerer", "Archive", "Retriever"]

if TYPE_CHECKING:
    from qa.answerer import Answerer
    from qa.archive import Archive
    from qa.retriever import Retriever
else:

    def __getattr__(name: str) -> object:
        """One of the three, imported when it is first asked for: who searches needs nothing that answers."""
        if name in __all__:
            return getattr(import_module(f"qa.{name.lower()}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return __all__
