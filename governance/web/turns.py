"""Heavy work in few threads at once, so that the other threads of the web server stay free for pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore

from governance.errors import Busy


@contextmanager
def turn(places: Semaphore, workers: Semaphore, wait: float, message: str) -> Iterator[None]:
    """Hold one of the `workers`; `places` count those who work or wait.

    Raises Busy with the message at once if no place is free, and after `wait` seconds without a free worker.
    """
    if not places.acquire(blocking=False):
        raise Busy(message)
    try:
        if not workers.acquire(timeout=wait):
            raise Busy(message)
        try:
            yield
        finally:
            workers.release()
    finally:
        places.release()
