"""The page: a question and its answer in quotes on the left, on the right each quote in its article.

python app.py [--archive DIR] [--host 127.0.0.1] [--port 7860] [--open]
"""

import argparse
import os
import sys
import webbrowser
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Mount

from corpus.errors import OnrecordError
from qa import Answerer, Retriever
from qa.page import panels, texts
from qa.page.asking import asked
from qa.page.exchange import Exchange
from qa.page.offline import Offline
from qa.page.scripts import FOLLOW_NUMBER
from qa.page.serving import address_of, reserved, serve
from qa.sample import open_archive, sample_ids

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
            examples = texts.EXAMPLES if sample_ids(archive) else ()
            app, end_streams = web_app(page(answerer, examples=examples))
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


def page(answerer: Answerer, *, examples: Sequence[str] = ()) -> "gr.Blocks":
    """The layout, and what happens when a question is put."""
    import gradio as gr  # noqa: PLC0415  (it reads the environment that main sets)

    def answered(question: str, exchanges: tuple[Exchange, ...]) -> tuple[object, ...]:
        exchanges, problem = asked(answerer, question, exchanges)
        return (
            exchanges,
            question if problem else "",
            panels.note(problem),
            panels.latest(exchanges),
            panels.sources(exchanges),
            panels.earlier(exchanges),
        )

    html = partial(gr.HTML, apply_default_css=False, js_on_load=FOLLOW_NUMBER)
    blocks = gr.Blocks(title=texts.TITLE, analytics_enabled=False, fill_width=True)
    with blocks:
        exchanges = gr.State(())
        html(panels.HEADER, elem_id="header")
        with gr.Row(elem_id="room"):
            with gr.Column(elem_id="desk"):
                question = gr.Textbox(
                    label=texts.QUESTION, lines=1, max_lines=4, submit_btn=texts.ASK, autofocus=True
                )
                note = html(panels.note(""))
                with gr.Row(elem_id="examples", visible=bool(examples)):
                    buttons = [gr.Button(example, size="sm") for example in examples]
            latest = html(panels.latest(()), elem_id="latest")
            sources = html(panels.sources(()), elem_id="sources")
            earlier = html(panels.earlier(()), elem_id="earlier")
        how: dict[str, Any] = {
            "fn": answered,
            "outputs": [exchanges, question, note, latest, sources, earlier],
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_limit": 4,
        }
        question.submit(inputs=[question, exchanges], **how)
        for button in buttons:
            button.click(inputs=[button, exchanges], **how)
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
        css_paths=STYLES,
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
