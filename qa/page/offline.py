"""What Gradio serves, kept to this machine: its page names no other host and may reach none.

Gradio 6.31's template carries social-media tags with addresses at githubusercontent.com and
gradio.app; its server hands out files, takes uploads and fetches addresses it is given. The page needs
none of it, but for uploads where it may add to its archive.
"""

import base64
import hashlib
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SOCIAL_TAG = re.compile(rb'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>')
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_API = "/gradio_api/"
# What the page and programs call, of all that Gradio offers there: not its files, proxies, recordings,
# profiles, history or code editor.
_OPEN = ("app_id", "call/", "cancel", "heartbeat/", "info", "login_check", "mcp/", "queue/", "reset", "token")
_UPLOAD = ("upload", "upload_progress")


class Offline:
    """ASGI middleware between Gradio's app and its compression, so that it sees HTML as it is."""

    def __init__(self, app: ASGIApp, *, uploads: bool) -> None:
        self.app = app
        self.opened = (*_OPEN, *_UPLOAD) if uploads else _OPEN

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif not self._is_open(scope["path"]):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.app(scope, receive, _Rewriting(send))

    def _is_open(self, path: str) -> bool:
        name = path.removeprefix(_API)
        return name == path or any(
            name.startswith(each) if each.endswith("/") else name.rstrip("/") == each for each in self.opened
        )


class _Rewriting:
    """Sends on what it is sent; an HTML page only when whole, rewritten and with its policy."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._page = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._page += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self._start, message)

    async def _send_page(self, start: Message, end: Message) -> None:
        page = without_social_tags(self._page)
        kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        added = [
            (b"content-length", str(len(page)).encode()),
            (b"content-security-policy", policy(page).encode()),
            (b"referrer-policy", b"no-referrer"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await self._send({**start, "headers": kept + added})
        await self._send({**end, "body": page})


def without_social_tags(page: bytes) -> bytes:
    """The page without the tags that only other sites' previews read."""
    return _SOCIAL_TAG.sub(b"", page)


def policy(page: bytes) -> str:
    """The content security policy of a page: its own origin, and the scripts written in it.

    Gradio compiles templates in the browser, hence 'unsafe-eval'; no handler in an attribute runs.
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(page)
    )
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'unsafe-eval' {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def _is_html(start: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in start["headers"]
    )
