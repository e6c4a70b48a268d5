"""Categories as choices of a select, compiled once per configuration."""

from collections.abc import Collection
from typing import Any

from governance.bilingual import told
from governance.tenancy.config import compiled
from governance.tenancy.scope import current
from tickets.models import Category


def _load() -> list[tuple[int, int | None, str, bool, str, str]]:
    rows = Category.objects.filter(active=True).order_by("code")
    return list(rows.values_list("id", "parent_id", "code", "leaf", "name", "name_en"))


def _nodes() -> list[tuple[int, int | None, str, bool, str]]:
    """The active categories, each named in the reader's language."""
    rows = compiled(current(), "category_choices", _load)
    return [(pk, parent, code, leaf, told(name, english)) for pk, parent, code, leaf, name, english in rows]


def leaves() -> list[Any]:
    """The leaves of the category tree as choices: first those without a parent, then a group per parent
    path."""
    rows = _nodes()
    named = {pk: (parent, name) for pk, parent, _code, _leaf, name in rows}
    groups: dict[str, list[tuple[str, str]]] = {}
    for _pk, parent, code, leaf, name in rows:
        if leaf:
            groups.setdefault(" / ".join(_above(named, parent)), []).append((code, name))
    return [*groups.pop("", []), *groups.items()]


def _above(named: dict[int, tuple[int | None, str]], parent: int | None) -> list[str]:
    found: list[str] = []
    while parent in named:
        parent, name = named[parent]
        found.insert(0, name)
    return found


def every(without: Collection[int] = ()) -> list[tuple[str, str]]:
    """(code, name) of every active category, for filters; filtering by one includes those below it.

    `without` holds the ids of categories to leave out.
    """
    return [(code, name) for pk, _parent, code, _leaf, name in _nodes() if pk not in without]
