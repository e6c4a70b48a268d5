"""Find what the codes of a report name: unit, category, area."""

from typing import Any

from django.utils.translation import gettext as _

from governance.errors import Invalid
from grids import tree as territory
from grids.models import Area, Unit
from tickets.catalog.tree import Node, tree


def complained_about(code: str) -> tuple[int, str] | None:
    """(id, kind) of the unit complained about, None without a code; raises Invalid for an unknown code."""
    if not code:
        return None
    found = Unit.objects.filter(code=code, active=True).values_list("id", "kind").first()
    if found is None:
        raise Invalid(
            _("没有代码为 %(code)s 的单位") % {"code": code[:40]}, code="unknown_unit", field="against"
        )
    return found


def choice_of(choices: Any, value: str, field: str) -> str:
    """The value, if it is empty or one of the choices; raises Invalid naming the field."""
    if value and value not in choices.values:
        raise Invalid(
            _("“%(value)s”不是可选的值") % {"value": str(value)[:40]}, code="unknown_choice", field=field
        )
    return str(value)


def category_of(code: str) -> Node | None:
    """The leaf category with this code, None without a code; raises Invalid for any other code."""
    if not code:
        return None
    node = tree().by_code.get(code)
    if node is None or not node.active:
        raise Invalid(
            _("没有代码为 %(code)s 的分类") % {"code": code[:40]}, code="unknown_category", field="category"
        )
    if not node.leaf:
        raise Invalid(_("请选到最细的分类"), code="not_a_leaf", field="category")
    return node


def area_of(code: str) -> tuple[int, str, str]:
    """(id, path, level) of an area in force. Without a code the district; for a merged grid its successor.

    Raises Invalid for an unknown code, and if the district has no areas yet.
    """
    found = Area.objects.filter(code=code, valid_to=None) if code else Area.objects.filter(parent=None)
    row = found.values_list("id", "path", "level").first()
    if row is None and code and (place := territory.in_force(code)) is not None:
        return place.pk, place.path, place.level
    if row is None and code:
        raise Invalid(
            _("没有代码为 %(code)s 的区域") % {"code": code[:40]}, code="unknown_area", field="area"
        )
    if row is None:
        raise Invalid(_("本区县尚未导入区划，暂不能受理"), code="no_territory", field="area")
    return row
