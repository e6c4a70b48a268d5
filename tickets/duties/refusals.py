"""Count a refused push after its request was rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.http import HttpRequest

from tickets.duties import gate


@contextmanager
def count_refusals(request: HttpRequest) -> Iterator[None]:
    """Inside this block, a push that the gate refuses is counted once the request has been rolled back."""
    try:
        yield
    except gate.PushRefused as error:
        request.afterwards.append(partial(gate.count_refused, error.push))
        raise
