"""What is kept of a refusal although the refused request leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.http import HttpRequest

from tickets.actions import gate


@contextmanager
def counting(request: HttpRequest) -> Iterator[None]:
    """A push that the gate refuses inside is counted once the request has been rolled back."""
    try:
        yield
    except gate.PushRefused as error:
        request.afterwards.append(partial(gate.count_refused, error.push))
        raise
