"""Serving the page: an address of this machine, and nothing else."""

import errno
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from corpus.errors import InputError

GRACE = 5  # seconds that open connections get when the page is stopped


def reserved(host: str, port: int) -> socket.socket:
    """A socket bound there, at a free port where `port` is 0, that doesn't listen yet.

    Raises InputError where the port is in use, or the address is not this machine's.
    """
    if not 0 <= port <= 65_535:
        raise InputError(f"the port is {port}; it lies between 0 and 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        place = socket.socket(family, kind, protocol)
    except OSError as error:
        raise InputError(f"{host!r} is not an address of this machine ({error.strerror})") from None
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        place.bind(address)
    except OSError as error:
        place.close()
        if error.errno == errno.EADDRINUSE:
            raise InputError(
                f"port {port} of {host} is in use; stop what uses it, or name another with --port"
            ) from None
        raise InputError(f"can't serve at {host}, port {port}: {error.strerror}") from None
    return place


def address_of(place: socket.socket) -> str:
    """Where a browser on this machine finds what listens there."""
    host, port = place.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  (shown, not bound)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(app: ASGIApp, place: socket.socket, *, on_stop: Callable[[], None]) -> None:
    """Answers requests until interrupted; then `on_stop` is to end answers that are still streaming."""
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=GRACE)
    _Server(config, on_stop).run(sockets=[place])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_stop = on_stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn.Server."""
        self._on_stop()
        await super().shutdown(sockets)
