"""ZIP containers (DOCX, EPUB) before anything in them is unpacked."""

import io
import zipfile

from corpus.errors import InputError

MAX_UNPACKED = 400_000_000  # bytes of all parts together
MAX_PARTS = 20_000
MAX_RATIO = 200  # unpacked to packed, of parts above a megabyte
_SMALL = 1_000_000  # bytes


def check_size(raw: bytes) -> None:
    """Raises InputError where the container is none, or would unpack to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as container:
            parts = container.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise InputError(f"it is damaged: {error}; save it anew") from None
    if len(parts) > MAX_PARTS:
        raise InputError(f"it has {len(parts):,} parts, at most {MAX_PARTS:,} are read")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED:
        raise InputError(f"it unpacks to {unpacked:,} bytes, at most {MAX_UNPACKED:,} are read")
    for part in parts:
        if part.file_size > max(_SMALL, MAX_RATIO * part.compress_size):
            raise InputError(
                f"{part.filename[:80]!r} in it unpacks from {part.compress_size:,} to "
                f"{part.file_size:,} bytes, which no honest file does"
            )
