"""Who may call a page that is served to this machine: its own address, and no other site's script.

A site that a visitor has open elsewhere could send requests to 127.0.0.1, or give its own name that
address (DNS rebinding). Both show in the headers that the browser sets.
"""

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from qa.page.options import is_loopback


class Neighbours:
    """ASGI middleware: 403 where the host, or the origin if one is named, is not this machine."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] == "http" and not all(map(_is_here, _named(scope))):
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b"served to this machine only"})
        else:
            await self.app(scope, receive, send)


def _named(scope: Scope) -> list[str]:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    hosts = [f"http://{value.decode('latin-1')}" for name, value in headers if name == b"host"]
    return hosts + [value.decode("latin-1") for name, value in headers if name == b"origin"]


def _is_here(address: str) -> bool:
    try:
        return is_loopback(urlsplit(address).hostname or "")
    except ValueError:
        return False
