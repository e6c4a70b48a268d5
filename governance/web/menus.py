"""Menus: each app adds its own entries when it is loaded."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.access.actors import Actor
from governance.access.permissions import Permission

#: Groups of the settings menu.
RULES, PEOPLE, RESIDENTS, BEYOND = _("规则"), _("区划与人员"), _("面向居民"), _("对接与记录")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One menu entry: `path` is below the district's URL.

    Any permission in `anyone_with` is enough to see it. Without permissions every person sees it. Entries of
    one `group` must be adjacent in the order; they are listed under the group's name. Entries `at_thumb` stand in
    the bar at the foot of a phone too.
    """

    label: Any
    path: str
    order: int
    face: str = "desk"
    group: Any = ""
    anyone_with: tuple[Permission, ...] = ()
    at_thumb: bool = False

    def shown_to(self, actor: Actor | None) -> bool:
        """True if the actor may see the entry."""
        return not self.anyone_with or bool(
            actor and any(actor.grants_with(permission) for permission in self.anyone_with)
        )


_entries: dict[tuple[str, str], Entry] = {}


def add(*entries: Entry) -> None:
    """Add entries to the menu; a second one with the same face and path replaces the first."""
    for entry in entries:
        _entries[entry.face, entry.path] = entry


def entries(face: str, actor: Actor | None) -> Iterable[Entry]:
    """The entries of a face that this actor may use, in order."""
    found = [entry for entry in _entries.values() if entry.face == face and entry.shown_to(actor)]
    return sorted(found, key=lambda entry: entry.order)
