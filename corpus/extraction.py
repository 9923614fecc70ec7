"""Text out of files of other programs' formats, by a process of its own: they may be hostile.

The process has a limit of memory, and one of time for each file; a file that breaks it is told, and
the next one gets a new process. Its libraries are imported there, when the first such file is met.
"""

import json
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from corpus.article import Facts
from corpus.errors import InputError
from corpus.facts import check_unicode, read_facts

MAX_BYTES = 100_000_000  # of one file
SECONDS = 60.0  # for one file
MEGABYTES = 2_048  # of address space
_LAST_WORDS = 4_000  # bytes

Documents = list[tuple[Facts, str] | InputError]


class Extractor:
    """Reads files in another process, which is started at the first one; close it when done."""

    def __init__(self, *, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        self.seconds = seconds
        self.megabytes = megabytes
        self._process: subprocess.Popen[bytes] | None = None
        self._told: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._process.kill()
            with suppress(BrokenPipeError):
                self._process.communicate()
        if self._told is not None:
            self._told.close()
        self._process = self._told = None

    def documents(self, format: str, raw: bytes) -> Documents:
        """What a file of a format that `corpus.formats` reads holds: an article, or several in order.

        Raises InputError where it can't be read, or not within the limits.
        """
        if len(raw) > MAX_BYTES:
            raise InputError(f"the file has {len(raw):,} bytes, at most {MAX_BYTES:,} are read; split it")
        answer = self._asked(format, raw)
        if "error" in answer:
            raise InputError(answer["error"])
        return [_document(found) for found in answer["documents"]]

    def _asked(self, format: str, raw: bytes) -> dict[str, list[dict[str, object]]]:
        process = self._process or self._started()
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        head = {"format": format, "size": len(raw), "megabytes": self.megabytes}
        timer = threading.Timer(self.seconds, stop)
        timer.start()
        answer = b""
        try:
            if process.stdin is not None and process.stdout is not None:
                with suppress(BrokenPipeError):
                    process.stdin.write(json.dumps(head).encode() + b"\n" + raw)
                    process.stdin.flush()
                    answer = process.stdout.readline()
        finally:
            timer.cancel()
        if answer.endswith(b"\n"):
            return json.loads(answer)  # type: ignore[no-any-return]
        words = self._last_words()
        self.close()
        if late.is_set():
            raise InputError(f"it took more than {self.seconds:g} s to read; split it, or save it as text")
        raise InputError(f"it broke the program that reads such files ({words}); save it anew, or as text")

    def _started(self) -> "subprocess.Popen[bytes]":
        self._told = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the process)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "corpus.formats"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._told,
            cwd=Path(__file__).parents[1],
        )
        return self._process

    def _last_words(self) -> str:
        """The last line that the process wrote to stderr, or the signal that ended it."""
        code = self._process.wait() if self._process else 0
        if self._told is not None:
            self._told.seek(0, 2)
            self._told.seek(max(0, self._told.tell() - _LAST_WORDS))
            lines = self._told.read().decode("utf-8", "replace").strip().splitlines()
            if lines:
                return lines[-1][:200]
        return f"signal {-code}" if code < 0 else f"exit code {code}"


def _document(found: dict[str, object]) -> tuple[Facts, str] | InputError:
    """A document as it may be stored; its facts are checked as those of any other file."""
    if "error" in found:
        return InputError(str(found["error"]))
    facts, text = found["facts"], str(found["text"])
    try:
        check_unicode(text, "its text")
        if not text.strip():
            raise InputError("no text was found in it")
        return read_facts(facts if isinstance(facts, dict) else {}), text
    except InputError as error:
        return error
