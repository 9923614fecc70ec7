"""The page: a question and its answer in quotes on the left, on the right each quote in its article.

python app.py [--archive DIR] [--host 127.0.0.1] [--port 7860] [--open]
"""

import argparse
import os
import sys
import webbrowser
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Mount

from corpus.errors import OnrecordError
from qa import Answerer, Retriever
from qa.page import panels, texts
from qa.page.desk import Desk
from qa.page.offline import Offline
from qa.page.serving import address_of, reserved, serve
from qa.sample import open_archive

if TYPE_CHECKING:
    import gradio as gr


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves the page until interrupted; returns 2, saying why on stderr, where it can't."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    options = _parser().parse_args(arguments)
    try:
        with reserved(options.host, options.port) as place, open_archive(options.archive) as archive:
            answerer = Answerer(Retriever(archive))
            answerer.ask("warm up")
            app, end_streams = web_app(page(Desk(answerer)))
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

    from qa.page.ask_tab import AskTab  # noqa: PLC0415  (imports gradio)

    blocks = gr.Blocks(title=texts.TITLE, analytics_enabled=False, fill_width=True)
    with blocks:
        gr.HTML(panels.HEADER, elem_id="header", apply_default_css=False, js_on_load=None)
        with gr.Tabs(elem_id="tabs"), gr.Tab(texts.ASK_TAB):
            AskTab.lay_out(desk).wire(blocks)
    return blocks


def web_app(blocks: "gr.Blocks") -> tuple[FastAPI, Callable[[], None]]:
    """The page as an ASGI application that keeps to this machine, and what ends its open streams."""
    import gradio as gr  # noqa: PLC0415

    from qa.page.theme import ICON, STYLES, theme  # noqa: PLC0415  (imports gradio)

    app = gr.mount_gradio_app(
        FastAPI(docs_url=None, redoc_url=None, openapi_url=None),
        blocks,
        path="/",
        app_kwargs={"middleware": [Middleware(Offline)], "openapi_url": None},
        theme=theme(),
        head=STYLES,
        favicon_path=str(ICON),
        footer_links=[],
        run_history=False,
        show_error=False,
        allowed_paths=[],
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
    )
    (gradio_app,) = (
        route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, gr.routes.App)
    )
    return app, gradio_app.stop_event.set


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python app.py", description="A page to ask an archive on.")
    parser.add_argument(
        "--archive",
        metavar="DIR",
        help="its folder (default: $QA_ARCHIVE, else var/archive, built from the sample if missing)",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to serve at (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=7860, metavar="N", help="0 takes a free one (default: %(default)s)"
    )
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    return parser


if __name__ == "__main__":
    sys.exit(main())
