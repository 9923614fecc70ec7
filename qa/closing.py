"""What is closed when a `with` block ends."""

from types import TracebackType
from typing import Self


class Closing:
    """For classes with a `close`: a `with` block ends by calling it."""

    def close(self) -> None:
        """Lets go of what is held."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
