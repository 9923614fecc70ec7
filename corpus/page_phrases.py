"""What a page says to its reader, or of itself: wording that many sites share, never one site's.

An article may say the same of another page, or of cookies one eats; so it takes a second sign, such as
an outlet's repeating the line, to take it for a page's.
"""

import re

_NETWORK = r"(?:facebook|twitter|telegram|instagram|youtube|whatsapp|tiktok|linkedin|threads|pinterest|x)"
_PIECE = r"(?:story|article|report|post|piece|page|column|video|transcript|content)"

# Words one of which every match of the pattern holds, in small letters: to look for them first is fast.
_PHRASES = (
    ("newsletter", r"newsletters?\b"),
    ("your", r"\byour (?:inbox|e-?mail address|browser|data|consent|subscription|preferences)\b"),
    ("subscri", r"\b(?:un)?subscri(?:be|ption|ber)s?\b"),
    ("sign|log", r"\bsign(?:ing)? (?:up|in)\b|\blog ?in\b"),
    (" on ", rf"\b(?:follow|join|like|find) (?:[\w.'’-]+ ){{0,7}}?on (?:\w+, )*{_NETWORK}\b"),
    ("us on|us at|us via", r"\bus (?:on|at|via)\b"),
    ("click|tap|swipe|tick", r"\b(?:click|tap|swipe|tick) (?:here|on|to|the|or)\b"),
    (" here", r"\b(?:sign|check|subscribe|listen|read|detailed|described)\b[^.]{0,60}\bhere\b"),
    (
        "contact|mail|reach|write to",
        (
            r"\b(?:contact|e-?mail|reach|write to) "
            r"(?:us|him|her|them|me|the (?:author|reporter|writer|editor))\b"
        ),
    ),
    ("send ", r"\bsend (?:us|him|her|them|me|your)\b"),
    ("tip", r"\b(?:news )?tips? (?:to|at|about|line)\b"),
    ("@|://", r"[\w.]+@[\w.-]+|(?<!\w)@\w+|https?://"),
    ("download", r"\bdownload (?:the|our)\b"),
    ("our", r"\bour (?:app|apps|podcasts?|website|channel|live blog|fact.check|editors|team)\b"),
    ("journalism", r"\b(?:our|local|independent|quality) journalism\b"),
    (
        "read |share |more ",
        r"\bread (?:more|next|also)\b|\bshare (?:this|on|with)\b|\bmore (?:from|stories|news|on this)\b",
    ),
    ("related", r"\brelated (?:articles?|stories|topics|content|links)\b"),
    ("cookie|privacy|terms", r"\bcookies?\b|\bprivacy\b|\bterms (?:of|and)\b"),
    (
        "personal|have shared",
        r"\bpersonal (?:data|information)\b|\b(?:information|details) you have shared\b",
    ),
    (
        "rights reserved|copyright|©|republish|creative",
        r"\ball rights reserved\b|\bcopyright\b|©|\brepublish|\bcreative commons\b",
    ),
    ("partner|produced", r"\bcontent partner\b|\bproduced independently\b"),
    (
        "commission|affiliate|purchase",
        r"\b(?:may|can) earn (?:us )?(?:a )?commission|\baffiliate\b|\bpurchases? you make\b",
    ),
    ("prices", r"\bprices were accurate\b"),
    ("sponsored|advertis", r"\bsponsored\b|\badvertis"),
    ("grant", r"\b(?:made possible|supported)\b.{0,30}\bgrant\b"),
    ("this", r"\b(?:to|for) this (?:report|story|article|piece)\b"),
    (
        "this",
        rf"\bthis {_PIECE} (?:has|was|is|will|may|originally|first|appear|contains|references|includes)\b",
    ),
    ("views|opinions", r"\b(?:views|opinions) (?:and (?:views|opinions) )?(?:are|is|expressed)\b"),
    ("responsible|external", r"\b(?:not|isn['’]t) responsible for\b|\bexternal (?:sites?|links?|content)\b"),
    ("ad |video", r"\bthis ad\b|\bad (?:froze|never|did|was)\b|\bvideo (?:player|content|will|ad)\b"),
    ("comment", r"\badd your comment|\bcomments (?:are|will)\b"),
    # Russian, Ukrainian, Kazakh; an undertaking not to leave is a подписка too
    (
        "подпис|рассылк|читайте|реклам|все права",
        r"\b(?:подпис(?:аться|ывайтесь|итесь|к(?!\w* о ))|рассылк|читайте|реклам|все права)",
    ),
    (
        "підпи|розсилк|читайте|реклам|усі права|всі права",
        r"\b(?:підпи(?:сатися|шіться|суйтес|ск(?!\w* про ))|розсилк|читайте|реклам|[ув]сі права)",
    ),
    (
        "жазыл|оқи отыры|жарнама|құқықтар",
        (
            r"\bжазылы(?:ңыз|п|м)|\bоқи отыры|\bжарнама|"
            r"\bбарлық (?:авторлық )?құқықтар\w* (?:қорғал|сақтал)"
        ),
    ),
    # German, French, Spanish
    (
        "abonnier|anmeld|lesen sie|folgen sie|datenschutz|rechte vorbehalten|einwillig|anzeige",
        (
            r"\babonnier|\banmeld(?:en|ung)\b|\blesen sie (?:auch|mehr|hier)\b|\bfolgen sie uns\b|"
            r"\bdatenschutz|\brechte vorbehalten\b|\beinwilligung\b|\Aanzeige\Z"
        ),
    ),
    (
        "abonne|inscri|lire aussi|lire la suite|suivez|droits réservés|confidentialité|publicité",
        (
            r"\babonne[zr]|\binscri(?:vez|re|ption)|\b(?:à )?lire (?:aussi|la suite)\b|\bsuivez[- ]nous\b|"
            r"\bdroits réservés\b|\bconfidentialité\b|\Apublicité\Z"
        ),
    ),
    (
        "suscr|inscr|síg|sig|lea también|leer más|derechos reservados|privacidad|publicidad|boletín",
        (
            r"\bsuscr[ií](?:b|p)|\binscríb|\bs[íi]g(?:ue|a)nos\b|\blea también\b|\bleer más\b|"
            r"\bderechos reservados\b|\bprivacidad\b|\bboletín\b|\Apublicidad\Z"
        ),
    ),
)
_BY_HINT = [
    (hint, re.compile(words, re.IGNORECASE)) for hints, words in _PHRASES for hint in hints.split("|")
]
_REPORTED = re.compile(
    r"\b(?:said|says|told|tells|according to|сказал|сообщил|заявил|повідоми|заяви|хабарла|"
    r"sagte|teilte|déclaré|selon|dijo|según)",
    re.IGNORECASE,
)


def speaks_as_page(line: str) -> bool:
    """Whether a line, its spaces single, has wording of a page, and reports nobody's words."""
    small = line.casefold()
    for hint, words in _BY_HINT:
        if hint in small and words.search(line):
            return _REPORTED.search(line) is None
    return False
