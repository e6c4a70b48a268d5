"""Dry run: call the real actions, then roll back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from governance.tenancy import config
from governance.tenancy.scope import current


@dataclass(slots=True)
class Attempt:
    """A dry run; its changes stay if `kept` is set before the end."""

    kept: bool = False


@contextmanager
def attempt() -> Iterator[Attempt]:
    """Roll back all changes made inside unless they are kept, and drop configuration compiled from them.

    It is dropped while the changed rows are still locked, so no other transaction can change the
    configuration in between.
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


@contextmanager
def kept_unless(dry_run: bool) -> Iterator[None]:
    """Keep the changes made inside, or roll all of them back if it is a dry run."""
    with attempt() as made:
        yield
        made.kept = not dry_run
