"""The form beside the question: filters, whose words, and parts to switch off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from qa.filters import DATES_OF
from qa.page import texts
from qa.parts import NAMES


@dataclass(frozen=True, slots=True)
class Filters:
    """The form's fields; what it holds is read by Chosen.from_form."""

    sources: gr.CheckboxGroup
    since: gr.Textbox
    until: gr.Textbox
    by: gr.Radio
    said_by: gr.Textbox
    on: gr.CheckboxGroup

    @classmethod
    def lay_out(cls, sources: Sequence[str]) -> "Filters":
        """The form, within what is open."""
        ticked = gr.CheckboxGroup(list(sources), label=texts.SOURCES, elem_id="names")
        said_by = gr.Textbox(label=texts.SAID_BY, placeholder=texts.SAID_BY_HINT, max_lines=1)
        with gr.Row():
            since, until = (
                gr.Textbox(label=label, placeholder=texts.DATES_HINT, max_lines=1)
                for label in (texts.SINCE, texts.UNTIL)
            )
        by = gr.Radio([(texts.BY_DATES[each], each) for each in DATES_OF], value=DATES_OF[0], label=texts.BY)
        on = gr.CheckboxGroup(
            [(texts.SWITCHES[each], each) for each in NAMES], value=list(NAMES), label=texts.ON
        )
        return cls(ticked, since, until, by, said_by, on)

    @property
    def form(self) -> tuple[Any, ...]:
        """The fields in the order of Chosen.from_form."""
        return (self.sources, self.since, self.until, self.by, self.said_by, self.on)
