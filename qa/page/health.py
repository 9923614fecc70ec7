"""Whether this process lives, whether it can answer, and what it has counted: for whoever runs it.

/healthz    200 as long as requests are answered at all; looks at nothing
/readyz     200 where a question could be answered now, else 503 and the reason in a line
/metrics    Prometheus' text form; with --auth, for the same name and password (HTTP Basic)
"""

import base64
import binascii
import hmac
import sys
from collections.abc import Callable
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from corpus.errors import (
    ArchiveDamaged,
    ArchiveMissing,
    EncoderMismatch,
    FormatTooNew,
    OnrecordError,
)
from qa.answerer import Answerer
from qa.archive import Archive
from qa.page.desk import Desk
from qa.page.holding import Counted, Holding
from qa.page.look import Look
from qa.settings import commit_token, generation

PATIENCE = 2.0  # seconds until the archive is taken for out of reach
_KIND = "text/plain; version=0.0.4; charset=utf-8"
# Told to anybody, so without paths and addresses: these stand on stderr.
_REASONS: dict[type[Exception], str] = {
    ArchiveMissing: "the archive is gone",
    ArchiveDamaged: "the archive is damaged",
    FormatTooNew: "the archive was written by a newer version",
    EncoderMismatch: "the encoder is not the archive's",
}


class Readiness:
    """Whether questions can be answered; tells the whole reason on stderr whenever it changes."""

    def __init__(self, answerer: Answerer, *, patience: float = PATIENCE) -> None:
        self._look = Look(Check(answerer), patience=patience)
        self._patience = patience
        self._last = ""

    async def reason(self) -> str:
        """Why not, in a few words that name no place; empty where they can."""
        try:
            await self._look.now()
        except TimeoutError:
            late = f"the archive has not answered within {self._patience:g} s"
            return self._told(late, late)
        except (OnrecordError, OSError) as error:
            return self._told(_REASONS.get(type(error), "the archive can't be read"), str(error))
        return self._told("", "")

    def _told(self, reason: str, whole: str) -> str:
        if whole != self._last:
            sys.stderr.write(f"not ready: {whole}\n" if whole else "ready again\n")
            self._last = whole
        return reason


class Check:
    """Whether a question could be answered from the archive that is there now."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._last: tuple[int, str | None] = (-1, None)  # the last generation looked at, and its commit

    def __call__(self) -> None:
        """Opens the archive anew, and loads its present generation and both models where they are not loaded.

        Raises OnrecordError where a question could not be answered, or would be from another archive
        than the one that is there now.
        """
        archive, retriever = self._answerer.archive, self._answerer.retriever
        with Archive.opened(archive.storage, encoder=retriever.encoder) as there:
            with there.reading() as connection:
                at = generation(connection)
                now = (at, commit_token(connection, at))
            if there.identity != archive.identity or (now != self._last and at == self._last[0]):
                raise OnrecordError(
                    f"{archive.name}: another archive was put there; start this process again"
                )
        self._last = now
        _ = retriever.reader
        retriever.snapshot()
        if archive.milvus is not None:
            archive.milvus.check_reached()


def routes(
    desk: Desk, *, waiting: Callable[[], int], auth: tuple[str, str] | None, patience: float = PATIENCE
) -> list[BaseRoute]:
    """The three; `waiting` tells how many calls wait their turn, `auth` who may read the metrics."""
    readiness = Readiness(desk.answerer, patience=patience)
    held = Look(Counted(desk.archive), patience=patience)

    async def healthz(_request: Request) -> Response:
        return _plain("ok")

    async def readyz(_request: Request) -> Response:
        reason = await readiness.reason()
        return _plain(f"not ready: {reason}", 503) if reason else _plain("ready")

    async def metrics(request: Request) -> Response:
        if auth is not None and not _is_known(request, auth):
            return _plain("name and password, please", 401, {"www-authenticate": 'Basic realm="metrics"'})
        holding: Holding | None = None
        with suppress(OnrecordError, TimeoutError):  # the metrics say so
            holding = await held.now()
        return _plain(desk.meter.text(waiting=waiting(), holding=holding), kind=_KIND)

    return [Route(f"/{each.__name__}", each, include_in_schema=False) for each in (healthz, readyz, metrics)]


def _plain(
    words: str | bytes, status: int = 200, headers: dict[str, str] | None = None, kind: str | None = None
) -> Response:
    body = words + "\n" if isinstance(words, str) else words
    kept = {"cache-control": "no-store", "x-content-type-options": "nosniff", **(headers or {})}
    return PlainTextResponse(body, status, kept, kind)


def _is_known(request: Request, auth: tuple[str, str]) -> bool:
    kind, _, told = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return False
    try:
        given = base64.b64decode(told, validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(given, ":".join(auth).encode())
