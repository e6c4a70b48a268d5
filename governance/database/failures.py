"""Tell failures of the database that pass from those that do not."""

from django.db import IntegrityError, InterfaceError, OperationalError

DEADLOCK, SERIALIZATION, DUPLICATE = "40P01", "40001", "23505"


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of an error that Django has wrapped; empty if it has none."""
    return getattr(error.__cause__, "sqlstate", None) or ""


def passes(error: Exception) -> bool:
    """True if the same transaction may succeed when it is run again.

    After a deadlock the other transaction is done; after a duplicate key its row can be read, so that the check
    before the insert gives the proper refusal.
    """
    return isinstance(error, OperationalError | IntegrityError) and sqlstate(error) in {
        DEADLOCK,
        SERIALIZATION,
        DUPLICATE,
    }


def is_outage(error: BaseException | None) -> bool:
    """True if the database cannot be reached, restarts, or gave up waiting: another try later may succeed."""
    return isinstance(error, OperationalError | InterfaceError)


def is_duplicate(error: BaseException | None) -> bool:
    """True for a unique key that another transaction has taken."""
    return isinstance(error, IntegrityError) and sqlstate(error) == DUPLICATE
