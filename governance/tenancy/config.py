"""A district's configuration, compiled once per process and version: exact, because the version is read per request."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import F

from governance.tenancy.models import Tenant

T = TypeVar("T")
_kept: dict[tuple[int, str], tuple[int, Any]] = {}


def compiled(tenant: Tenant, key: str, load: Callable[[], T]) -> T:
    """What `load` gives in the open scope, kept until the tenant's configuration changes."""
    slot = (tenant.pk, key)
    kept = _kept.get(slot)
    if kept is None or kept[0] != tenant.config_version:
        kept = _kept[slot] = (tenant.config_version, load())
    return kept[1]


def changed(tenant: Tenant) -> None:
    """Say in the transaction of a configuration change that every process must compile again."""
    Tenant.objects.filter(pk=tenant.pk).update(config_version=F("config_version") + 1)
    tenant.refresh_from_db(fields=["config_version"])


def forget(tenant: Tenant) -> None:
    """Compile again what was compiled in this process: what it was made from is about to be rolled back."""
    for slot in [slot for slot in _kept if slot[0] == tenant.pk]:
        _kept.pop(slot, None)
