"""The standard categories as a pack: those that are missing, their departments, and their own limits."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.actors import Actor
from governance.district import packs
from grids.units import bureaus
from tickets.catalog import actions
from tickets.catalog.models import Category, ServiceLevel
from tickets.catalog.service_levels import DEFAULTS
from tickets.catalog.standard import STANDARD, Standard

Tree = dict[tuple[int | None, str], Category]


def _tree() -> Tree:
    return {(row.parent_id, row.name): row for row in Category.objects.all()}


def _standing(tree: Tree) -> Iterator[tuple[Standard, Category]]:
    """The standard categories that the district has, each with its row."""
    for (top, _english), leaves in STANDARD.items():
        parent = tree.get((None, top))
        for leaf in leaves if parent else ():
            if row := tree.get((parent.pk, leaf.name)):
                yield leaf, row


def _without_department(tree: Tree) -> Iterator[tuple[Standard, Category]]:
    return ((leaf, row) for leaf, row in _standing(tree) if row.active and row.duty_unit_id is None)


def _general_limits() -> list[tuple[str, str]]:
    """The default limits of a tier that the district lacks."""
    have = set(ServiceLevel.objects.filter(category=None).values_list("tier", "purpose"))
    return [key for key in DEFAULTS if (str(key[0]), str(key[1])) not in have]


def missing() -> list[str]:
    """The categories that are missing, the departments that can be added to them, and missing default limits.

    Three statements.
    """
    tree, named = _tree(), bureaus.known()
    found = []
    for (top, _english), leaves in STANDARD.items():
        parent = tree.get((None, top))
        found += [
            f"{top} / {leaf.name}" for leaf in leaves if not parent or (parent.pk, leaf.name) not in tree
        ]
    for leaf, row in _without_department(tree):
        if leaf.bureau in named:
            told = {"category": row.name, "unit": named[leaf.bureau].name}
            found.append(_("首办单位：%(category)s → %(unit)s") % told)
    if lacking := len(_general_limits()):
        found.append(_("默认办理时限 %(n)d 条") % {"n": lacking})
    return found


def load(*, by: Actor, at: datetime) -> None:
    """Add what is missing; a category that the district has keeps its urgency, its limits and its department."""
    given = {"by": by, "at": at}
    for tier, purpose in _general_limits():
        budget, unit = DEFAULTS[tier, purpose]
        actions.set_level(tier=tier, category=None, purpose=purpose, budget=budget, unit=unit, **given)
    tree, named = _tree(), bureaus.known()
    for leaf, row in list(_without_department(tree)):
        if leaf.bureau in named:
            actions.change_category(row, name=row.name, duty_unit=named[leaf.bureau], **given)
    used = {row.code for row in tree.values()}
    for (top, english), leaves in STANDARD.items():
        parent = tree.get((None, top))
        if parent is None:
            parent = actions.add_category(
                parent=None, code=_free("", used), name=top, name_en=english, **given
            )
        for leaf in leaves:
            if (parent.pk, leaf.name) not in tree:
                _add(leaf, parent, _free(parent.code, used), named, **given)


def _free(before: str, used: set[str]) -> str:
    """The next code of two digits after that of the parent, which is used from now on."""
    code = next(code for n in range(1, 1000) if (code := f"{before}{n:02d}") not in used)
    used.add(code)
    return code


def _add(leaf: Standard, parent: Category, code: str, named: dict, *, by: Actor, at: datetime) -> None:
    marks = ("name", "name_en", "tier", "matter", "needs_eyes", "dispute", "unlisted")
    values = {name: getattr(leaf, name) for name in marks}
    made = actions.add_category(
        parent=parent, code=code, duty_unit=named.get(leaf.bureau), **values, by=by, at=at
    )
    for purpose, budget, unit in leaf.limits:
        actions.set_level(tier="", category=made, purpose=purpose, budget=budget, unit=unit, by=by, at=at)


packs.add(
    20,
    packs.Pack(
        slug="categories",
        label=gettext_lazy("标准分类"),
        about=gettext_lazy(
            "两级事项分类，含紧急程度、首办单位和办理时限。请先载入常用部门，首办单位随之对应。"
        ),
        path="settings/categories/",
        missing=missing,
        load=load,
    ),
)
