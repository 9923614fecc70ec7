"""The page with one question answered at a time, slowly, and one that may wait."""

import sys
import time

import app
from qa import Answerer

_answered = Answerer.ask


def _slowly(answerer, question, **limits):
    if question != "warm up":
        time.sleep(12)
    return _answered(answerer, question, **limits)


if __name__ == "__main__":
    app.AT_ONCE, app.WAITING = 1, 1
    Answerer.ask = _slowly
    sys.exit(app.main())
