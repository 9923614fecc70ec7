"""Calls of Gradio's queue: those it turned away, told to whoever counts them, and those it answered."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from gradio import Blocks

_QUEUED = ("/gradio_api/queue/join", "/gradio_api/call/")
_ANSWER = re.compile(r"/gradio_api/call/(?:v2/)?[^/]+/([^/]+)")
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


class Answered:
    """ASGI middleware: `tell` is called with the id of each call whose answer a program has fetched."""

    def __init__(self, app: ASGIApp, *, tell: Callable[[str], None]) -> None:
        self.app = app
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        await self.app(scope, receive, send)
        if scope["type"] == "http" and scope["method"] == "GET":
            answer = _ANSWER.fullmatch(scope["path"])
            if answer is not None:
                self._tell(answer[1])


def forget(blocks: "Blocks", call: str) -> None:
    """Lets go of the session that Gradio made for a program's call, and would keep for visitors' sake."""
    blocks.state_holder.session_data.pop(call, None)
    blocks.state_holder.time_last_used.pop(call, None)
