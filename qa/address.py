"""Where an archive is: a folder, or an address that names where its truth is and what searches it.

    var/archive                                   a folder; searched by the indexes in it
    file:var/archive?search=var/passages.db       a folder; searched by milvus-lite, in that file
    postgresql://host/name                        PostgreSQL; searched by indexes in a folder of this machine
    postgresql:///name                            the same, on this machine, by its Unix socket
    postgresql://host/name?search=http://milvus:19530     PostgreSQL; searched by Milvus

Passwords and tokens come from the environment, never from an address.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from corpus.errors import InputError

_SCHEMES = ("postgresql", "postgres")
_SECRET = re.compile(r"//[^/?#@]*:[^/?#]*@|password\s*=", re.IGNORECASE)
_HOST = re.compile(r"(?:\[[^][]*\]|[^][:]*)(?::([0-9]{0,5}))?")
_LAST_PORT = 65_535
_LEAVE_OUT = (
    "an archive's address holds no password: leave it out, and set PGPASSWORD or use ~/.pgpass; "
    "elsewhere write @ as %40 and # as %23"
)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)  # two letters and more: a drive is no scheme


@dataclass(frozen=True, slots=True)
class Address:
    """`truth` is a folder or a PostgreSQL address; `search` a Milvus address or milvus-lite's file.

    `search` is None where the embedded indexes search. Neither holds a secret.
    """

    truth: Path | str
    search: str | None = None

    def __str__(self) -> str:
        """The address as it could be typed."""
        if self.search is None:
            written = str(self.truth)
            return f"./{written}" if isinstance(self.truth, Path) and _ADDRESS.match(written) else written
        truth = f"file:{self.truth}" if isinstance(self.truth, Path) else self.truth
        return f"{truth}{'&' if '?' in truth else '?'}{urlencode({'search': self.search}, safe=':/')}"

    @classmethod
    def parse(cls, typed: "str | Path | Address") -> "Address":
        """The address that was typed; whatever has no scheme is a folder.

        Raises InputError, without repeating a secret, for an unknown scheme or a password.
        """
        if isinstance(typed, Address):
            return typed
        if isinstance(typed, Path):
            return cls(typed)
        if _SECRET.search(typed) or _SECRET.search(unquote(typed)):
            raise InputError(_LEAVE_OUT)
        if not _ADDRESS.match(typed):
            return cls(Path(typed))
        parts = _split(typed, "an archive's address")
        scheme = parts.scheme.lower()
        if scheme != "file" and scheme not in _SCHEMES:
            raise InputError(
                f"an archive is a folder, file:… or postgresql://…, not {parts.scheme}:…; "
                "a folder of that name can be given as ./NAME"
            )
        if "#" in typed:
            raise InputError(_LEAVE_OUT)
        if scheme != "file":
            _check_server(typed, parts)
        options = parse_qsl(parts.query, keep_blank_values=True)
        if any("password" in name.lower() for name, _ in options):
            raise InputError(_LEAVE_OUT)
        searches = [value for name, value in options if name == "search"]
        if len(searches) > 1 or "" in searches:
            raise InputError("an archive's address names one `search`, or none")
        search = _checked_search(searches[0]) if searches else None
        others = [(name, value) for name, value in options if name != "search"]
        if scheme == "file":
            if others:
                raise InputError(f"{others[0][0]!r} is no option of a folder's address; `search` is the one")
            return cls(Path(unquote(parts.netloc + parts.path)), search)
        return cls(postgresql(parts, others), search)


def postgresql(parts: SplitResult, options: Sequence[tuple[str, str]]) -> str:
    """An address with other options, as libpq reads it: slashes before no host, too, no + for a space."""
    query = urlencode(options, safe="/", quote_via=quote)
    return f"postgresql://{parts.netloc}{parts.path}{'?' if query else ''}{query}"


def _split(typed: str, what: str) -> SplitResult:
    """Its parts; what can't be read is not repeated, as it may be part of a password."""
    try:
        return urlsplit(typed)
    except ValueError:
        raise InputError(f"{what} that can't be read; see README") from None


def _check_server(typed: str, parts: SplitResult) -> None:
    """What is amiss may be a password with a sign that ends the host, so nothing is repeated."""
    user, _, hosts = parts.netloc.rpartition("@")
    if ":" in user or "@" in parts.path + parts.query:
        raise InputError(_LEAVE_OUT)
    if not typed.partition(":")[2].startswith("//"):
        raise InputError("an archive in PostgreSQL is named by postgresql://HOST/DATABASE; see README")
    for host in hosts.split(","):
        found = _HOST.fullmatch(host)
        if found is None or int(found[1] or 0) > _LAST_PORT:
            raise InputError(
                "an archive's address names HOST or HOST:PORT, with a number for PORT; see README"
            )


def _checked_search(search: str) -> str:
    is_server = _split(search, "a search address").scheme in ("http", "https", "tcp")
    is_file = not is_server and search.endswith(".db")
    if not is_file and ("@" in search or "#" in search):
        raise InputError("a search address holds no password or token: set MILVUS_TOKEN in its place")
    if not is_server and not is_file:
        raise InputError(
            f"{search!r} names no Milvus: give its address (http://HOST:19530), "
            "or milvus-lite's file, NAME.db"
        )
    return search
