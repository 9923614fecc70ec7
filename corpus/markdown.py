"""Markdown files: front matter for the facts, everything after it as the text."""

import re

import yaml

from corpus.article import Facts
from corpus.errors import InputError
from corpus.facts import first_known, read_facts
from corpus.file import File
from corpus.text_file import decoded

MAX_FRONT_MATTER = 20_000  # characters
MAX_TITLE = 300  # characters; a longer heading is a paragraph
_NEW_LINE = r"(?:\r\n|\r|\n)"
_FRONT_MATTER = re.compile(
    rf"---[ \t]*{_NEW_LINE}(.*?)(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:{_NEW_LINE}|\Z)", re.DOTALL
)
_UNCLOSED = re.compile(rf"---[ \t]*{_NEW_LINE}[A-Za-z_]+:(?:\s|\Z)")
_FIRST_HEADING = re.compile(r"\s*#[ \t]+([^\r\n]+)")


def read_markdown(file: File) -> tuple[Facts, str]:
    """The facts in the front matter, and the text after it, line ends kept.

    A level-one heading that opens the text names the title where the front matter doesn't.
    Raises InputError where the front matter is not YAML or not closed, or no text follows it.
    """
    whole = decoded(file)
    facts, text = Facts(), whole
    match = _FRONT_MATTER.match(whole)
    if match:
        facts, text = _facts(match.group(1)), whole[match.end() :]
    elif _UNCLOSED.match(whole):
        raise InputError("the front matter has no closing ---; add the line after the last fact")
    if not text.strip():
        raise InputError("no text follows the front matter; an article needs text")
    return first_known(facts, Facts(title=_title(text))), text


def _title(text: str) -> str | None:
    heading = _FIRST_HEADING.match(text)
    title = heading.group(1).strip().rstrip("#").rstrip() if heading else ""
    return title if 0 < len(title) <= MAX_TITLE else None


def _facts(front_matter: str) -> Facts:
    if len(front_matter) > MAX_FRONT_MATTER:
        raise InputError(
            f"the front matter has {len(front_matter)} characters, "
            f"at most {MAX_FRONT_MATTER} are taken; is its closing --- missing?"
        )
    try:
        # BaseLoader: every scalar stays the text that was written, a date too.
        record = yaml.load(front_matter, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 2} of the file" if mark else "the front matter"
        raise InputError(
            f"the front matter is not YAML, see {where}; quote values that hold a colon"
        ) from None
    if record in (None, ""):
        return Facts()
    if not isinstance(record, dict):
        raise InputError("the front matter is not `name: value` lines")
    return read_facts({name: value or None for name, value in record.items()})
