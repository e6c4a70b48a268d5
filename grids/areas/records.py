"""Create areas; checks the data, not the rights."""

from typing import Any

from django.utils.translation import gettext as _

from governance.errors import Invalid
from governance.web import fields as web_fields
from grids.models import CODE_LENGTH, Area, Level

ORDER = [Level.DISTRICT, Level.STREET, Level.SECTION, Level.COMMUNITY, Level.GRID, Level.BUILDING]


def add_area(*, level: str, code: str, name: str, parent: Area | None = None, **more: Any) -> Area:
    """Create an area below its parent; raises Invalid if its level or its code does not fit."""
    check_area(level=level, code=code, parent=parent)
    path = (parent.path if parent else "") + code + "/"
    return Area.objects.create(
        level=level, code=code, name=web_fields.trimmed(name), parent=parent, path=path, **more
    )


def check_area(*, level: str, code: str, parent: Area | None) -> None:
    """Raise Invalid unless the level is below the parent's and the code has the right length (domain.md B1,
    B2)."""
    length = CODE_LENGTH.get(Level(level))
    if length and not (len(code) == length and code.isascii() and code.isdigit()):
        message = _("%(level)s的代码应为 %(n)d 位数字，现为“%(code)s”")
        raise Invalid(
            message % {"level": Level(level).label, "n": length, "code": code}, field="code", code="bad_code"
        )
    if parent is None and level != Level.DISTRICT:
        raise Invalid(_("只有区县可以没有上级"), field="parent", code="no_parent")
    if parent is not None and ORDER.index(Level(level)) <= ORDER.index(Level(parent.level)):
        raise Invalid(_("上级的层级必须更高"), field="parent", code="level_order")
