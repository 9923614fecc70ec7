"""What made an archive: kept inside it, compared when it is opened."""

import secrets
from dataclasses import dataclass

from corpus.errors import ArchiveDamaged, ArchiveUnfinished, EncoderMismatch, FormatTooNew
from embeddings.encoder import Encoder
from embeddings.exported import FP32
from qa.connection import Connection, is_served
from qa.database import FORMAT

NO_TOKEN = "none"  # noqa: S105  (no secret: of a commit that never was)
UNFINISHED = "unfinished"  # the setting of an archive that is being filled: the command that does
SEARCH_ID = "search_id"  # what the name of its collection in Milvus is made of


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

    @classmethod
    def of(cls, encoder: Encoder, *, passage_words: int, index: str) -> "Settings":
        """Those of a new archive."""
        return cls(
            format=FORMAT,
            encoder=encoder.name,
            weights_sha256=encoder.weights_sha256,
            passage_variant=encoder.passage_variant,
            question_variant=encoder.question_variant,
            dimension=encoder.dimension,
            passage_words=passage_words,
            index=index,
        )

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


def write_settings(connection: Connection, settings: Settings, filled_by: str | None = None) -> None:
    """Stores the settings of a new archive, at generation 0; `filled_by` is a command that fills it."""
    rows = {name: str(getattr(settings, name)) for name in Settings.__dataclass_fields__}
    connection.executemany(
        "INSERT INTO settings (name, value) VALUES (?, ?)", [*rows.items(), ("generation", "0")]
    )
    give_token(connection, 0)
    if filled_by is not None:
        write_setting(connection, UNFINISHED, filled_by)


def read_settings(connection: Connection) -> Settings:
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


def check_finished(connection: Connection, name: str) -> None:
    """Raises ArchiveUnfinished where what fills the archive was not brought to its end."""
    command = unfinished(connection)
    if command is not None:
        raise ArchiveUnfinished(f"{name} was not wholly filled; run `{command}` again, which completes it")


def unfinished(connection: Connection) -> str | None:
    """The command that completes the archive; None where it is whole."""
    return setting(connection, UNFINISHED)


def is_discardable(connection: Connection) -> bool:
    """Whether what is there is unfinished, or nothing was ever added to it; not where it can't be told."""
    at = setting(connection, "generation")
    return at == "0" or (at is not None and unfinished(connection) is not None)


def setting(connection: Connection, name: str) -> str | None:
    """A setting's value; None where it is not set."""
    found = connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return None if found is None else str(found[0])


def generation(connection: Connection) -> int:
    """How many commits the archive has seen."""
    (value,) = connection.execute("SELECT value FROM settings WHERE name = 'generation'").fetchone()
    return int(value)


def next_generation(connection: Connection) -> int:
    """Counts one commit more, inside the transaction that is open; returns the new count."""
    connection.execute(
        "UPDATE settings SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'generation'"
    )
    at = generation(connection)
    give_token(connection, at)
    return at


def commit_token(connection: Connection, generation: int) -> str | None:
    """What sets a commit apart from any other of that generation, as of a copy that went its own way.

    None in a folder, where what is derived lies beside the database; there `sealed` does as much.
    """
    if not is_served(connection):
        return None
    found = connection.execute("SELECT token FROM commits WHERE generation = ?", (generation,)).fetchone()
    return NO_TOKEN if found is None else str(found[0])


def give_token(connection: Connection, generation: int) -> None:
    """Makes the token of a commit, in its transaction, where commits have one."""
    if is_served(connection):
        connection.execute(
            "INSERT INTO commits (generation, token) VALUES (?, ?)", (generation, secrets.token_hex(8))
        )


def sealed(connection: Connection) -> str | None:
    """The hash of the vectors' index that later generations may build on; None where there is none.

    On a server every machine has an index of its own, and tells by `commit_token` whether it may.
    """
    if is_served(connection):
        return "by its commit"
    return setting(connection, "sealed")


def seal(connection: Connection, digest: str) -> None:
    """Stores that hash, where there is one index for all."""
    if not is_served(connection):
        write_setting(connection, "sealed", digest)


def write_setting(connection: Connection, name: str, value: str) -> None:
    """Stores a setting, or changes it."""
    connection.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def _named(maker: tuple[str, str, int, str, str]) -> str:
    name, weights, dimension, passages, questions = maker
    variants = passages if passages == questions else f"{passages}, questions {questions}"
    return f"{name} (weights {weights[:12]}…, {dimension} dimensions, {variants})"
