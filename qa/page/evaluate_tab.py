"""The tab that measures the archive's answers on a question set."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import gradio as gr

from corpus.errors import InputError, OnrecordError
from qa.page import holdings, panels, texts
from qa.page.ask_tab import AskTab, Updates
from qa.page.desk import Desk
from qa.page.measuring import Measured, measure, template
from qa.page.question_sets import KINDS, bring, question_sets
from qa.page.working import begun, ticks


@dataclass(frozen=True, slots=True)
class EvaluateTab:
    """The tab's components; `report` holds the last report as a document to save."""

    desk: Desk
    chosen: gr.Dropdown
    upload: gr.File
    start: gr.Button
    starter: gr.Button
    save: gr.Button
    told: gr.HTML
    shown: gr.HTML
    report: gr.State
    outbox: gr.HTML
    turns: Iterator[int]

    @classmethod
    def lay_out(cls, desk: Desk, ask: AskTab) -> "EvaluateTab":
        """The tab's content, within it; files are handed out through the outbox of `ask`."""
        html = partial(gr.HTML, apply_default_css=False, js_on_load=None)
        with gr.Column(elem_id="measuring"):
            html(f'<p class="hint">{texts.MEASURING}</p>')
            with gr.Row(elem_id="sets"):
                known = list(question_sets(desk.archive))
                chosen = gr.Dropdown(known, value=known[0] if known else None, label=texts.SET)
                start = gr.Button(texts.MEASURE, variant="primary", elem_id="measure")
                starter = gr.Button(texts.TEMPLATE, size="sm")
                save = gr.Button(texts.SAVE_REPORT, size="sm", interactive=False)
            upload = gr.File(label=texts.BRING_SET, file_types=list(KINDS), height=110, elem_classes="upload")
            # Gradio would put an example at github.com into the page.
            upload.example_payload = upload.example_value = list  # type: ignore[method-assign]
            told = html("", elem_id="told")
            shown = html("", elem_id="measured")
        report = gr.State("")
        return cls(desk, chosen, upload, start, starter, save, told, shown, report, ask.outbox, count(1))

    def wire(self) -> None:
        """Listens to what is used. One measurement goes on at a time."""
        how: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        self.upload.upload(self.brought, [self.upload], [self.upload, self.chosen, self.told], **how)
        self.start.click(
            self.measured,
            [self.chosen],
            [self.told, self.shown, self.report, self.start, self.save],
            concurrency_limit=1,
            **how,
        )
        self.starter.click(self.handed_template, [], [self.outbox], **how)
        self.save.click(self.handed_report, [self.report], [self.outbox], **how)

    def brought(self, file: str | None) -> Updates:
        """Keeps an uploaded set, and chooses it."""
        if file is None:
            return {self.told: ""}
        try:
            name = bring(self.desk.archive, Path(file))
        except OnrecordError as error:
            return {self.told: panels.note(str(error)), self.upload: None}
        finally:
            Path(file).unlink(missing_ok=True)
        known = list(question_sets(self.desk.archive))
        return {self.chosen: gr.Dropdown(known, value=name), self.upload: None, self.told: ""}

    def measured(self, name: str | None) -> Iterator[Updates]:
        """Measures, telling how far it is and then what came of it."""
        far = [(0, 0)]
        encoded: list[int] = []

        def work() -> Measured:
            if not name:
                raise InputError(texts.NO_SET)
            return measure(self.desk.archive, name, lambda *now: far.append(now), encoded.append)

        yield {self.told: holdings.measuring(0, 0, 0), self.start: gr.Button(interactive=False)}
        job = begun(work)
        for _ in ticks(job):
            yield {self.told: holdings.measuring(*far[-1], sum(encoded))}
        again = {self.start: gr.Button(interactive=True)}
        try:
            found = job.result()
        except OnrecordError as error:
            yield {self.told: panels.note(str(error)), **again}
            return
        yield {
            self.told: "",
            self.shown: found.shown,
            self.report: found.document,
            self.save: gr.Button(interactive=True),
            **again,
        }

    def handed_template(self) -> dict[str, object]:
        """A question set to start from, as a file."""
        return self._file("questions.jsonl", template(), "application/jsonl")

    def handed_report(self, report: str) -> dict[str, object]:
        """The last report, as a file."""
        return self._file("report.html", report, "text/html")

    def _file(self, name: str, text: str, kind: str) -> dict[str, object]:
        return {"turn": f"measured-{next(self.turns)}", "text": text, "name": name, "type": kind}
