"""Calls to the reader: sign up, subscribe, follow, support. A page's sentences, not its article's."""

import re

from corpus.article import Article, Span
from corpus.sentences import sentences

_VERB = re.compile(
    r"[\s•*:>–—►-]*(?:(?:for (?:more|stories|all|the latest)|to) [^.]{0,100}, )?(?:[\w'’ -]{4,60}:\s*)?"
    r"(?:please\s+)?(?:sign[- ]up|subscribe|donate|become|get|receive|click|read more|view more|go to|"
    r"consider|visit|"
    r"listen to our|watch our|check out our|"
    r"(?:follow|like|join) (?:us|our|the)|share (?:this|our)|download (?:our|the)|register (?:here|for|now)|"
    r"tap (?:here|or click)|support(?!\s+(?:for|of|from|by|in|to|on|is|was|has|came|grew|\w+ed)\b))(?![\w-])",
    re.IGNORECASE,
)
_NETWORK = r"(?:facebook|twitter|telegram|instagram|youtube|whatsapp|x|tiktok|linkedin|social media)"
_LETTER = re.compile(
    rf"\b(?:newsletters?|your inbox|text (?:updates|alerts)|a (?:digital )?subscri(?:ber|ption)|"
    rf"our (?:subscri(?:bers|ptions?)|podcasts?)|consider (?:a subscription|subscribing|donating)|"
    rf"text updates|us on {_NETWORK}|our {_NETWORK}|click here|digital account|"
    r"subscri(?:be|bing) (?:today|now)|subscribe to [\w-]+\.(?:com|org|net))\b",
    re.IGNORECASE,
)
_OUR_WORK = re.compile(
    r"\bour (?:\w+ )?(?:journalism|work|reporting|coverage|app|channel|page|site)\b|"
    r"\ba (?:member|supporter|patron)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(  # to write to the author
    r"[\s•*>–—-]*(?:for (?:more|stories|all)[^,.]{0,80}, )?(?:contact|follow|e-?mail|reach|write to|tell) "
    rf".{{0,80}}(?:@\w|\bon {_NETWORK}\b)",
    re.IGNORECASE,
)
_HERE = re.compile(  # a link that stands in the words of a sentence
    r"\W*(?:(?:[^.?!]{0,100}, )?(?:please )?click (?:right )?here(?: to \w+)?|"
    r"(?:you can )?(?:sign up|subscribe|register) (?:right )?here|"
    r"(?:check|read|see|find|watch|view) (?:it|them|more|your|our|the full) ?[^,.?!]{0,40}(?<! of) "
    r"(?:right )?here)\W*\Z",
    re.IGNORECASE,
)
_LINK = re.compile(  # one that an article's sentence may be too: where nothing else is on the line
    r"[^\w\"“‘'«(]*\(?(?:(?:for [^.?!\"“]{3,60}, |you can )?(?:(?:read|see|find|watch|view|learn|hear|"
    r"explore|browse|"
    r"follow|check out|check|catch up on)(?: [^\s,.?!\"“”]+){0,14}?"
    r"(?<! in)(?<! of)(?<! from)(?<! out)(?<! around)(?<! up)|(?:find|follow|check|see)) (?:right )?here"
    r"(?: for the latest\b[^.?!]*)?|[^.?!\"“]{3,60} can be (?:found|read|seen|viewed) here|"
    r"(?:answers|details|more(?: info\w*)?|results|(?:the )?full \w+) here|"
    r"(?:not (?:yet )?a|are you a) subscriber|"
    r"(?:[^.?!]{0,30}\) )?(?:an? (?:\w+ )?version of )?this (?:story|article|column|is|"
    r"piece)\b[^.?!]{0,60}\bnewsletter)"
    r"[\s.!?)…:]*\Z",
    re.IGNORECASE,
)
_REACHED = re.compile(  # how to write to who wrote it
    r"(?:[^,.;]{2,60} (?:can|may) be reached|(?:you (?:can|may) )?reach (?:him|her|them|me))\b"
    r".{0,20}?(?:\b(?:at|on|via)\b.{0,60})?(?:@|https?://)",
    re.IGNORECASE,
)
_PAPER = re.compile(r"(?i:subscribe to (?:the )?)[A-Z]")
_FUNDED = re.compile(  # who pays for it
    r"[^.]{0,80}\b(?:coverage|reporting|series|project|journalism|story)\b[^.]{0,80}\b(?:is|are|was) "
    r"(?:supported|made possible|funded)(?: in part)? by (?:an? |the )?(?:grants?|donations?)\b",
    re.IGNORECASE,
)
# One of these is in every call; to look for them first is fast.
_HINTS = (
    "newsletter",
    "inbox",
    "@",
    "http",
    " on twitter",
    "sign up here",
    "subscri",
    " here",
    "digital account",
    " by a grant",
    " by grants",
    ", visit ",
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
    if not any(map(words.__contains__, _HINTS)):
        return []
    outlet = _outlet(article)
    found = sentences(article.text, paragraph, article.language)
    said = [_in_one_line(sentence.of(article.text)) for sentence in found]
    calls = [_is_call(words, outlet, within_body=within_body) for words in said]
    if all(call or _LINK.match(words) for call, words in zip(calls, said, strict=True)):
        return found
    return [sentence for sentence, call in zip(found, calls, strict=True) if call]


def opens_with_call(article: Article, paragraph: Span) -> bool:
    """Whether a paragraph is a call from its first sentence on."""
    calls = calls_in(article, paragraph, within_body=False)
    return bool(calls) and calls[0].start == paragraph.start


def _is_call(sentence: str, outlet: str | None, *, within_body: bool) -> bool:
    if _PERSON.match(sentence) or _HERE.match(sentence) or _FUNDED.match(sentence):
        return True
    if not within_body and _REACHED.match(sentence):
        return True
    if not _VERB.match(sentence) or _REPORTED.search(sentence) or len(sentence.split()) > _MOST_WORDS:
        return False
    named = outlet is not None and outlet in _plain(sentence)
    if not within_body:
        return named or any(words.search(sentence) for words in (_LETTER, _OUR_WORK, _PAPER))
    return (named or _TO_THE_READER.search(sentence) is not None) and _LETTER.search(sentence) is not None


def _in_one_line(words: str) -> str:
    return " ".join(words.split())


def _outlet(article: Article) -> str | None:
    """The source as a call may write it: `EurasiaNet.org` as eurasianet."""
    source = article.source or ""
    name = _plain(source if " " in source else source.split(".")[0])
    return name if len(name) > 2 else None


def _plain(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())
