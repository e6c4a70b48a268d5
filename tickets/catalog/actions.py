"""Edit service levels and the category tree; every change renews the configuration and is recorded."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks.calendar import Unit
from governance.clocks.policies import LONGEST
from governance.errors import Conflict, Invalid, Missing
from governance.tenancy import config
from governance.tenancy.models import Tenant
from governance.tenancy.scope import current, scope
from grids.units.records import set_fields
from tickets.catalog.models import Category, ServiceLevel
from tickets.catalog.service_levels import DEFAULTS

CATEGORY_FIELDS = (
    "name",
    "name_en",
    "tier",
    "matter",
    "needs_eyes",
    "dispute",
    "unlisted",
    "duty_unit",
    "active",
)


def set_level(
    *,
    tier: str,
    category: Category | None,
    purpose: str,
    budget: int,
    unit: str,
    by: Actor,
    at: datetime,
    warn: list[int] | None = None,
    rise: list[int] | None = None,
) -> ServiceLevel:
    """Set the time limit of one step from now on; running clocks keep theirs.

    `warn` are up to two shares of the time limit in percent. `rise` are up to two spans after the due time,
    in workdays for work time and in minutes around the clock. None leaves them unchanged, an empty list means
    the platform's defaults. Raises Forbidden, Invalid.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    if not 0 <= budget <= LONGEST[Unit(unit)]:
        raise Invalid(_("时限太长"), code="out_of_range", field="budget")
    values: dict[str, Any] = {"budget": budget, "unit": unit}
    if warn is not None:
        values["warn_shares"] = _ascending(warn, 99, "warn")
    if rise is not None:
        measure = Unit.NATURAL_MINUTES if unit == Unit.NATURAL_MINUTES else Unit.WORKDAYS
        longest = LONGEST[measure]
        values["escalate_after"] = [[amount, str(measure)] for amount in _ascending(rise, longest, "rise")]
    level, _made = ServiceLevel.objects.update_or_create(
        tier=tier, category=category, purpose=purpose, defaults=values
    )
    config.changed(current())
    facts = {"tier": tier, "category": category and category.code, "purpose": purpose}
    events.record("settings.changed", level, by=by, at=at, budget=budget, unit=str(unit), **facts)
    return level


def _ascending(numbers: list[int], most: int, field: str) -> list[int]:
    """Up to two numbers from 1 to `most`, the second larger than the first; raises Invalid naming the field."""
    if len(numbers) > 2 or numbers != sorted(set(numbers)) or not all(0 < one <= most for one in numbers):
        message = _("最多填两个从小到大的数，每个在 1 到 %(most)d 之间")
        raise Invalid(message % {"most": most}, code="out_of_range", field=field)
    return numbers


def drop_level(pk: int, *, by: Actor, at: datetime) -> None:
    """Delete a level, so that the more general one holds; the general ones stay. Raises Missing, Invalid."""
    policy.require(by, Permission.SETTINGS_EDIT)
    level = ServiceLevel.objects.filter(pk=pk).first()
    if level is None:
        raise Missing(_("该时限不存在"))
    if not level.tier and level.category_id is None:
        raise Invalid(_("通用时限只能修改，不能删除"), code="general_level")
    events.record("settings.changed", level, by=by, at=at, dropped=True)
    level.delete()
    config.changed(current())


def add_category(
    *, parent: Category | None, code: str, name: str, by: Actor, at: datetime, **more: Any
) -> Category:
    """Add a node to the tree; its parent is no longer a leaf.

    Raises Forbidden, and Invalid or Conflict naming the field.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    level = parent.level + 1 if parent else 1
    if level > 3:
        raise Invalid(_("分类最多三级"), code="too_deep", field="parent")
    if Category.objects.filter(code=code).exists():
        raise Conflict(_("代码 %(code)s 已被使用") % {"code": code}, code="code_taken", field="code")
    _name_is_free(name, parent)
    made = Category.objects.create(parent=parent, code=code, level=level, leaf=True, name=name, **more)
    if parent and parent.leaf:
        parent.leaf = False
        parent.save(update_fields=["leaf"])
    config.changed(current())
    events.record("settings.changed", made, by=by, at=at, code=code, added=True)
    return made


def change_category(category: Category, *, by: Actor, at: datetime, **values: Any) -> Category:
    """Change the fields of a node; its code and place stay. Existing tickets keep their clocks.

    Raises Forbidden, and Conflict naming the field if the name is taken or nodes below are still active.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    if values["name"] != category.name:
        _name_is_free(values["name"], category.parent)
    if category.active and not values.get("active", True):
        _nothing_below_is_on_offer(category)
    if changed := set_fields(category, values, CATEGORY_FIELDS):
        config.changed(current())
        events.record("settings.changed", category, by=by, at=at, code=category.code, fields=changed)
    return category


def _nothing_below_is_on_offer(category: Category) -> None:
    if below := Category.objects.filter(parent=category, active=True).count():
        message = _("还有 %(n)d 个下级分类在用，请先停用它们")
        raise Conflict(message % {"n": below}, code="has_children", field="active")


def _name_is_free(name: str, parent: Category | None) -> None:
    if Category.objects.filter(parent=parent, name=name).exists():
        raise Conflict(_("同一级已有“%(name)s”") % {"name": name}, code="name_taken", field="name")


def seed(tenant: Tenant) -> None:
    """Give a district the default service levels if it has none."""
    with scope(tenant):
        if not ServiceLevel.objects.exists():
            ServiceLevel.objects.bulk_create(
                ServiceLevel(tier=tier, purpose=purpose, budget=budget, unit=unit)
                for (tier, purpose), (budget, unit) in DEFAULTS.items()
            )
