"""The tab to ask on: its layout, and what happens when something on it is used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from types import MappingProxyType
from typing import Any

import gradio as gr

from corpus.errors import OnrecordError
from qa.page import panels, texts
from qa.page.asking import asked, checked, restored
from qa.page.chosen import Chosen
from qa.page.desk import Desk
from qa.page.filters import Filters
from qa.page.record import Record, read_records, to_json
from qa.page.scripts import script
from qa.page.source import source
from qa.page.taking import taken

Updates = Mapping[Any, Any]  # component -> what it becomes; the others stay as they are
NOTHING: Updates = MappingProxyType({})
# What the browser sends of a question from the box: see inTurn in scripts/conversation.js.
IN_TURN = """async (question, kept, ...others) =>
    [...(await window.onrecord.inTurn(question)), ...others]"""


@dataclass(frozen=True, slots=True)
class AskTab:
    """The tab's components, and the desk that its questions are put to."""

    desk: Desk
    kept: gr.HTML
    editing: gr.State
    answers: gr.HTML
    note: gr.HTML
    question: gr.Textbox
    filters: Filters
    clear: gr.Button
    panel: gr.HTML
    outbox: gr.HTML
    turns: Iterator[int]

    @classmethod
    def lay_out(cls, desk: Desk) -> "AskTab":
        """The tab, within the blocks that are open."""
        html = partial(gr.HTML, apply_default_css=False)
        kept = html([], elem_id="history", html_template="", js_on_load=script("history"))
        editing = gr.State(None)
        with gr.Row(elem_id="room"):
            with gr.Column(elem_id="desk"):
                answers = html(
                    panels.conversation((), start=""),
                    elem_id="answers",
                    js_on_load=script("conversation"),
                )
                with gr.Column(elem_id="asking"):
                    note = html(panels.note(""), elem_id="note", js_on_load=None)
                    question = gr.Textbox(
                        label=texts.QUESTION, lines=1, max_lines=4, submit_btn=texts.ASK, autofocus=True
                    )
                    with gr.Row(elem_id="beneath"):
                        with gr.Accordion(texts.FILTERS, open=False, elem_id="filters"):
                            filters = Filters.lay_out(desk.sources())
                        clear = gr.Button(texts.CLEAR, size="sm", elem_id="clear")
            panel = html(panels.panel(), elem_id="sources", js_on_load=script("panel"))
        outbox = html(
            {}, elem_id="outbox", html_template="", js_on_load=script("outbox"), copied=texts.COPIED
        )
        return cls(
            desk,
            kept,
            editing,
            answers,
            note,
            question,
            filters,
            clear,
            panel,
            outbox,
            count(1),
        )

    def wire(self) -> None:
        """Listens to what is used."""
        how: partial[dict[str, Any]] = partial(dict, show_progress="hidden", api_visibility="private")
        filters = list(self.filters.form)
        changed = [
            self.kept,
            self.editing,
            self.answers,
            self.note,
            self.question,
            self.filters.sources,
            self.panel,
        ]
        ask = how(outputs=changed)
        asking = [
            self.question.submit(
                self.asked,
                [self.question, self.kept, self.editing, *filters],
                **ask,
                trigger_mode="multiple",
                js=IN_TURN,
            ),
            self.answers.put_question(self.put, [self.kept, *filters], **ask),
            self.answers.ask_again(self.again, [self.kept], **ask),
            self.answers.change_asked(self.change, [self.kept], **ask),
        ]
        self.answers.edit_question(self.edit, [self.kept], **ask)
        opens = how(outputs=[self.kept, self.answers, self.note, self.panel])
        self.answers.open_quote(self.opened, [self.kept], **opens)
        self.panel.open_quote(self.opened, [self.kept], **opens)
        takes = how(outputs=[self.kept, self.answers, self.note, self.outbox])
        self.answers.take_answer(self.taken, [self.kept], **takes)
        self.clear.click(self.cleared, [], **ask, cancels=asking)
        self.kept.restore_history(self.loaded, [], **ask)

    def asked(
        self, question: str | None, kept: object, editing: int | None, *form: object
    ) -> Iterator[Updates]:
        """Puts the question in the box; one that is edited keeps its filters where the form sets none.

        The box is free for the next question at once, and has this one again if it can't be put.
        """
        if question is None:
            yield {self.note: gr.skip()}
            return
        records, chosen = read_records(kept), Chosen.from_form(*form)
        old = next((record for record in records if record.number == editing), None)
        if old is not None and not chosen.filters:
            chosen = old.chosen
        meanwhile: Updates = {self.question: "", self.editing: None}
        otherwise: Updates = {self.question: question, self.editing: editing}
        yield from self._put(question, records, chosen, editing, meanwhile=meanwhile, otherwise=otherwise)

    def put(self, kept: object, *form: object, event: gr.EventData) -> Iterator[Updates]:
        """Puts a question that the page offered."""
        question = str(getattr(event, "question", ""))
        yield from self._put(question, read_records(kept), Chosen.from_form(*form), None)

    def again(self, kept: object, event: gr.EventData) -> Iterator[Updates]:
        """Puts an earlier question once more, within the same filters; the answer takes its place."""
        records = read_records(kept)
        record = _named(records, event)
        if record is None:
            yield {self.note: panels.note(texts.NOT_NOW)}
        else:
            yield from self._put(record.question, records, record.chosen, record.number, record.dropped)

    def change(self, kept: object, event: gr.EventData) -> Iterator[Updates]:
        """Puts an earlier question once more without something it was asked with, or with it again."""
        records = read_records(kept)
        record = _named(records, event)
        what, value = getattr(event, "what", None), getattr(event, "value", None)
        if record is None or not isinstance(what, str) or not isinstance(value, str):
            yield {self.note: panels.note(texts.NOT_NOW)}
            return
        dropped = record.dropped
        if what == "piece":
            dropped = tuple(each for each in dropped if each != value)
            dropped = dropped if value in record.dropped else (*dropped, value)
        chosen = record.chosen.changed(what, value)
        yield from self._put(record.question, records, chosen, record.number, dropped)

    def loaded(self, request: gr.Request, event: gr.EventData) -> Iterator[Updates]:
        """Shows what the browser kept, and puts the question in the address: once, in the place it had."""
        records = read_records(getattr(event, "records", None))
        question = str(request.query_params.get("q", "")).strip()
        chosen = Chosen.from_query(request.query_params)
        same = next((each for each in records if (each.question, each.chosen) == (question, chosen)), None)
        kept: Updates = {self.kept: to_json(records), self.filters.sources: self._choices()}
        if question and (same is None or same is not records[-1]):
            number = same.number if same else None
            yield from self._put(question, records, chosen, number, alone=True, meanwhile=kept)
        else:
            yield {**kept, self.answers: self._conversation(records)}

    def refreshed(self, kept: object) -> Updates:
        """Shows what the archive has to offer now."""
        return {self.answers: self._conversation(read_records(kept)), self.filters.sources: self._choices()}

    def edit(self, kept: object, event: gr.EventData) -> Updates:
        """Takes an earlier question back into the box."""
        record = _named(read_records(kept), event)
        if record is None:
            return {self.note: panels.note("")}
        return {
            self.question: gr.Textbox(record.question, autofocus=True),
            self.editing: record.number,
            self.note: panels.note(texts.EDITING),
        }

    def cleared(self) -> Updates:
        """Forgets every question, here and in the browser."""
        return {
            self.kept: [],
            self.editing: None,
            self.answers: self._conversation(()),
            self.note: panels.note(texts.CLEARED),
            self.panel: self._panel(),
        }

    def opened(self, kept: object, event: gr.EventData) -> Updates:
        """Opens the article of a quote, all of the answer's quotes verified first."""
        records = read_records(kept)
        record, number = _named(records, event), getattr(event, "quote", None)
        if record is None or type(number) is not int or not 1 <= number <= len(record.shown):
            return {self.note: panels.note(texts.NOT_NOW)}
        try:
            now = checked(record, self.desk.archive)
            shown = {self.panel: self._panel(source(now, number, self.desk.archive))}
        except OnrecordError as error:
            return {self.note: panels.note(str(error))}
        return {**shown, **self._standing(records, record, now), self.note: panels.note("")}

    def taken(self, kept: object, event: gr.EventData) -> Updates:
        """Hands out an answer, if all of it still stands."""
        records = read_records(kept)
        record = _named(records, event)
        if record is None:
            return {self.note: panels.note(texts.NOT_NOW)}
        try:
            answer = restored(record, self.desk.archive)
            now = checked(record, self.desk.archive)
        except OnrecordError as error:
            return {self.note: panels.note(str(error))}
        if answer is None:
            return {**self._standing(records, record, now), self.note: panels.note(texts.STALE)}
        return {
            self.outbox: taken(answer, record.answer, str(getattr(event, "form", "")), turn=next(self.turns))
        }

    def _put(
        self,
        question: str,
        records: tuple[Record, ...],
        chosen: Chosen,
        editing: int | None,
        dropped: tuple[str, ...] = (),
        *,
        alone: bool = False,
        meanwhile: Updates = NOTHING,
        otherwise: Updates = NOTHING,
    ) -> Iterator[Updates]:
        """`meanwhile` comes with the sign that an answer is on its way, `otherwise` where there is none."""
        yield {
            **meanwhile,
            self.answers: self._conversation(records, asked=question.strip() or None, instead_of=editing),
            self.note: panels.note(""),
        }
        with self.desk.meter.question("page") as told:
            result = asked(
                self.desk.answerer,
                question,
                records,
                chosen=chosen,
                instead_of=editing,
                dropped=dropped,
                alone=alone,
            )
            told(result.said)
        new = next((each for each in result.records if each not in records), None)
        first = source(new, 1, self.desk.archive) if new is not None and new.quotes else ""
        yield {
            self.kept: to_json(result.records),
            self.answers: self._conversation(result.records, newest=new),
            self.note: panels.note(result.problem),
            self.filters.sources: self._choices(),
            **(otherwise if result.problem else {self.panel: self._panel(first)}),
        }

    def _standing(self, records: tuple[Record, ...], old: Record, new: Record) -> Updates:
        if new == old:
            return {}
        after = tuple(new if record is old else record for record in records)
        return {self.kept: to_json(after), self.answers: self._conversation(after)}

    def _conversation(
        self,
        records: tuple[Record, ...],
        asked: str | None = None,
        instead_of: int | None = None,
        newest: Record | None = None,
    ) -> str:
        start = "" if records or asked else self.desk.start()
        return panels.conversation(records, start=start, asked=asked, instead_of=instead_of, newest=newest)

    def _panel(self, shown: str = "") -> str:
        return panels.panel(shown, turn=next(self.turns))

    def _choices(self) -> gr.CheckboxGroup:
        return gr.CheckboxGroup(choices=self.desk.sources())


def _named(records: tuple[Record, ...], event: gr.EventData) -> Record | None:
    """The record that an event on the page is about; None where it was forgotten meanwhile."""
    number = getattr(event, "exchange", None)
    return next((record for record in records if record.number == number), None)
