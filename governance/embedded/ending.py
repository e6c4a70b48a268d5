"""The end of a run by a signal: asked for once, never while a process is being started, and not again while stopping."""

import contextlib
import signal
from collections.abc import Iterator

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(Exception):
    """A request to stop."""


class _Asked:
    """The progress of the request: signals that arrive while `held` wait, those after `heard` change nothing."""

    def __init__(self) -> None:
        self.held, self.waiting, self.heard = 0, False, False


_asked = _Asked()


def listen() -> None:
    """Raise Ended in the main thread at the first signal."""
    _asked.__init__()
    for number in SIGNALS:
        signal.signal(number, _came)


def ignore() -> None:
    """Let signals change nothing from now on. They keep a handler, because children would inherit an ignored signal."""
    _asked.heard = True
    for number in SIGNALS:
        signal.signal(number, _came)


def _came(_number: int, _frame: object) -> None:
    if _asked.heard:
        return
    if _asked.held:
        _asked.waiting = True
        return
    _asked.heard = True
    raise Ended


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Let a signal wait until the block is over, so that no process is started without being recorded."""
    _asked.held += 1
    try:
        yield
    finally:
        _asked.held -= 1
    if _asked.waiting and not _asked.held and not _asked.heard:
        _asked.heard = True
        raise Ended
