"""Whether a quote states a value, and of what a question asks about. English only.

What it says under a condition, denies, asks, plans or expects is not stated, nor is a part of another
amount.
"""

import re

from corpus.article import Span
from qa.analysis import content_terms, terms
from qa.answer import Quote

# What leads to a value that is none yet: a condition, a plan, a forecast. "May" is also a month.
_SUPPOSED = re.compile(
    r"\b(?:would|could|may|might|[Ii]f|until|[Uu]nless|whether|expect(?:s|ed|ing)?|project(?:s|ed)|"
    r"forecast(?:s|ed)?|predict(?:s|ed|ion)?|plan(?:s|ned)?|aim(?:s|ed)?|hope[sd]?|likely|potentially|"
    r"intend(?:s|ed)?|consider(?:s|ed|ing)|chance|set to|about to|urg(?:es|ed|ing)|seek(?:s|ing)?|sought|"
    r"demand(?:s|ed|ing)?|propos(?:es|ed|ing)|request(?:s|ed|ing)?|su(?:es|ed|ing)|aside)\b"
)
# In the same clause before it: what is denied, and what is a part of the whole, or comes on top of it.
_DENIED = re.compile(
    r"(?:\b(?:not|never|no longer|den(?:y|ies|ied)|instead of|rather than)|n['’]t)\b[^,;:.!?()—–]*\Z"
)
_IN_PART = re.compile(
    r"\b(?:(?:including|among (?:them|those|whom|which)|of (?:them|those|whom|which))\b[^,;:.!?]{0,15}|"
    r"(?:additional|another|extra|further|remaining)\b[^,;:.!?]{0,40})\Z"
)
_MORE = re.compile(
    r"\S+(?:\s[^\W\d_]+){0,2}\s"
    r"(?:more(?! than)|additional|others?|extra|further|apiece|behind|ahead)\b"
)
_ASKS = re.compile(r"[^.!?]*\?")
_OPEN = re.compile(r"[^,;:.!?]*\bwhether\b")
_PARTS = 3  # amounts of one unit in a sentence, from which on each is a part
_BY = re.compile(r"\bby (?:about |around |nearly |almost |some |more than |over |as much as |up to )?\Z")
_SHARE = re.compile(r"[%$€£¥]|\b(?:per ?cent|points?)\b")
_BESIDE = 25  # characters after a value


def is_stated(question: str, quote: Quote, value: Span) -> bool:
    """Whether the quote says that its value is so, and is so in all.

    A value that is planned or expected is one where the question asks for such: "How much does he seek?"
    """
    text = quote.article.text
    before = text[quote.start : value.start]
    if _ASKS.match(text, value.end, quote.end) or _OPEN.match(text, value.end, quote.end):
        return False
    asked = {term.term for term in content_terms("english", question)}
    if any(asked.isdisjoint(terms("english", found[0])) for found in _SUPPOSED.finditer(before)):
        return False
    if _DENIED.search(before):
        return False
    if _IN_PART.search(before) or _is_listed(quote, value):
        return False
    return _MORE.match(text, value.start, value.end + _BESIDE) is None


def is_change(quote: Quote, value: Span) -> bool:
    """Whether a value is that by which something changed: "raised rates by 0.75%"."""
    text = quote.article.text
    return (
        _BY.search(text, quote.start, value.start) is not None and _SHARE.search(value.of(text)) is not None
    )


def _is_listed(quote: Quote, value: Span) -> bool:
    """Whether the quote counts the same thing three times: 18 of one kind, 54 of another."""
    unit = value.of(quote.article.text).split()[-1]
    return unit.isalpha() and len(re.findall(rf"\d\s(?:[a-z]+\s)?{unit}\b", quote.text)) >= _PARTS
