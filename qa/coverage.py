"""How many of a question's words a sentence holds, each by its weight."""

from collections.abc import Mapping

from qa.analysis import analyser_name, content_terms, terms
from qa.fusion import rounded
from qa.hit import Hit
from qa.word_search import TermWeights

NEAR = 0.5  # what a word is worth in the sentence before or in the title


class Coverage:
    """The words of one question, with their idf in one state of an archive."""

    def __init__(self, question: str, lexical: TermWeights) -> None:
        self._question = question
        self._lexical = lexical
        self._weights: dict[str, Mapping[str, float]] = {}

    def of(self, hit: Hit, index: int) -> float:
        """The share of the question's idf, in [0, 1], that a sentence of a passage holds."""
        text, sentences = hit.article.text, hit.passage.sentences
        name = analyser_name(hit.article.language, text)
        weights = self._weights_for(name)
        inside = set(terms(name, sentences[index].of(text)))
        near = set(terms(name, hit.article.title or ""))
        if index:
            near.update(terms(name, sentences[index - 1].of(text)))
        held = sum(
            weight * (1 if term in inside else NEAR if term in near else 0)
            for term, weight in weights.items()
        )
        return rounded(held / (sum(weights.values()) or 1))

    def _weights_for(self, name: str) -> Mapping[str, float]:
        if name not in self._weights:
            asked = [term.term for term in content_terms(name, self._question)]
            self._weights[name] = {
                term: self._lexical.idf(name, term) for term in asked or terms(name, self._question)
            }
        return self._weights[name]
