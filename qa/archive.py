"""The archive: articles, their passages and vectors, in a folder or on a server, and answers for them."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.article import Article, Furniture
from corpus.errors import ArchiveError, InputError
from corpus.found import Found
from corpus.passages import WORDS
from embeddings.encoder import Encoder, Progress
from embeddings.faiss_index import check_factory
from embeddings.index_size import AUTO
from embeddings.loading import load_encoder
from embeddings.sentence_transformer import DEFAULT_MODEL
from qa import database, derived_files, index_files, kept_encoder, rows, same_archive
from qa.address import Address
from qa.closing import Closing
from qa.connection import Connection
from qa.mentions.kept import mentions_of
from qa.mentions.lookup import Mentions
from qa.settings import Settings, check_finished, generation, read_settings, write_settings  # fmt: skip
from qa.snapshot import Snapshot, read_snapshot
from qa.storage import Storage, storage_at
from qa.truth import told_as_damage

if TYPE_CHECKING:
    from qa.adding import AddReport
    from qa.encoding import OpensEncoding
    from qa.expected import Expected


class Archive(Closing):
    """An archive that is open. Any number of readers; threads may share it.

    One writer at a time in a folder, any number of them on a server.
    """

    def __init__(
        self,
        storage: Storage,
        connection: Connection,
        settings: Settings,
        encoder: Encoder | None,
        search_address: str | None = None,
    ) -> None:
        self.storage = storage
        self.search_address = search_address  # of what searches it; None where its own indexes do
        self.settings = settings
        self.identity = same_archive.identity(storage, connection)
        self.milvus = derived_files.milvus(search_address, storage, settings, self.reading)
        self._connection = connection
        self._encoder = encoder
        self._turn = threading.RLock()

    @classmethod
    def create(
        cls, path: str | Path | Address, *, model: str | Encoder = DEFAULT_MODEL, index: str = AUTO,
        filled_by: str | None = None,
    ) -> "Archive":  # fmt: skip
        """A new, empty archive in a folder that is empty or not there yet, or at an address.

        `model` is an encoder, or the name or folder of one; `index` is `auto`, by size, or a FAISS
        index-factory string. `filled_by` is a command: until that says it is done nobody else opens it.
        Raises InputError where something is there already, or there is no such model or index.
        """
        address = Address.parse(path)
        storage = storage_at(address)
        storage.check_free()
        encoder = load_encoder(model) if isinstance(model, str) else model
        if index != AUTO:
            check_factory(index, encoder.dimension)
        settings = Settings.of(encoder, passage_words=WORDS, index=index)
        with storage.plain_errors():
            storage.create(
                lambda new: write_settings(new, settings, filled_by),
                lambda: kept_encoder.keep(encoder, storage.folder),
            )
        return cls.opened(storage, encoder=encoder, search_address=address.search, unfinished=True)

    @classmethod
    def open(cls, path: str | Path | Address, *, encoder: Encoder | None = None) -> "Archive":
        """The archive in a folder or at an address; its encoder is loaded when first needed, unless given.

        Raises EncoderMismatch, or the kind of ArchiveError that says why it can't be opened.
        """
        address = Address.parse(path)
        return cls.opened(storage_at(address), encoder=encoder, search_address=address.search)

    @classmethod
    def opened(
        cls,
        storage: Storage,
        *,
        encoder: Encoder | None = None,
        search_address: str | None = None,
        unfinished: bool = False,
    ) -> "Archive":
        """The archive of a storage; also one that is still being moved there, if told so."""
        with storage.plain_errors():
            connection = storage.read()
            try:
                settings = read_settings(connection)
                if encoder is not None:
                    settings.check_encoder(encoder)
                if not unfinished:
                    check_finished(connection, storage.name)
            except BaseException:
                connection.close()
                raise
        return cls(storage, connection, settings, encoder, search_address)

    @property
    def path(self) -> Path:
        """Its folder; of an archive on a server this machine's, for what is derived."""
        return self.storage.folder

    @property
    def name(self) -> str:
        """Its address, for messages; it holds no secret."""
        return self.storage.name

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
    def reading(self) -> Iterator[Connection]:
        """The database in one short read transaction, in this thread's turn."""
        with self._turn, self.storage.plain_errors():
            if self._connection.in_transaction:  # a turn within a turn sees what the outer one sees
                yield self._connection
                return
            with (
                told_as_damage(self._connection, self.settings, self.name),
                database.transaction(self._connection, "DEFERRED"),
            ):
                yield self._connection

    @contextmanager
    def writing(self, work: str) -> Iterator[Connection]:
        """A connection of its own to write by: in a folder under its lock, which `work` is told of.

        Commits are the caller's, by `transaction`; on a server others may commit between them.
        """
        with (
            self.storage.plain_errors(),
            self.storage.writing(work) as connection,
            told_as_damage(connection, self.settings, self.name),
        ):
            yield connection

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
        self,
        found: Iterable[Found],
        *,
        progress: Progress | None = None,
        expected: "Expected | None" = None,
        encoding: "OpensEncoding | None" = None,
    ) -> "AddReport":
        """The same with what a reader of `corpus` finds; `expected` is told of what was read.

        `encoding` encodes in place of a thread of this process, and tells its own progress.
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
                encoding=encoding,
            )
            if report.generation != before:
                derived_files.refresh_if_possible(connection, self.path, self.settings, self.milvus)
        return report

    def remove(self, ids: str | Sequence[str]) -> int:
        """Removes those articles and every trace of them; returns the new generation.

        Raises InputError, removing nothing, where one of the ids is unknown.
        """
        from qa.removing import remove_articles  # noqa: PLC0415  (only who writes needs what learns)

        with self.writing("remove") as connection:
            remove_articles(
                connection,
                [ids] if isinstance(ids, str) else ids,
                words=self.settings.passage_words,
                encoder=lambda: self.encoder,
            )
            derived_files.refresh_if_possible(connection, self.path, self.settings, self.milvus)
            return generation(connection)

    def optimize(self) -> None:
        """Makes all that is derived anew from the database, and gives back space that removals left.

        Raises ArchiveError where they can't be written.
        """
        with self.writing("optimize") as connection:
            self.storage.give_back_space(connection)
            derived_files.optimize(connection, self.path, self.settings, self.milvus)

    def snapshot(self, *, mend: bool = True) -> Snapshot:
        """The archive at its present generation, to search in.

        Indexes that are missing, stale or damaged are put right on disk where no one else writes,
        unless told not to `mend`, and otherwise made in memory.
        """
        if self.milvus is not None:
            return self.milvus.snapshot(self.writing if mend else None)
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
        return mentions_of(self, mend=mend)

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
            derived_files.mend(connection, self.path, self.settings, names, self.milvus)
