"""How the page is to be run: its arguments, checked."""

import argparse
import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from corpus.errors import InputError

_HERE = "127.0.0.1"
_ANYWHERE = "0.0.0.0"  # noqa: S104  (a Hugging Face Space is reached from outside)


@dataclass(frozen=True, slots=True)
class Options:
    """Where to serve which archive, and to whom. `auth` is a name and a password."""

    archive: str | None
    host: str
    port: int
    auth: tuple[str, str] | None
    read_only: bool
    mcp: bool
    open: bool

    @property
    def local(self) -> bool:
        """Whether only this machine can reach the page."""
        return is_loopback(self.host)


def parsed(arguments: Sequence[str] | None) -> Options:
    """The options; raises InputError where the password's file can't be used."""
    given = parser().parse_args(arguments)
    if given.mcp and find_spec("mcp") is None:
        raise InputError("--mcp needs the package mcp; install what requirements.txt names")
    read_only = not is_loopback(given.host) if given.read_only is None else given.read_only
    return Options(
        archive=given.archive,
        host=given.host,
        port=given.port,
        auth=_credentials(given.auth) if given.auth else None,
        read_only=read_only,
        mcp=given.mcp,
        open=given.open,
    )


def parser() -> argparse.ArgumentParser:
    """The parser of `python app.py`."""
    host = _ANYWHERE if os.environ.get("SPACE_ID") else _HERE
    made = argparse.ArgumentParser(prog="python app.py", description="A page to ask an archive on.")
    made.add_argument(
        "--archive",
        metavar="DIR",
        help="its folder, or postgresql://… (default: $QA_ARCHIVE, else var/archive, built from the sample)",
    )
    made.add_argument("--host", default=host, help="address to serve at (default: %(default)s)")
    made.add_argument(
        "--port", type=int, default=7860, metavar="N", help="0 takes a free one (default: %(default)s)"
    )
    made.add_argument(
        "--auth", metavar="USER:FILE", help="ask visitors for this name and the password in this file"
    )
    made.add_argument(
        "--read-only",
        action=argparse.BooleanOptionalAction,
        help="no adding, removing or measuring (default: unless only this machine is served)",
    )
    made.add_argument("--mcp", action="store_true", help="serve ask, search and show to agents too")
    made.add_argument("--open", action="store_true", help="open the page in a browser")
    return made


def is_loopback(host: str) -> bool:
    """Whether an address is one that only its own machine reaches."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _credentials(told: str) -> tuple[str, str]:
    user, _, file = told.partition(":")
    if not user or not file:
        raise InputError(f"--auth is {told!r}; write USER:FILE, the password being the file's first line")
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the password's file {file} can't be read: {error}") from None
    if not lines or not lines[0]:
        raise InputError(f"the password's file {file} has an empty first line")
    return user, lines[0]
