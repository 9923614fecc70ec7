"""What made an archive: kept inside it, compared when it is opened."""

import sqlite3
from dataclasses import dataclass

from corpus.errors import ArchiveDamaged, EncoderMismatch, FormatTooNew
from embeddings.encoder import Encoder
from embeddings.exported import FP32
from qa.database import FORMAT


@dataclass(frozen=True, slots=True)
class Settings:
    """The archive's format, its encoder and how its articles are split."""

    format: int
    encoder: str
    weights_sha256: str
    passage_variant: str  # what the encoder computed passages in, `fp32` or `int8-rows`
    question_variant: str
    dimension: int
    passage_words: int
    index: str  # `auto`, by size, or a FAISS index-factory string

    def check_encoder(self, encoder: Encoder) -> None:
        """Raises EncoderMismatch where `encoder` is not the one that made the vectors."""
        made_by, at_hand = (
            (each, maker.weights_sha256, maker.dimension, maker.passage_variant, maker.question_variant)
            for each, maker in ((self.encoder, self), (encoder.name, encoder))
        )
        if made_by != at_hand:
            raise EncoderMismatch(
                f"the archive's vectors were made by {_named(made_by)}, the encoder at hand is "
                f"{_named(at_hand)}; use that model, or add the articles to a new archive"
            )


def write_settings(connection: sqlite3.Connection, settings: Settings) -> None:
    """Stores the settings of a new archive, at generation 0."""
    rows = {name: str(getattr(settings, name)) for name in Settings.__dataclass_fields__}
    connection.executemany(
        "INSERT INTO settings (name, value) VALUES (?, ?)", [*rows.items(), ("generation", "0")]
    )


def read_settings(connection: sqlite3.Connection) -> Settings:
    """The settings stored; raises FormatTooNew or ArchiveDamaged where they can't be used."""
    try:
        rows = dict(connection.execute("SELECT name, value FROM settings"))
        format = int(rows["format"])
        if format > FORMAT:
            raise FormatTooNew(
                f"the archive has format {format}, this program knows up to {FORMAT}; update Onrecord"
            )
        int(rows["generation"])
        return Settings(
            format=format,
            encoder=rows["encoder"],
            weights_sha256=rows["weights_sha256"],
            passage_variant=rows.get("passage_variant", FP32),  # format 1 knew no other
            question_variant=rows.get("question_variant", FP32),
            dimension=int(rows["dimension"]),
            passage_words=int(rows["passage_words"]),
            index=rows["index"],
        )
    except (KeyError, ValueError) as error:
        raise ArchiveDamaged(
            f"the archive's settings can't be read ({error!r}); restore its database from a copy, "
            "or add the articles again to a new archive"
        ) from None


def generation(connection: sqlite3.Connection) -> int:
    """How many commits the archive has seen."""
    (value,) = connection.execute("SELECT value FROM settings WHERE name = 'generation'").fetchone()
    return int(value)


def next_generation(connection: sqlite3.Connection) -> int:
    """Counts one commit more, inside the transaction that is open; returns the new count."""
    connection.execute("UPDATE settings SET value = CAST(value AS INTEGER) + 1 WHERE name = 'generation'")
    return generation(connection)


def sealed(connection: sqlite3.Connection) -> str | None:
    """The hash of the vectors' index that later generations may build on; None where there is none."""
    found = connection.execute("SELECT value FROM settings WHERE name = 'sealed'").fetchone()
    return None if found is None else str(found[0])


def seal(connection: sqlite3.Connection, digest: str) -> None:
    """Stores that hash."""
    connection.execute("INSERT OR REPLACE INTO settings (name, value) VALUES ('sealed', ?)", (digest,))


def _named(maker: tuple[str, str, int, str, str]) -> str:
    name, weights, dimension, passages, questions = maker
    variants = passages if passages == questions else f"{passages}, questions {questions}"
    return f"{name} (weights {weights[:12]}…, {dimension} dimensions, {variants})"
