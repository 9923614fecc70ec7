"""What can go wrong, as one tree; every message says what was found and what to do.

OnrecordError
├── InputError         a file, a question, a date or an option that can't be used as given
│   └── ArchiveThere   an archive is where a new one was to be made
├── ArchiveError       the archive can't do this now
│   ├── ArchiveMissing no archive in that folder
│   ├── ArchiveLocked  another process is writing to it
│   ├── ArchiveDamaged the database is not what it should be
│   ├── ArchiveUnfinished  what fills it was not brought to its end
│   └── FormatTooNew   written by a newer Onrecord
├── ClusterError       what encodes on other machines can't be reached or used
└── EncoderMismatch    the encoder at hand is not the one that made the vectors
"""


class OnrecordError(Exception):
    """Any error that Onrecord raises on purpose."""


class InputError(OnrecordError):
    """A file, a question, a date or an option can't be used as given."""


class ArchiveThere(InputError):
    """Where a new archive was to be made there is one."""


class ArchiveError(OnrecordError):
    """The archive can't do what was asked."""


class ArchiveMissing(ArchiveError):
    """There is no archive in the folder that was named."""


class ArchiveLocked(ArchiveError):
    """Another process holds the archive's write lock."""


class ArchiveDamaged(ArchiveError):
    """The archive's database can't be read as one."""


class ArchiveUnfinished(ArchiveError):
    """The archive is half of one that is being moved or imported."""


class FormatTooNew(ArchiveError):
    """The archive was written in a format newer than this program knows."""


class ClusterError(OnrecordError):
    """What encodes on other machines, or in other processes, can't be reached or used."""


class EncoderMismatch(OnrecordError):
    """The encoder at hand is not the one that made the archive's vectors."""
