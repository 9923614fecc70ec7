"""A watch for tests: what a question's stages tell."""

from contextlib import contextmanager


def telling(events):
    """A watch that appends `+stage` to the events when one begins, and `-stage` when it ends."""

    @contextmanager
    def watch(stage):
        events.append(f"+{stage}")
        yield
        events.append(f"-{stage}")

    return watch
