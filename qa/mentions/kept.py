"""What an archive mentions, from its file where that is of use."""

from contextlib import suppress
from typing import TYPE_CHECKING

from corpus.errors import ArchiveError
from qa import derived_files
from qa.mentions import file
from qa.mentions.lookup import Mentions

if TYPE_CHECKING:
    from qa.archive import Archive


def mentions_of(archive: "Archive", *, mend: bool) -> Mentions:
    """See Archive.mentions."""
    with archive.reading() as connection:
        found = file.opened(archive.path, connection)
    if found is not None:
        return found
    if mend:
        with suppress(ArchiveError), archive.writing("rebuild") as connection:
            derived_files.write_mentions(connection, archive.path, patience=0)  # nobody waits to ask
    with archive.reading() as connection:
        found = file.opened(archive.path, connection)
        return found or file.in_memory(archive.path, connection)
