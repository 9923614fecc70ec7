"""What the page knows of its archive: whom to ask, its sources, and questions to begin with."""

from dataclasses import dataclass, field

from qa import rows
from qa.answerer import Answerer
from qa.archive import Archive
from qa.page import panels
from qa.page.examples import examples
from qa.page.metrics import Meter


@dataclass(frozen=True, slots=True)
class Desk:
    """An answerer, whether the page may change its archive, and what counts the page's questions."""

    answerer: Answerer
    read_only: bool = True
    meter: Meter = field(default_factory=Meter)

    @property
    def archive(self) -> Archive:
        """The archive that is asked."""
        return self.answerer.archive

    def sources(self) -> list[str]:
        """The sources to choose from, as written."""
        with self.archive.reading() as connection:
            return rows.sources(connection)

    def start(self) -> str:
        """What is shown before the first question."""
        if not len(self.archive):
            return panels.empty(self.archive.name, read_only=self.read_only)
        return panels.start(examples(self.answerer))
