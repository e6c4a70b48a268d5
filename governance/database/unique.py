"""Turn a unique-key violation into a Conflict."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from governance.errors import Conflict


@contextmanager
def conflict_on_duplicate(taken: Conflict) -> Iterator[None]:
    """Write in a savepoint.

    Raise `taken` if another transaction wrote first, and keep the rest of this one.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise taken from error
