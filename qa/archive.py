"""The archive: one folder that holds articles, their passages and vectors, and answers for them."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.article import Article
from corpus.errors import ArchiveError, ArchiveMissing, InputError
from corpus.found import Found
from corpus.furniture import Furniture
from corpus.passages import WORDS
from embeddings.encoder import Encoder, Progress
from embeddings.faiss_index import FaissIndex
from embeddings.index_size import AUTO, EXACT
from embeddings.loading import load_encoder
from embeddings.sentence_transformer import DEFAULT_MODEL
from qa import database, derived_files, index_files, kept_encoder, rows
from qa.address import Address
from qa.closing import Closing
from qa.mentions import file as mentions_file
from qa.mentions.lookup import Mentions
from qa.new_folder import check_empty
from qa.settings import Settings, generation, next_generation, read_settings, write_settings
from qa.snapshot import Snapshot, read_snapshot
from qa.truth import told_as_damage
from qa.write_lock import write_lock

if TYPE_CHECKING:
    from qa.adding import AddReport
    from qa.expected import Expected


class Archive(Closing):
    """An archive that is open. Any number of readers, one writer at a time; threads may share it."""

    def __init__(
        self, address: Address, connection: sqlite3.Connection, settings: Settings, encoder: Encoder | None
    ) -> None:
        self.path = address.folder
        self.settings = settings
        self.search_address = address.search
        self.milvus = derived_files.milvus(address.search, address.folder, settings, self.reading)
        self._connection = connection
        self._encoder = encoder
        self._turn = threading.RLock()

    @classmethod
    def create(
        cls, path: str | Path | Address, *, model: str | Encoder = DEFAULT_MODEL, index: str = AUTO
    ) -> "Archive":
        """A new, empty archive at an address, in a folder that is empty or not there yet.

        `model` is an encoder, or the name or folder of one; `index` is `auto`, by size, or a FAISS
        index-factory string.
        Raises InputError where the folder holds something, or there is no such model or index.
        """
        folder = Address.parse(path).folder
        check_empty(folder)
        encoder = load_encoder(model) if isinstance(model, str) else model
        if index != AUTO:
            nothing = np.empty((0, encoder.dimension), np.float32)
            FaissIndex.from_factory(index, nothing, np.empty(0, np.int64))
        settings = Settings(
            format=database.FORMAT,
            encoder=encoder.name,
            weights_sha256=encoder.weights_sha256,
            passage_variant=encoder.passage_variant,
            question_variant=encoder.question_variant,
            dimension=encoder.dimension,
            passage_words=WORDS,
            index=index,
        )
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveError(f"{folder} can't be made: {error.strerror}") from None
        with write_lock(folder, "create"), database.plain_errors(folder):
            check_empty(folder)  # another process may have been first
            database.create(folder / database.NAME, lambda new: write_settings(new, settings))
            kept_encoder.keep(encoder, folder)
        return cls.open(path, encoder=encoder)

    @classmethod
    def open(cls, path: str | Path | Address, *, encoder: Encoder | None = None) -> "Archive":
        """The archive at an address; its encoder is loaded when first needed, unless given.

        Raises ArchiveMissing, FormatTooNew, ArchiveDamaged or EncoderMismatch.
        """
        folder = Address.parse(path).folder
        file = folder / database.NAME
        if not file.is_file():
            raise ArchiveMissing(
                f"{folder}: no archive there; make one with `python -m qa add FOLDER --archive {folder}`"
            )
        with database.plain_errors(folder):
            connection = database.connect_to_read(file)
            try:
                settings = read_settings(connection)
                if encoder is not None:
                    settings.check_encoder(encoder)
            except BaseException:
                connection.close()
                raise
        return cls(Address.parse(path), connection, settings, encoder)

    def close(self) -> None:
        """Lets go of the database, and of Milvus."""
        with self._turn:
            self._connection.close()
        if self.milvus is not None:
            self.milvus.close()

    def __len__(self) -> int:
        with self.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])

    @property
    def encoder(self) -> Encoder:
        """The encoder that made the vectors; loaded at first use, its weights' hash compared."""
        with self._turn:
            if self._encoder is None:
                self._encoder = kept_encoder.load_or_keep(self.path, self.settings)
            return self._encoder

    @property
    def generation(self) -> int:
        """How many commits the archive has seen."""
        with self.reading() as connection:
            return generation(connection)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The database in one short read transaction, in this thread's turn."""
        with self._turn, database.plain_errors(self.path):
            if self._connection.in_transaction:  # a turn within a turn sees what the outer one sees
                yield self._connection
                return
            with (
                told_as_damage(self._connection, self.settings, self.path),
                database.transaction(self._connection, "DEFERRED"),
            ):
                yield self._connection

    @contextmanager
    def writing(self, work: str) -> Iterator[sqlite3.Connection]:
        """A connection of its own under the write lock. Commits are the caller's, by `transaction`."""
        with write_lock(self.path, work), database.plain_errors(self.path):
            connection = database.connect(self.path / database.NAME)
            try:
                database.migrate(connection)
                with told_as_damage(connection, self.settings, self.path):
                    yield connection
            finally:
                connection.close()

    def articles(self) -> list[rows.Listed]:
        """Every article, by id."""
        with self.reading() as connection:
            return rows.listed(connection)

    def article(self, id: str) -> Article:
        """The article under `id`; raises InputError where there is none."""
        with self.reading() as connection:
            found = rows.find_article(connection, id)
        if found is None:
            raise InputError(f"no article has the id {id!r}; `python -m qa list` names those there are")
        return found

    def furniture(self, id: str) -> Sequence[Furniture]:
        """What is marked as furniture in an article, in order."""
        with self.reading() as connection:
            return rows.furniture_of(connection, id)

    def add(
        self,
        paths: str | Path | Sequence[str | Path],
        *,
        prefix: str | None = None,
        progress: Progress | None = None,
        expecting: Progress | None = None,
    ) -> "AddReport":
        """Stores the articles in files, folders and corpora; tells what became of each.

        `progress` is told of passages that were encoded, `expecting` how many there will be, about.
        Raises InputError, storing nothing, where a path doesn't exist.
        """
        from corpus.reading import read_paths  # noqa: PLC0415  (only who adds needs all that reads)
        from qa.expected import Expected  # noqa: PLC0415

        named = [paths] if isinstance(paths, str | Path) else list(paths)
        found = read_paths(named, prefix=prefix)
        return self.add_found(found, progress=progress, expected=Expected(named, told=expecting))

    def add_found(
        self, found: Iterable[Found], *, progress: Progress | None = None, expected: "Expected | None" = None
    ) -> "AddReport":
        """The same with what a reader of `corpus` finds; `expected` is told of what was read.

        Where the indexes can't be written after that, searches make them in memory.
        """
        from qa.adding import add_found  # noqa: PLC0415

        with self.writing("add") as connection:
            before = generation(connection)
            report = add_found(
                connection,
                found,
                words=self.settings.passage_words,
                encoder=lambda: self.encoder,
                progress=progress,
                expected=expected,
                committed=derived_files.KeepingUp(connection, self.path, self.settings, self.milvus),
            )
            if report.generation != before:
                derived_files.refresh_if_possible(connection, self.path, self.settings, self.milvus)
        return report

    def remove(self, ids: str | Sequence[str]) -> int:
        """Removes those articles and every trace of them; returns the new generation.

        Raises InputError, removing nothing, where one of the ids is unknown.
        """
        from qa import repeated  # noqa: PLC0415  (only who writes needs what learns)
        from qa.adding import mark_anew  # noqa: PLC0415

        ids = [ids] if isinstance(ids, str) else ids
        with self.writing("remove") as connection:
            with database.transaction(connection):
                unknown = [id for id in ids if rows.find_article(connection, id) is None]
                if unknown:
                    listed = ", ".join(map(repr, unknown[:5]))
                    raise InputError(f"no article has the id {listed}; nothing was removed")
                for id in dict.fromkeys(ids):
                    repeated.let_go(connection, id)
                    rows.delete_article(connection, id)
                next_generation(connection)
            mark_anew(connection, words=self.settings.passage_words, encoder=lambda: self.encoder)
            derived_files.refresh_if_possible(connection, self.path, self.settings, self.milvus)
            return generation(connection)

    def optimize(self) -> None:
        """Makes all that is derived anew from the database, and gives back space that removals left.

        Raises ArchiveError where they can't be written.
        """
        with self.writing("optimize") as connection:
            connection.execute("VACUUM")
            derived_files.optimize(connection, self.path, self.settings, self.milvus)

    def snapshot(self, *, mend: bool = True) -> Snapshot:
        """The archive at its present generation, to search in.

        Indexes that are missing, stale or damaged are put right on disk where no one else writes,
        unless told not to `mend`, and otherwise made in memory.
        """
        if self.milvus is not None:
            if mend:
                self.mend_derived()
            with self.reading() as connection:
                return self.milvus.snapshot(connection)
        ready = self.on_disk()
        if ready.lacking and mend:
            self._mend(ready.lacking)
            ready = self.on_disk()
        with self.reading() as connection:
            return read_snapshot(connection, ready, self.settings)

    def mentions(self, *, mend: bool = True) -> Mentions:
        """What the archive mentions at its present generation, to be closed by the caller.

        Where its file is missing, stale or damaged it is written anew, unless told not to `mend` or it
        can't be, and otherwise made in memory.
        """
        with self.reading() as connection:
            found = mentions_file.opened(self.path, connection)
        if found is not None:
            return found
        if mend:
            with suppress(ArchiveError), self.writing("rebuild") as connection:
                derived_files.write_mentions(connection, self.path)
        with self.reading() as connection:
            found = mentions_file.opened(self.path, connection)
            return found or mentions_file.in_memory(self.path, connection)

    def on_disk(self) -> index_files.OnDisk:
        """Both indexes as far as they are on disk, whole and of the present generation."""
        with self.reading() as connection:
            return index_files.on_disk(self.path, connection)

    def mend_derived(self) -> list[str]:
        """Writes what is missing, stale or damaged of the indexes; tells what was written.

        Leaves it where another process writes or the folder can't be written.
        """
        if lacking := self.lacking():
            self._mend(lacking)
            still = self.lacking()
            return [name for name in lacking if name not in still]
        return []

    def lacking(self) -> list[str]:
        """The names of what searches and is missing, stale or damaged."""
        if self.milvus is None:
            return self.on_disk().lacking
        with self.reading() as connection:
            return self.milvus.lacking(connection)

    def _mend(self, names: Sequence[str]) -> None:
        with suppress(ArchiveError, OSError), self.writing("rebuild") as connection:
            count, _ = rows.count_and_last(connection)
            if count > EXACT or self.milvus is not None:
                derived_files.refresh(connection, self.path, self.settings, self.milvus)
            else:
                derived_files.write(connection, self.path, self.settings, names)
