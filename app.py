"""The page: questions and their answers in quotes, each quote in its article, and the archive itself.

python app.py [--archive DIR] [--host] [--port] [--auth USER:FILE] [--read-only] [--mcp] [--open]
"""

import os
import sys
import webbrowser
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Mount

from corpus.errors import OnrecordError
from qa import Answerer, Retriever
from qa.page import panels, texts
from qa.page.agents import speak_json
from qa.page.desk import Desk
from qa.page.health import routes
from qa.page.neighbours import Neighbours
from qa.page.offline import Offline
from qa.page.options import Options, parsed
from qa.page.queueing import Answered, TurnedAway, forget
from qa.page.serving import address_of, reserved, serve
from qa.page.uploads import MOST_BYTES
from qa.page.working import begun, without_collecting
from qa.sample import open_archive

if TYPE_CHECKING:
    import gradio as gr

AT_ONCE = 4  # questions that are answered at the same time
FORGOTTEN = 3_600  # seconds until an upload that was never added is deleted
SESSIONS = 1_000  # visitors whose place on the page is kept, some 100 kB each
WAITING = 40  # that may wait their turn; more are told that the page is busy


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves the page until interrupted; returns 2, saying why on stderr, where it can't."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    # Else Gradio makes a table of its last 10,000 calls at each, which nothing here shows.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(sys.maxsize))
    try:
        options = parsed(arguments)
        with reserved(options.host, options.port) as place, open_archive(options.archive) as archive:
            with without_collecting():
                answerer = Answerer(Retriever(archive))
                imported = begun(
                    lambda: import_module("gradio")
                )  # two seconds: the models are loaded meanwhile
                answerer.ask("warm up")
                imported.result()
                desk = Desk(answerer, read_only=options.read_only)
                answerer.retriever.watch = desk.meter.watch  # from here on: loading is no stage of a question
                app, end_streams = web_app(desk, options)
            place.listen()
            sys.stdout.write(f"{texts.TITLE}: {address_of(place)}\n")
            sys.stdout.flush()
            if options.open:
                webbrowser.open(address_of(place))
            serve(app, place, on_stop=end_streams)
    except OnrecordError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"error: {error.filename or 'the system'}: {error.strerror or error}\n")
        return 2
    except KeyboardInterrupt:
        pass
    return 0


def page(desk: Desk) -> "gr.Blocks":
    """The layout, and what happens when something on it is used."""
    import gradio as gr  # noqa: PLC0415  (it reads the environment that main sets)

    from qa.page import programs  # noqa: PLC0415  (imports gradio, as the tabs do)
    from qa.page.archive_tab import ArchiveTab  # noqa: PLC0415
    from qa.page.ask_tab import AskTab  # noqa: PLC0415
    from qa.page.evaluate_tab import EvaluateTab  # noqa: PLC0415

    blocks = gr.Blocks(
        title=texts.TITLE,
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(FORGOTTEN, FORGOTTEN),
    )
    with blocks:
        gr.HTML(panels.HEADER, elem_id="header", apply_default_css=False, js_on_load=None)
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(texts.ASK_TAB):
                ask = AskTab.lay_out(desk)
            with gr.Tab(texts.ARCHIVE_TAB) as tab:
                archive = ArchiveTab.lay_out(desk, tab)
            if not desk.read_only:
                with gr.Tab(texts.EVALUATE_TAB):
                    EvaluateTab.lay_out(desk, ask).wire()
        ask.wire()
        archive.wire(ask)
        programs.offer(desk)
    blocks.queue(max_size=WAITING, default_concurrency_limit=AT_ONCE)
    blocks.state_session_capacity = SESSIONS
    return blocks


def web_app(desk: Desk, options: Options) -> tuple[FastAPI, Callable[[], None]]:
    """The page as an ASGI application that keeps to this machine, and what ends its open streams."""
    import gradio as gr  # noqa: PLC0415

    from qa.page.theme import ICON, STYLES, theme  # noqa: PLC0415  (imports gradio)

    blocks = page(desk)
    told = routes(desk, waiting=lambda: len(blocks._queue), auth=options.auth)  # noqa: SLF001  (none public)
    around = [Middleware(Neighbours)] if options.local else []
    app = gr.mount_gradio_app(
        FastAPI(docs_url=None, redoc_url=None, openapi_url=None, routes=told, middleware=around),
        blocks,
        path="/",
        app_kwargs={
            "middleware": [
                Middleware(TurnedAway, tell=desk.meter.turned_away),
                Middleware(Answered, tell=lambda call: forget(blocks, call)),
                Middleware(Offline, uploads=not desk.read_only),
            ],
            "openapi_url": None,
        },
        auth=options.auth,
        theme=theme(),
        head=STYLES,
        favicon_path=str(ICON),
        footer_links=[],
        run_history=False,
        show_error=False,
        allowed_paths=[],
        max_file_size=MOST_BYTES,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=options.mcp,
        pwa=False,
    )
    speak_json(blocks)
    (gradio_app,) = (
        route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, gr.routes.App)
    )
    return app, gradio_app.stop_event.set


if __name__ == "__main__":
    sys.exit(main())
