"""Whether the archive at a place is still the one that was opened there."""

from qa import database
from qa.connection import Connection, is_served
from qa.settings import commit_token
from qa.storage import Storage


def identity(storage: Storage, connection: Connection) -> str:
    """What another archive at the same place would not have in common; commits and backups don't change it.

    Of a folder it is its database's file, which an open connection goes on reading wherever it is moved.
    """
    if is_served(connection):
        return str(commit_token(connection, 0))
    try:
        file = (storage.folder / database.NAME).stat()
    except OSError:
        return "gone"
    return f"{file.st_dev}:{file.st_ino}"
