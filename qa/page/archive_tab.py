"""The tab that shows what the archive holds, and where the page may change it, adds and removes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from corpus.errors import OnrecordError
from corpus.kinds import KINDS
from embeddings.encoder import Progress
from qa.adding import AddReport
from qa.page import holdings, panels, texts
from qa.page.ask_tab import AskTab, Updates
from qa.page.desk import Desk
from qa.page.scripts import script
from qa.page.uploads import add_uploads, remove
from qa.page.working import begun, ticks
from qa.sample import DEFAULT, sample_ids


@dataclass(frozen=True, slots=True)
class ArchiveTab:
    """The tab's components; `upload` is None where the page may not change the archive."""

    desk: Desk
    tab: gr.Tab
    overview: gr.HTML
    search: gr.Textbox
    table: gr.HTML
    article: gr.HTML
    upload: gr.File | None
    report: gr.HTML

    @classmethod
    def lay_out(cls, desk: Desk, tab: gr.Tab) -> "ArchiveTab":
        """The tab's content, within it."""
        html = partial(gr.HTML, apply_default_css=False)
        upload = None
        with gr.Row(elem_id="shelves"):
            with gr.Column(elem_id="holdings"):
                overview = html("", elem_id="overview", js_on_load=None)
                if desk.read_only:
                    report = html(f'<p class="hint">{texts.READ_ONLY}</p>', elem_id="report", js_on_load=None)
                else:
                    upload = gr.File(
                        label=texts.UPLOAD,
                        file_count="multiple",
                        file_types=list(KINDS),
                        height=110,
                        elem_id="upload",
                        elem_classes="upload",
                    )
                    # Gradio would put an example at github.com into the page.
                    upload.example_payload = upload.example_value = list  # type: ignore[method-assign]
                    report = html("", elem_id="report", js_on_load=None)
                search = gr.Textbox(label=texts.SEARCH, max_lines=1, elem_id="search")
                table = html("", elem_id="table", js_on_load=script("archive"))
            article = html(
                f'<p class="hint">{texts.CHOOSE_ARTICLE}</p>', elem_id="article", js_on_load=script("archive")
            )
        return cls(desk, tab, overview, search, table, article, upload, report)

    def wire(self, ask: AskTab) -> None:
        """Listens to what is used; `ask` is told of new sources."""
        how: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        lists = [self.overview, self.table]
        self.tab.select(self.listed, [self.search], lists, **how)
        self.search.change(self.found, [self.search], [self.table], trigger_mode="always_last", **how)
        self.table.show_article(self.shown, [], [self.article], **how)
        if self.upload is not None:
            added = self.upload.upload(
                self.added, [self.upload, self.search], [self.upload, self.report, *lists], **how
            )
            removed = self.article.remove_article(
                self.removed, [self.search], [self.report, self.article, *lists], **how
            )
            for change in (added, removed):
                change.then(ask.refreshed, [ask.kept], [ask.answers, ask.filters.sources], **how)

    def listed(self, words: str | None) -> Updates:
        """What the archive holds now."""
        articles = self.desk.archive.articles()
        return {self.overview: holdings.overview(articles), self.table: holdings.table(articles, words)}

    def found(self, words: str | None) -> str:
        """The articles that match."""
        return holdings.table(self.desk.archive.articles(), words)

    def shown(self, event: gr.EventData) -> str:
        """One article."""
        try:
            return holdings.article(
                self.desk.archive, str(getattr(event, "id", "")), read_only=self.desk.read_only
            )
        except OnrecordError as error:
            return panels.note(str(error))

    def added(self, files: list[str] | None, words: str | None) -> Iterator[Updates]:
        """Adds uploaded files, telling how far it is and then what became of each."""
        if self.desk.read_only or self.upload is None:
            return
        encoded: list[int] = []
        yield {self.report: holdings.progress(0), self.upload: gr.File(interactive=False)}
        job = begun(partial(self._add, [Path(file) for file in files or []], encoded.append))
        for _ in ticks(job):
            yield {self.report: holdings.progress(sum(encoded))}
        try:
            told = holdings.report(*job.result())
        except OnrecordError as error:
            told = panels.note(str(error))
        yield {self.report: told, self.upload: gr.File(None, interactive=True), **self.listed(words)}

    def removed(self, words: str | None, event: gr.EventData) -> Updates:
        """Removes an article."""
        if self.desk.read_only:
            return {self.report: panels.note(texts.READ_ONLY)}
        try:
            remove(self.desk.archive, str(getattr(event, "id", "")))
        except OnrecordError as error:
            return {self.report: panels.note(str(error))}
        gone = f'<p class="hint">{texts.CHOOSE_ARTICLE}</p>'
        return {self.report: panels.note(texts.REMOVED_NOW), self.article: gone, **self.listed(words)}

    def _add(self, files: list[Path], progress: Progress) -> tuple[AddReport, int]:
        archive = self.desk.archive
        try:
            report = add_uploads(archive, files, progress)
        finally:
            for file in files:  # Gradio's copy; the archive has its own
                file.unlink(missing_ok=True)
        briefs = sample_ids(archive) if archive.path == DEFAULT and report.added else []
        if briefs:
            archive.remove(briefs)
        return report, len(briefs)
