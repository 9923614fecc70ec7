"""A reader that remembers its last readings, for who ranks and answers the same question."""

from collections import OrderedDict
from collections.abc import Sequence

from qa.hit import Hit
from qa.reader.reading import PassageReading, Reader

_MOST = 256  # readings kept


class RememberingReader:
    """Another reader's readings, the latest kept. For one thread."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._readings: OrderedDict[tuple[str, str, str | None, int, int], PassageReading | None] = (
            OrderedDict()
        )
        self.name = reader.name
        self.weights_sha256 = reader.weights_sha256
        self.calibration = reader.calibration

    def read(self, question: str, hits: Sequence[Hit]) -> list[PassageReading | None]:
        """See Reader."""
        keys = [
            (question, hit.article.sha256, hit.article.title, hit.passage.start, hit.passage.end)
            for hit in hits
        ]
        found = {key: self._readings[key] for key in keys if key in self._readings}
        new = {key: hit for key, hit in zip(keys, hits, strict=True) if key not in found}
        found |= zip(new, self.reader.read(question, list(new.values())), strict=True)
        for key in keys:
            self._readings[key] = found[key]
            self._readings.move_to_end(key)
        while len(self._readings) > _MOST:
            self._readings.popitem(last=False)
        return [found[key] for key in keys]
