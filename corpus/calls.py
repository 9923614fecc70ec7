"""Calls to the reader: sign up, subscribe, follow, support. A page's sentences, not its article's."""

import re

from corpus.article import Article, Span
from corpus.sentences import sentences

_VERB = re.compile(
    r"[\s•*>–—►-]*(?:for (?:more|stories|all|the latest)[^,.]{0,80}, )?(?:[\w ]{4,20}:\s*)?(?:please\s+)?"
    r"(?:sign up|subscribe|donate|become|get|receive|click|read more|"
    r"(?:follow|like|join) (?:us|our|the)|share (?:this|our)|download (?:our|the)|register (?:here|for|now)|"
    r"tap (?:here|or click)|support(?!\s+(?:for|of|from|by|in|to|on|is|was|has|came|grew|\w+ed)\b))(?![\w-])",
    re.IGNORECASE,
)
_NETWORK = r"(?:facebook|twitter|telegram|instagram|youtube|whatsapp|x|tiktok|linkedin|social media)"
_LETTER = re.compile(
    rf"\b(?:newsletters?|your inbox|text (?:updates|alerts)|a (?:digital )?subscri(?:ber|ption)|"
    rf"our subscri(?:bers|ptions?)|us on {_NETWORK}|our {_NETWORK}|click here)\b",
    re.IGNORECASE,
)
_OUR_WORK = re.compile(
    r"\bour (?:\w+ )?(?:journalism|work|reporting|coverage|app|channel|page|site)\b|"
    r"\ba (?:member|supporter|patron)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(  # to write to the author
    r"[\s•*>–—-]*(?:for (?:more|stories|all)[^,.]{0,80}, )?(?:contact|follow|e-?mail|reach|write to) "
    rf".{{0,80}}(?:@\w|\bon {_NETWORK}\b)",
    re.IGNORECASE,
)
# One of these is in every call; to look for them first is fast.
_HINTS = (
    "newsletter",
    "inbox",
    "@",
    " on twitter",
    "sign up here",
    "subscri",
    "click here",
    " us on ",
    " our ",
    "a member",
    "a supporter",
    "a patron",
)
_TO_THE_READER = re.compile(r"\b(?:our|us|my|here|your inbox)\b", re.IGNORECASE)
_REPORTED = re.compile(r"\b(?:said|says|told|tells|asked|urged|wrote|according to)\b", re.IGNORECASE)
_MOST_WORDS = 30


def calls_in(article: Article, paragraph: Span, *, within_body: bool) -> list[Span]:
    """The sentences of a paragraph that ask the reader to sign up, pay or follow.

    Within the body only those that no one but the page can say: "our newsletter", "sign up here",
    or the outlet's name. "Sign up for the newsletter of your town" may be the article's advice.
    """
    words = _in_one_line(paragraph.of(article.text)).casefold()
    if not any(hint in words for hint in _HINTS):
        return []
    outlet = _outlet(article)
    return [
        sentence
        for sentence in sentences(article.text, paragraph, article.language)
        if _is_call(_in_one_line(sentence.of(article.text)), outlet, within_body=within_body)
    ]


def opens_with_call(article: Article, paragraph: Span) -> bool:
    """Whether a paragraph is a call from its first sentence on."""
    calls = calls_in(article, paragraph, within_body=False)
    return bool(calls) and calls[0].start == paragraph.start


def _is_call(sentence: str, outlet: str | None, *, within_body: bool) -> bool:
    if _PERSON.match(sentence):
        return True
    if not _VERB.match(sentence) or _REPORTED.search(sentence) or len(sentence.split()) > _MOST_WORDS:
        return False
    if not within_body:
        return _LETTER.search(sentence) is not None or _OUR_WORK.search(sentence) is not None
    own = _TO_THE_READER.search(sentence) is not None or (outlet is not None and outlet in _plain(sentence))
    return own and _LETTER.search(sentence) is not None


def _in_one_line(words: str) -> str:
    return " ".join(words.split())


def _outlet(article: Article) -> str | None:
    """The source as a call may write it: `EurasiaNet.org` as eurasianet."""
    source = article.source or ""
    name = _plain(source if " " in source else source.split(".")[0])
    return name if len(name) > 2 else None


def _plain(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())
