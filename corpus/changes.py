"""What changes in a folder, seen by looking again: files that are new, other than before, or gone."""

import os
from dataclasses import dataclass, field
from pathlib import Path

_Stamp = tuple[int, int, int]  # time of change in ns, size, inode


@dataclass(frozen=True, slots=True)
class Change:
    """Files that came or changed, and are written to no more; and files that are gone."""

    written: frozenset[Path] = field(default_factory=frozenset)
    gone: frozenset[Path] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return bool(self.written or self.gone)


class Watch:
    """Remembers a folder's files from one look to the next."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._told = _stamps(self.folder)
        self._last = dict(self._told)

    def look(self) -> Change:
        """What changed since it was last told; a file counts once it is the same at two looks."""
        now = _stamps(self.folder)
        written = {
            file
            for file, stamp in now.items()
            if self._told.get(file) != stamp and self._last.get(file) == stamp
        }
        gone = self._told.keys() - now.keys()
        self._told = {file: stamp for file, stamp in self._told.items() if file not in gone}
        self._told.update((file, now[file]) for file in written)
        self._last = now
        return Change(frozenset(written), frozenset(gone))


def _stamps(folder: Path) -> dict[Path, _Stamp]:
    found = {}
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(place, name)
            try:
                told = file.stat()
            except OSError:  # gone between listing and looking
                continue
            if not name.startswith("."):
                found[file] = (told.st_mtime_ns, told.st_size, told.st_ino)
    return found
