"""The words of web pages, by form: menus, controls, players, picture labels, credits.

Wording that many sites share, never one site's. A word that could as well be an article's own
("Health", "Share") counts only in a menu's company: see `is_menu`.
"""

import re
from collections.abc import Sequence

MENU_WORDS = 4  # an item of a menu has at most so many words
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_CLOSING = r"(?:\s|[:>»→|…-]|\.\.\.)*\Z"

_TIMES = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:\s*/\s*|\s+|\Z)")
_IMAGE = re.compile(
    r"\W*(?:\d+\s*x\s*\d+\s+)?(?:image|photo|picture|video|graphic)s?(?:\s+(?:credit|caption|source))?\W*\Z",
    re.IGNORECASE,
)
_WATCHED = re.compile(r"\s*(?:just watched|now playing|video ad feedback)\b", re.IGNORECASE)
_CONTROL = re.compile(  # what only a page says, wherever it stands
    r"(?:please wait|loading(?:\.\.\.|…)|advertisement|story continues below(?: advertisement)?\.?|"
    r"quick links:?|(?:the )?associated press|ap|afp|reuters|"
    r"accessibility links|skip to (?:main )?(?:content|navigation)|"
    r"(?:read|see|watch|listen|view|load|show) more|play video|watch (?:now|live)|"
    r"share (?:this|on \w+)(?: (?:article|story|page|post))?|print this page|copy link|"
    r"related (?:articles|stories|topics|content|news)|most (?:read|popular|viewed)|back to top|"
    r"this (?:story|article|report) (?:has been|was) (?:updated|corrected)\b.*|"
    r"(?:last )?updated:? .{0,40}\d{1,2}:\d{2}.{0,12}|[\w.+-]+@[\w-]+\.[\w.-]+|"
    r"all rights reserved\.?|читайте также|реклама|оқи отырыңыз)" + _CLOSING,
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:(?:with|additional)\s+(?:reporting|contributions?|material|files?)\s+(?:by|from)\b|"
    r"contributing\s*:|reporting by\s|"
    r".{0,200}\bcontributed (?:to this (?:report|article|story)|reporting)\b)",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(  # what stands before the headline of another article
    r"\W*(?:(?:more|related|read more|see also|also read|more from [\w' ]{1,40}|photos|(?:in )?pictures|"
    r"opinion|exclusive)\s*:|(?:for )?more\b.{1,60}https?://)",
    re.IGNORECASE,
)
# A label and a link with no space between them; a time or a verse has digits on both sides.
_GLUED = re.compile(r"[^:.!]{2,80}(?::(?=[^\W\d_])|(?<=[^\W\d_]):(?=[\d'\"“‘]))")
_LABELLED = re.compile(
    r"(?:[A-Z'’]{2,}\s+){1,4}[A-Z'’]{2,}: (?:\S+\s+){5}"
)  # RECALL LIST: What to look for …
_ARROW = re.compile(r"\s*[►▶➤]")
_LEAST_GLUED = 6  # words
_COPYRIGHT = re.compile(r"(?:copyright\s*)?(?:©|\(c\))\s*\d{4}\b|copyright \d{4}\b", re.IGNORECASE)
_MENU = re.compile(  # what only a menu says
    r"home ?page|home|main (?:page|menu)|menu|breaking news|(?:latest|more) news|(?:top|more) stories|"
    r"live tv|photo galler(?:y|ies)|about (?:us|the project)|contact us|contacts|careers|site ?map|rss|"
    r"faq|advertis(?:e|ing)(?: with us)?|(?:leave a|add) comment|comments|tags|newsletters?|our apps|"
    r"follow us|my account|log ?in|sign (?:in|up)|subscribe|register|search|share|print|embed|e-?mail|"
    r"play|loading|sponsored|(?:next|previous) article|trending(?: now)?|editor['’]s picks|recommended|"
    r"you (?:may|might) also like|up next|cookie (?:policy|settings)|privacy(?: policy)?|"
    r"terms (?:of use|of service|and conditions)|главная|последние новости|о нас|о проекте|контакты|"
    r"подписаться|поделиться|войти|поиск|меню|басты бет|соңғы жаңалықтар|біз туралы|байланыс"
)
_SECTION = re.compile(  # what a menu says, and other lists too
    r"(?:world |local )?news|latest|live|world|politics|business|economy|finance|markets|sports?|"
    r"culture|arts|society|opinions?|analysis|comment|interviews|videos?|photos|pictures|podcasts|audio|"
    r"tv|radio|weather|travel|health|science|tech(?:nology)?|lifestyle|entertainment|features|about|"
    r"contact|jobs|help|feedback|archive|topics|english|русский|қазақша|новости|политика|экономика|"
    r"общество|культура|спорт|мир|мнения|видео|фото|жаңалықтар|саясат|қоғам|мәдениет|әлем"
)
_BETWEEN_ITEMS = re.compile(r"\s*[|•·»›]\s*|\s+[>/–—]\s+")


def words_of(line: str) -> list[str]:
    """The line's words in small letters."""
    return _WORD.findall(line.casefold())


def is_player(line: str) -> bool:
    """Whether the line is a player's clock: nothing but times, one of them zero, as `0:00 0:02:24`.

    A single time may be a runner's or a film's, and is none.
    """
    times = []
    at = 0
    while match := _TIMES.match(line, at):
        times.append(match.group().strip(" /\t\u00a0"))
        at = match.end()
    return at == len(line) and len(times) > 1 and any(not time.strip("0:") for time in times)


def is_watched(line: str) -> bool:
    """Whether the line is a player's list of films."""
    return _WATCHED.match(line) is not None


def is_link(line: str) -> bool:
    """Whether a line is a headline of another article, after "More:" or the like, or after a glued label."""
    if line.rstrip().endswith((".", "!", "…", "”", '"', ":")):
        return False
    if _LEADS_ON.match(line) or _ARROW.match(line) or _LABELLED.match(line):
        return True
    return _GLUED.match(line) is not None and len(line.split()) >= _LEAST_GLUED


def leads_on(line: str) -> bool:
    """Whether the line says that headlines of other articles follow."""
    match = _LEADS_ON.match(line)
    return match is not None and not line[match.end() :].strip()


def is_image_label(line: str) -> bool:
    """Whether the line only says that a picture stood there."""
    return _IMAGE.match(line) is not None


def is_control(line: str) -> bool:
    """Whether the line is a page's control or notice, wherever it stands."""
    return _CONTROL.match(line) is not None


def is_credit(line: str) -> bool:
    """Whether the line credits agencies or colleagues, or holds the page's copyright notice."""
    return _CREDIT.match(line) is not None or _COPYRIGHT.match(line) is not None


def is_menu(items: Sequence[str]) -> bool:
    """Whether lines next to each other are a menu's: at least half of them words that menus have.

    Names of sections make a menu only with words that nothing but a menu has, or by themselves.
    """
    plain = [" ".join(words_of(item)) for item in items]
    sure = sum(_MENU.fullmatch(item) is not None for item in plain)
    known = sure + sum(_SECTION.fullmatch(item) is not None for item in plain)
    return 2 * known >= len(items) if sure else known == len(items) and known > 2


def menu_items(line: str) -> list[str]:
    """The items of a menu that stands in one line, as `Home | News | Contact us`; the line if it is none."""
    return [item for item in _BETWEEN_ITEMS.split(line) if item]
