"""The words of web pages, by form: menus, controls, players, picture labels, credits.

Wording that many sites share, never one site's. A word that could as well be an article's own
("Health", "Share") counts only in a menu's company: see `is_menu`.
"""

import re
from collections.abc import Sequence

MENU_WORDS = 4  # an item of a menu has at most so many words
_MANY_ITEMS = 8  # next to each other, of words that are not known
BIG_WORD = r"[^\W\d_a-zа-яё][\w.'’-]*"  # one that begins with a capital, as a pattern
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_CLOSING = r"(?:\s|[:>»→|…-]|\.\.\.)*\Z"

_TIMES = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:\s*/\s*|\s+|\Z)")
_IMAGE = re.compile(
    r"\W*(?:\d+\s*x\s*\d+\s+)?(?:image|photo|picture|video|graphic)s?(?:\s+(?:credit|caption|source))?\W*\Z",
    re.IGNORECASE,
)
_WATCHED = re.compile(r"\s*(?:just watched|now playing|video ad feedback)\b", re.IGNORECASE)
_SOURCED = re.compile(r"\s\d{1,2}:\d\d\s+-\s+Source:\s")  # a film's length and maker
_INBOX = re.compile(r"[^.!?]{0,80}\b(?:to|in) your inbox\W*\Z", re.IGNORECASE)
_CONTROL = re.compile(  # what only a page says, wherever it stands
    r"(?:please wait|loading(?:\.\.\.|…)|advertisement|story continues below(?: advertisement)?\.?|"
    r"quick links:?|(?:the )?associated press|ap|afp|reuters|"
    r"accessibility links|skip to (?:main )?(?:content|navigation)|"
    r"(?:read|see|watch|listen|view|load|show) more|play video|watch (?:now|live)|"
    r"share (?:this|on \w+)(?: (?:article|story|page|post))?|print this page|copy link|"
    r"related (?:articles|stories|topics|content|news)|most (?:read|popular|viewed)|back to top|"
    r"(?:(?:editor['’]s )?note|clarification|update): this (?:story|article|report) (?:has been|"
    r"was) updated\b(?! to (?:correct|reflect|clarify)).*|"
    r"this (?:story|article|report)(?: and (?:its )?headline)? (?:has|have|was|were)(?: been)? (?:updated|"
    r"corrected)\b.*|"
    r"full coverage|(?:.{0,30}\d{4},? )?(?:last )?(?:updated|published|posted):? .{0,40}\d{1,2}:\d{2}.{0,12}|"
    r"this (?:story|article|report) (?:includes|contains) (?:material|information|reporting) from\b.{0,80}|"
    r"(?:editor['’]s note: )?(?:a version of )?this (?:story|article|report|piece|column) (?:was )?(?:first|"
    r"originally) "
    r"(?:appeared|ran|published) (?:in|on|at|by)\b.{0,200}|[\w.+-]+@[\w-]+\.[\w.-]+|"
    r"all rights reserved\.?|читайте также|реклама|оқи отырыңыз)" + _CLOSING,
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:(?:with|additional)\s+(?:reporting|contributions?|material|files?)\s+(?:by|from)\b|"
    r"contributing(?: from [\w ]{2,30})?\s*:|reporting by\s|"
    r".{0,200}\bcontributed (?:to this (?:report|article|story)|reporting)\b)",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(  # what stands before the headline of another article
    r"\W*(?:(?:more|related(?: (?:stories|articles|links|coverage|content))?|read more|see also|also read|"
    r"more from [\w' ]{1,40}|photos|(?:in )?pictures|"
    r"opinion|analysis|interactive|explainer|quiz|timeline|gallery|video|watch|listen|for subscribers|"
    r"exclusive)\s*:|(?:for )?more\b.{1,60}https?://)",
    re.IGNORECASE,
)
_LIST_OF_LINKS = re.compile(  # WEEKEND MUST-READS, MORE ON THE FLOOD
    r"(?:[\w'’]+ ){0,2}(?i:must[- ]reads?)\W*|MORE(?: [A-Z][A-Z'’&.-]*){1,6}\W*"
)
# A label and a link with no space between them; a time or a verse has digits on both sides.
_GLUED = re.compile(
    r"(?:[^:.!]|\b(?:vs|[JS]r|Dr|Mr|St|No|Gov|Sen|Rep|[A-Z])\.){2,80}!?(?::(?=[^\W\d_])|"
    r"(?<=[^\W\d_]):(?=[\d'\"“‘])|(?<=[!?]):(?=['\"“‘]))|(?:[A-Z'’]+\s+)+[A-Z'’]{2,}[?!](?=[^\W\d_])"
)
_LABELLED = re.compile(
    r"(?:[A-Z][A-Z\d'’,.-]+\s+)(?:[A-Z\d'’,.$-]{2,}\s+){0,4}[A-Z'’]{2,}: (?:\S+\s+){5}"
)  # RECALL LIST: What to look for …
_GOES_THERE = re.compile(  # a sentence that only a link can be, with a label before it
    r"\A\W*(?:(?i:more|related|read more|see also|also read):|"
    r"(?:[A-Z'’]+ ){1,9}[A-Z'’]{2,}\??:(?=\S))[^.]*\.\W*\Z|"
    r"\A(?=(?:[^:]*?\b[a-zа-яё]{2,}\b){2})[^.:]{8,80}:(?=[^\W\d_]).{,160}\Z|"
    r"\A[^.:]{2,80}:.*\b(?i:here)(?:['’]s (?:why|how|what)\b[^.]{0,40})?\.\W*\Z"
)
_ARROW = re.compile(r"\s*[►▶➤]")
_LEAST_GLUED = 6  # words
_LEAST_LOUD = 4  # after a label in capitals
_THANKS = re.compile(  # names and what they gave
    r"(?i:contributing)(?: from [\w ]{2,30})?\s*:|\((?i:with (?:additional )?reporting by) [^.)]{3,80}\)\Z|"
    rf"(?:(?i:from)\s+)?(?:{BIG_WORD} ){{0,2}}{BIG_WORD}(?:/{BIG_WORD})?/(?:Getty(?: Images)?|AP|AFP|Reuters|"
    rf"Shutterstock|Redux|Zuma|Twitter|"
    r"Facebook|Instagram|TikTok)\Z|"
    rf"(?:{BIG_WORD}\s+){{0,4}}(?i:courtesy)(?: of)?(?:\s+{BIG_WORD}){{1,6}}\Z"
)
_HELPED = re.compile(r"\(?[^.]{3,120} contributed to this (?:report|article|story|section)\.?\)?\Z")
_REACHED_AT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|(?<!\w)(?<![–—-] )@\w+")
_NUMBER = re.compile(r"(?:https?://)?(?:[\w-]+\.)+(?:com|org|net)\b\S*|\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}")
_CONTACT_WORDS = re.compile(
    r"\b(?:contact|reach|e-?mail|phone|call|text|tel|twitter|instagram|facebook|follow|him|her|them|me|us|"
    r"at|on|or|"
    rf"and|by|via|the|reporter|writer|editor|columnist|correspondent|author)\b|\b{BIG_WORD}|[^\w\s]"
)
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
    """Whether the line is a player's list of films, or a film's title with its length and maker."""
    return _WATCHED.match(line) is not None or _SOURCED.search(line) is not None


def is_link(line: str) -> bool:
    """Whether a line is a headline of another article, after "More:" or the like, or after a glued label."""
    if line.rstrip().endswith((".", "!", "…", "”", '"', ":")):
        return ":" in line and _GOES_THERE.search(line) is not None
    if _LEADS_ON.match(line) or _ARROW.match(line) or _LABELLED.match(line):
        return True
    match = _GLUED.match(line)
    return match is not None and len(line.split()) >= (_LEAST_LOUD if match[0].isupper() else _LEAST_GLUED)


def speaker_of(line: str) -> str | None:
    """The label in capitals before a colon, as links and interviews have it: `RECALL LIST`."""
    match = _LABELLED.match(line)
    return match[0].partition(":")[0] if match else None


def leads_on(line: str) -> bool:
    """Whether the line says that headlines of other articles follow."""
    match = _LEADS_ON.match(line)
    return match is not None and not line[match.end() :].strip()


def heads_links(line: str) -> bool:
    """Whether the line heads a list of headlines, as WEEKEND MUST-READS does."""
    return _LIST_OF_LINKS.fullmatch(line.strip()) is not None


def is_image_label(line: str) -> bool:
    """Whether the line only says that a picture stood there."""
    return _IMAGE.match(line) is not None


def is_control(line: str) -> bool:
    """Whether the line is a page's control or notice, wherever it stands."""
    if _CONTROL.match(line):
        return True
    return "your inbox" in line and _INBOX.match(line) is not None


def is_credit(line: str) -> bool:
    """Whether the line credits agencies or colleagues, or holds the page's copyright notice."""
    return _CREDIT.match(line) is not None or _COPYRIGHT.match(line) is not None


def is_thanks(line: str) -> bool:
    """Whether the line is nothing but names after "Contributing:" or "Courtesy", wherever it stands."""
    if _THANKS.match(line.strip()):
        return True
    return "contributed to this" in line and _HELPED.match(line.strip()) is not None


def is_contact(line: str) -> bool:
    """Whether the line is nothing but names and how to reach them: `Ana Reyes: 555-010-1234; @anareyes`."""
    rest, count = _REACHED_AT.subn(" ", line) if "@" in line else (line, 0)
    return count > 0 and not _CONTACT_WORDS.sub(" ", _NUMBER.sub(" ", rest)).strip()


def is_menu(items: Sequence[str]) -> bool:
    """Whether lines next to each other are a menu's: at least half of them words that menus have.

    Names of sections make a menu only with words that nothing but a menu has, or by themselves.
    """
    plain = [" ".join(words_of(item)) for item in items]
    sure = sum(_MENU.fullmatch(item) is not None for item in plain)
    known = sure + sum(_SECTION.fullmatch(item) is not None for item in plain)
    return 2 * known >= len(items) if sure else known == len(items) and known > 2


def is_long_menu(items: Sequence[str]) -> bool:
    """Whether so many short items without digits stand in a line that it is a menu, whatever they say."""
    return len(items) >= _MANY_ITEMS and all(
        len(item.split()) <= MENU_WORDS and not any(map(str.isdigit, item)) for item in items
    )


def menu_items(line: str) -> list[str]:
    """The items of a menu that stands in one line, as `Home | News | Contact us`; the line if it is none."""
    return [item for item in _BETWEEN_ITEMS.split(line) if item]
