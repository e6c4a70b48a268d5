"""Doing something to see what comes of it: by the very actions that would do it, and undone to the last row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from governance.tenancy import config
from governance.tenancy.scope import current


@dataclass(slots=True)
class Attempt:
    """Stays only where `kept` is set before its end."""

    kept: bool = False


@contextmanager
def attempt() -> Iterator[Attempt]:
    """What happens inside is rolled back unless it is kept, and with it what this process compiled from it.

    The rows of the district's configuration are still held when the compiled ones go, so nobody compiles in between.
    """
    tenant, made = current(), Attempt()
    version = tenant.config_version
    try:
        with transaction.atomic():
            try:
                yield made
            finally:
                if not made.kept:
                    config.forget(tenant)
            if not made.kept:
                transaction.set_rollback(True)
    finally:
        if not made.kept:
            tenant.config_version = version
