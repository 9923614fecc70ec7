"""Measuring retrieval and answers on a question set, and comparing two measurements.

from qa.evaluate import evaluate, compare
"""

from qa.evaluate.compare import compare
from qa.evaluate.evaluation import Evaluation, evaluate

__all__ = ["Evaluation", "compare", "evaluate"]
