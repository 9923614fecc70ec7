"""From `s3://…` and `gs://…` to articles: listed and fetched by pyarrow, read as files of a folder are.

Credentials come from the environment, as the storage's own tools take them (AWS_ACCESS_KEY_ID, AWS_PROFILE,
GOOGLE_APPLICATION_CREDENTIALS); AWS_ENDPOINT_URL names another server that speaks S3.
"""

import errno
import io
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.article import Article, Origin
from corpus.columns import Columns
from corpus.errors import InputError
from corpus.facts import check_unicode
from corpus.file import Stored
from corpus.found import Failure, Found, Skipped
from corpus.kinds import KINDS, kind_of
from corpus.metadata import NAME, Metadata, metadata_in
from corpus.reading import one_file, read_walked
from corpus.walking import Walked, walk_stored

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

SCHEMES = ("s3", "gs")
_SMALL = 4_000_000  # bytes of an object that is fetched ahead
_AHEAD = 16  # objects
_SECONDS = 10.0  # in which a server takes a connection
_SECRETS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_AS_PATH = re.compile(rf"\b({'|'.join(SCHEMES)}):/+")
_PLAIN = {"s3": "S3", "gs": "Google Cloud Storage"}


def read_storage(
    addresses: Sequence[str], *, prefix: str | None = None, columns: Columns | None = None
) -> Iterator[Found]:
    """Every article in the objects and below the prefixes, as `read_paths` gives those of files and folders.

    An article's origin is its URL, its id what it would be of a file relative to that prefix.
    Raises InputError, before anything is read, where an address can't be used or nothing is there.
    """
    if prefix is not None:
        check_unicode(prefix, "the prefix")
    places = [_Place.parse(address) for address in addresses]
    if find_spec("pyarrow") is None:
        raise InputError(
            "reading object storage needs pyarrow; `pip install -r requirements-scale.txt` brings it"
        )
    walks = [place.walk() for place in places]
    return _read(walks, prefix, columns or {})


def _read(
    walks: Sequence[Iterable[Walked | Failure | Skipped]], prefix: str | None, columns: Columns
) -> Iterator[Found]:
    with ThreadPoolExecutor(_AHEAD, thread_name_prefix="fetching") as pool:
        try:
            walk = _fetched_ahead(chain.from_iterable(walks), pool)
            yield from map(_by_url, read_walked(walk, prefix=prefix, columns=columns))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Place:
    """An object or a prefix."""

    scheme: str
    key: str  # with the bucket before it

    @classmethod
    def parse(cls, address: str) -> "_Place":
        parts = urlsplit(address)
        if "@" in parts.netloc:
            raise InputError(
                f"an address of {_PLAIN[parts.scheme]} holds no key or secret; they come from the environment"
            )
        if parts.query or parts.fragment or not parts.netloc:
            raise InputError(
                f"an address of {_PLAIN[parts.scheme]} is {parts.scheme}://BUCKET/PREFIX, no more"
            )
        return cls(parts.scheme, f"{parts.netloc}{parts.path}".rstrip("/"))

    def __str__(self) -> str:
        return f"{self.scheme}://{self.key}"

    def walk(self) -> Iterator[Walked | Failure | Skipped]:
        """What is there, listed now. Raises InputError where nothing is, or it can't be reached."""
        from pyarrow.fs import FileSelector, FileType  # noqa: PLC0415  (only who reads there)

        try:
            storage = _storage(self.scheme)
            (there,) = storage.get_file_info([self.key])
            if there.type == FileType.File:
                beside = f"{self.key.rpartition('/')[0]}/{NAME}"
                (facts,) = storage.get_file_info([beside])
                metadata = Metadata(self._path(beside).parent)
                if facts.type == FileType.File:
                    metadata = metadata_in(self._object(storage, facts.path, facts.size))
                return one_file(self._object(storage, there.path, there.size), metadata)
            found = storage.get_file_info(FileSelector(self.key, recursive=True, allow_not_found=True))
        except (OSError, ValueError) as error:
            raise InputError(f"{self}: it can't be read: {_without_secrets(str(error))}") from None
        files = [each for each in found if each.type == FileType.File]
        if not files:
            raise InputError(f"{self}: no object is there; check the bucket and the prefix")
        usable = [each for each in files if {"", ".", ".."}.isdisjoint(each.path.split("/"))]
        objects = [self._object(storage, each.path, each.size) for each in usable]
        strange = [each.path for each in files if each not in usable]
        return chain(
            (Failure(f"{self.scheme}://{path}", "its name can't be a path") for path in strange),
            walk_stored(self._path(self.key), objects),
        )

    def _path(self, key: str) -> Path:
        return Path(f"{self.scheme}:/{key}")

    def _object(self, storage: "FileSystem", key: str, size: int) -> Stored:
        return Stored(self._path(key), size, partial(_opened, storage, key))


def _storage(scheme: str) -> "FileSystem":
    from pyarrow import fs  # noqa: PLC0415

    if scheme == "gs":
        return fs.GcsFileSystem(retry_time_limit=timedelta(seconds=3 * _SECONDS))
    server = urlsplit(os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or "")
    return fs.S3FileSystem(
        region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
        scheme=server.scheme or "https",
        endpoint_override=server.netloc or None,
        connect_timeout=_SECONDS,
        request_timeout=3 * _SECONDS,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=3),
    )


def _opened(storage: "FileSystem", key: str) -> IO[bytes]:
    try:
        return io.BufferedReader(storage.open_input_file(key), 1 << 20)
    except OSError as error:
        raise OSError(errno.EIO, _without_secrets(str(error))) from None


def _fetched_ahead(
    walk: Iterable[Walked | Failure | Skipped], pool: ThreadPoolExecutor
) -> Iterator[Walked | Failure | Skipped]:
    """The same, small objects fetched some steps before they are read."""
    waiting: deque[Walked | Failure | Skipped] = deque()
    for item in walk:
        waiting.append(_fetched(item, pool) if isinstance(item, Walked) else item)
        if len(waiting) > _AHEAD:
            yield waiting.popleft()
    yield from waiting


def _fetched(walked: Walked, pool: ThreadPoolExecutor) -> Walked:
    file = walked.file
    if not isinstance(file, Stored) or file.size > _SMALL or kind_of(file.path) not in KINDS:
        return walked
    content = pool.submit(_content, file.open)
    return replace(walked, file=replace(file, open=partial(_in_memory, content)))


def _content(open: Callable[[], IO[bytes]]) -> bytes:
    with open() as stream:
        try:
            content = stream.read(_SMALL + 1)
        except OSError as error:
            raise OSError(errno.EIO, _without_secrets(str(error))) from None
    if len(content) > _SMALL:  # it was listed as less
        raise OSError(errno.EIO, "it changed while it was read; add it again")
    return content


def _in_memory(content: Future[bytes]) -> IO[bytes]:
    return io.BytesIO(content.result())


def _by_url(item: Found) -> Found:
    """With URLs in place of the paths that reading knows."""
    if isinstance(item, Article):
        return replace(item, origin=Origin(_url(item.origin.path), item.origin.line))
    if isinstance(item, Failure):
        return Failure(_url(item.path), _url(item.reason))
    return Skipped(_url(item.path))


def _url(text: str) -> str:
    return _AS_PATH.sub(r"\1://", text)


def _without_secrets(message: str) -> str:
    for name in _SECRETS:
        secret = os.environ.get(name)
        if secret:
            message = message.replace(secret, "…")
    return " ".join(message.split())
