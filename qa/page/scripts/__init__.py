"""The page's scripts, each the `js_on_load` of one gr.HTML."""

from pathlib import Path

_HERE = Path(__file__).parent


def script(name: str) -> str:
    """The script `NAME.js`."""
    return (_HERE / f"{name}.js").read_text(encoding="utf-8")
