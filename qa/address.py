"""Where an archive is: a folder, or an address that names where its truth is and what searches it.

    var/archive                                   a folder; searched by the indexes in it
    file:var/archive?search=var/passages.db       a folder; searched by milvus-lite, in that file
    postgresql://host/name                        PostgreSQL; searched by indexes in a folder of this machine
    postgresql://host/name?search=http://milvus:19530     PostgreSQL; searched by Milvus

Passwords and tokens come from the environment, never from an address.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from corpus.errors import InputError

_SCHEMES = ("postgresql", "postgres")
_SECRET = re.compile(r"//[^/?#@]*:[^/?#]*@|password\s*=", re.IGNORECASE)
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
        if _SECRET.search(typed):
            raise InputError(
                "an archive's address holds no password: leave it out, and set PGPASSWORD or use ~/.pgpass"
            )
        if not _ADDRESS.match(typed):
            return cls(Path(typed))
        try:
            parts = urlsplit(typed)
            parts.port  # noqa: B018  (read to be checked)
        except ValueError as error:
            raise InputError(f"an address that can't be read ({error}); see README") from None
        options = parse_qsl(parts.query, keep_blank_values=True)
        searches = [value for name, value in options if name == "search"]
        if len(searches) > 1 or "" in searches:
            raise InputError("an archive's address names one `search`, or none")
        search = _checked_search(searches[0]) if searches else None
        others = [(name, value) for name, value in options if name != "search"]
        if parts.scheme.lower() == "file":
            if others:
                raise InputError(f"{others[0][0]!r} is no option of a folder's address; `search` is the one")
            return cls(Path(unquote(parts.netloc + parts.path)), search)
        if parts.scheme.lower() not in _SCHEMES:
            raise InputError(
                f"an archive is a folder, file:… or postgresql://…, not {parts.scheme}:…; "
                "a folder of that name can be given as ./NAME"
            )
        truth = urlunsplit(("postgresql", parts.netloc, parts.path, urlencode(others), ""))
        return cls(truth, search)


def _checked_search(search: str) -> str:
    parts = urlsplit(search)
    if parts.scheme in ("http", "https", "tcp"):
        if parts.password is not None or parts.username is not None:
            raise InputError("a search address holds no password or token: set MILVUS_TOKEN in its place")
        return search
    if not search.endswith(".db"):
        raise InputError(
            f"{search!r} names no Milvus: give its address (http://HOST:19530), "
            "or milvus-lite's file, NAME.db"
        )
    return search
