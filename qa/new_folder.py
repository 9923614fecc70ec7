"""Where a new archive may be made."""

from pathlib import Path

from corpus.errors import ArchiveThere, InputError
from qa import database
from qa.write_lock import NAME as LOCK


def check_empty(folder: Path) -> None:
    """Raises InputError where the folder holds more than what making an archive there left behind.

    It is ArchiveThere where that is an archive.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder; name a new folder for the archive")
    if (folder / database.NAME).exists():
        raise ArchiveThere(f"{folder} is not empty, it holds an archive; name a new folder for another")
    left = (LOCK, f"{database.NAME}.new")
    if any(not file.name.startswith(left) for file in folder.iterdir()):
        raise InputError(f"{folder} is not empty; name a new folder for the archive")
