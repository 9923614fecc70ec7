"""What a question's time is spent on, told to whoever watches."""

from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol, get_args

Stage = Literal["encode", "search", "read", "quote"]
STAGES: tuple[Stage, ...] = get_args(Stage)
_NOTHING = nullcontext()  # may be entered again and again, by any thread


class Watch(Protocol):
    """Is told of the stages of questions."""

    def __call__(self, stage: Stage, /) -> AbstractContextManager[object]:
        """What is entered when the stage begins, in a thread of the question's, and left when it ends.

        In a large archive, with several cores, a question is encoded while it is searched for.
        """


def unwatched(_stage: Stage, /) -> AbstractContextManager[object]:
    """Watches nothing."""
    return _NOTHING
