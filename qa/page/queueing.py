"""Calls that Gradio's queue turned away, told to whoever counts them."""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_QUEUED = ("/gradio_api/queue/join", "/gradio_api/call/")
_BUSY = 503


class TurnedAway:
    """ASGI middleware: `tell` is called for each call that was answered 503, too many waiting."""

    def __init__(self, app: ASGIApp, *, tell: Callable[[], None]) -> None:
        self.app = app
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http" or not scope["path"].startswith(_QUEUED):
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == _BUSY:
                self._tell()
            await send(message)

        await self.app(scope, receive, sent)
