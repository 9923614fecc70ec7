"""The command line: `python -m qa COMMAND`."""

import io
import os
import sys
from collections.abc import Sequence

from corpus.errors import OnrecordError
from qa.cite import one_line
from qa.cli.parser import parser
from qa.cli.ray_options import spelled_out

DONE, FAULTS, WRONG, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code, as the help tells them.

    stdout gets the result alone (with --json one JSON document), stderr notes and errors.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = parser().parse_args(spelled_out(sys.argv[1:] if arguments is None else arguments))
    try:
        code = int(options.run(options))
        sys.stdout.flush()  # here, where a full disk or a closed pipe can still be told
        return code
    except OnrecordError as error:
        sys.stderr.write(f"error: {one_line(str(error))}\n")
        return WRONG
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; what was committed before is kept\n")
        return INTERRUPTED
    except BrokenPipeError:  # `| head` has seen enough
        _give_up_stdout()
        return DONE
    except OSError as error:
        _give_up_stdout()
        told = f"{error.filename or 'the system'}: {error.strerror or error}"
        sys.stderr.write(f"error: {one_line(told)}\n")
        return WRONG


def _give_up_stdout() -> None:
    """Lets what can't be written to stdout go, or the interpreter would try again as it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
