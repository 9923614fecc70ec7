"""Why something failed on Ray, in a line."""

_LONG = 300  # characters


def in_a_line(error: BaseException) -> str:
    """The first line of what it says."""
    lines = _lines(error)
    return (lines[0] if lines else type(error).__name__)[:_LONG]


def raised(error: BaseException) -> str:
    """The last line of the traceback that it is told as, without the name of the exception's class."""
    lines = _lines(error)
    name, colon, reason = lines[-1].partition(": ") if lines else ("", "", "")
    return (reason if colon and " " not in name else lines[-1] if lines else type(error).__name__)[:_LONG]


def _lines(error: BaseException) -> list[str]:
    return [line.strip() for line in str(error).splitlines() if line.strip()]
