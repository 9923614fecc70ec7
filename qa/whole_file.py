"""A derived file's bytes: on disk for good, their hash, and whether they are still the same file."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

_HASHED_WHOLE = 64_000_000  # bytes
_BLOCKS, _BLOCK = 1_024, 4_096  # of a larger file: how many are hashed, and the bytes of each


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes; of a large one, of its length and of blocks spread over it."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size <= _HASHED_WHOLE:
            return hashlib.file_digest(file, "sha256").hexdigest()
        digest = hashlib.sha256(str(size).encode())
        for at in range(0, size, size // _BLOCKS):
            file.seek(min(at, size - _BLOCK))
            digest.update(file.read(_BLOCK))
        return digest.hexdigest()


def version_of(path: Path) -> tuple[int, int, int]:
    """What changes when another file takes its place or it is written to: inode, bytes, time of change."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty where there is none."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Puts a JSON object in the file's place, whole or not at all. Raises OSError where it can't."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    sync(new)
    os.replace(new, path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Waits until a file, or a folder's list of files, is on disk for good."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
