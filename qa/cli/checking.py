"""The commands that check: verify and doctor."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from corpus.errors import ArchiveDamaged, InputError
from qa.cli.output import opened, write, write_json
from qa.doctor import Diagnosis, diagnose
from qa.truth import Check
from qa.verify import verify


def verify_file(options: Namespace) -> int:
    """Checks an answer's quotes against the archive."""
    answer = _read_answer(options.file)
    with opened(options) as archive:
        verdict = verify(answer, archive)
    if options.json:
        write_json(verdict.to_dict())
    else:
        for kind, statuses in (("quote", verdict.quotes), ("related", verdict.related)):
            for status in statuses:
                write(
                    f"{kind} {status.n}: {status.status}" + (f" ({status.detail})" if status.detail else "")
                )
        for problem in verdict.problems:
            write(f"answer: {problem}")
        if not verdict.quotes and verdict.ok:
            write("the answer has no quotes; what it says otherwise is right")
    return 0 if verdict.ok else 1


def doctor(options: Namespace) -> int:
    """Checks the archive; one whose database can't even be opened is wrong, too."""
    try:
        with opened(options) as archive:
            diagnosis = diagnose(archive, repair=options.repair)
    except ArchiveDamaged as error:
        diagnosis = Diagnosis([Check("database", ok=False, detail=str(error))])
    if options.json:
        write_json(diagnosis.to_dict())
    else:
        for check in diagnosis.checks:
            write(f"{'ok   ' if check.ok else 'WRONG'} {check.name}: {check.detail}")
        for name in diagnosis.rebuilt:
            write(f"made anew: {name}")
    return 0 if diagnosis.ok else 1


def _read_answer(file: str) -> object:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return json.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}; name a file that `ask --json` wrote") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file} is not JSON ({error}); name a file that `ask --json` wrote") from None
