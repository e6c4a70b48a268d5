"""Packs of standard settings that an administrator loads with one click: each app registers its own.

A pack adds only what is missing, so it can be loaded again; what the district has stays as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Missing
from governance.tenancy.models import Tenant


class Loader(Protocol):
    """A function that adds what is missing through ordinary actions."""

    def __call__(self, *, by: Actor, at: datetime) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One pack: its name, what it is, the page below the desk where its content stands, and how it is loaded.

    `missing` names everything that it would add now, in a fixed number of statements.
    """

    slug: str
    label: Any
    about: Any
    path: str
    missing: Callable[[], list[str]]
    load: Loader


@dataclass(frozen=True, slots=True)
class Offer:
    """A pack and what it would add now."""

    pack: Pack
    adds: list[str]


_packs: dict[int, Pack] = {}


def add(order: int, pack: Pack) -> None:
    """Register a pack at its place among the others."""
    _packs[order] = pack


def offers() -> list[Offer]:
    """Every pack, in order, with what it would add in the open scope."""
    return [Offer(pack, pack.missing()) for _order, pack in sorted(_packs.items())]


def offer(slug: str) -> Offer:
    """One pack with what it would add; raises Missing."""
    found = next((pack for pack in _packs.values() if pack.slug == slug), None)
    if found is None:
        raise Missing(_("页面不存在"))
    return Offer(found, found.missing())


def load(slug: str, *, tenant: Tenant, by: Actor, at: datetime) -> int:
    """Add what is missing of a pack; returns how much. Raises Forbidden, Missing, and what the pack's actions raise."""
    policy.require(by, Permission.SETTINGS_EDIT)
    Tenant.objects.select_for_update().get(pk=tenant.pk)  # a second click waits, and finds nothing missing
    found = offer(slug)
    if found.adds:
        found.pack.load(by=by, at=at)
        events.record("district.pack_loaded", tenant, by=by, at=at, pack=slug, count=len(found.adds))
    return len(found.adds)
