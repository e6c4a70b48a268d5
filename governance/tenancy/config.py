"""Compiled configuration of a district, cached per process and version.

The version is read with each request.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import F

from governance.tenancy.models import Tenant

T = TypeVar("T")
_kept: dict[tuple[int, str], tuple[int, Any]] = {}


def compiled(tenant: Tenant, key: str, load: Callable[[], T]) -> T:
    """The result of `load` in the open scope, cached until the tenant's configuration changes."""
    slot = (tenant.pk, key)
    kept = _kept.get(slot)
    if kept is None or kept[0] != tenant.config_version:
        kept = _kept[slot] = (tenant.config_version, load())
    return kept[1]


def changed(tenant: Tenant) -> None:
    """Make every process compile again; call it in the transaction that changes the configuration."""
    Tenant.objects.filter(pk=tenant.pk).update(config_version=F("config_version") + 1)
    tenant.refresh_from_db(fields=["config_version"])


def forget(tenant: Tenant) -> None:
    """Drop what this process has compiled for the tenant, because its source is about to be rolled back."""
    for slot in [slot for slot in _kept if slot[0] == tenant.pk]:
        _kept.pop(slot, None)
