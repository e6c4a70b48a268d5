"""Categories as choices of a select, named in the reader's language."""

from collections.abc import Collection
from typing import Any

from governance.text.bilingual import in_reader_language
from tickets.catalog.tree import tree


def leaves() -> list[Any]:
    """The leaves of the category tree as choices: first those without a parent, then a group per parent
    path."""
    known = tree()
    groups: dict[str, list[tuple[str, str]]] = {}
    for node in known.active():
        if node.leaf:
            above = [one for one in known.upwards(node.parent_id) if one.active]
            path = " / ".join(in_reader_language(one.name, one.name_en) for one in reversed(above))
            groups.setdefault(path, []).append((node.code, in_reader_language(node.name, node.name_en)))
    return [*groups.pop("", []), *groups.items()]


def every(without: Collection[int] = ()) -> list[tuple[str, str]]:
    """(code, name) of every active category, for filters; filtering by one includes those below it.

    `without` holds the ids of categories to leave out.
    """
    return [
        (node.code, in_reader_language(node.name, node.name_en))
        for node in tree().active()
        if node.id not in without
    ]
