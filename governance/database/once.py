"""Two at once make one: what a unique key refuses is told as the conflict that it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from governance.errors import Conflict


@contextmanager
def once(taken: Conflict) -> Iterator[None]:
    """Write in a savepoint; raises `taken` where another transaction was faster, and keeps the rest of this one."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise taken from error
