"""What agents get over MCP: JSON. Gradio 6.31 would give them Python's way of writing a dict."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qa.as_json import as_json

if TYPE_CHECKING:
    import gradio as gr


def speak_json(blocks: "gr.Blocks") -> None:
    """Makes the MCP server of mounted blocks, where there is one, write each result as JSON.

    It also keeps Gradio from looking for files and images in what is an article's text.
    """
    server = blocks.mcp_server_obj
    if server is None:
        return

    def written(data: Sequence[Any], root_url: str) -> list[Any]:  # noqa: ARG001  (Gradio's signature)
        return [server.types.TextContent(type="text", text=as_json(each)) for each in data]

    server.postprocess_output_data = written  # type: ignore[method-assign]
