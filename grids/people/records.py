"""Actions on areas, units and posts; they check the data, not the rights."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from governance.access.models import Member, User
from governance.access.permissions import Role
from governance.errors import Invalid
from governance.tenancy.config import changed
from governance.tenancy.scope import current
from governance.text import telephones
from grids.models import CODE_LENGTH, Area, Level, Post, PostArea, Unit

ORDER = [Level.DISTRICT, Level.STREET, Level.SECTION, Level.COMMUNITY, Level.GRID, Level.BUILDING]


def add_area(*, level: str, code: str, name: str, parent: Area | None = None, **more: Any) -> Area:
    """Create an area below its parent; raises Invalid if its level or its code does not fit."""
    check_area(level=level, code=code, parent=parent)
    path = (parent.path if parent else "") + code + "/"
    return Area.objects.create(level=level, code=code, name=name.strip(), parent=parent, path=path, **more)


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


def add_unit(
    *, kind: str, code: str, name: str, area: Area, parent: Unit | None = None, **reached: str
) -> Unit:
    """Create a unit with the hidden group that receives shares; `reached` is its phone, address and opening
    hours."""
    group = Group.objects.create(name=f"{current().pk}:{code}"[:150])
    unit = Unit.objects.create(
        kind=kind, code=code, name=name.strip(), area=area, parent=parent, group=group, **reached
    )
    unit.path = (parent.path if parent else "") + f"{unit.pk}/"
    unit.save(update_fields=["path"])
    settings_changed()
    return unit


def add_member(*, username: str, name: str, password: str | None = None, phone: str = "") -> Member:
    """The member with this log-in in the open scope's district, created if new; an existing log-in is
    reused."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(username, password, phone_hash=telephones.hash_of(phone))
    member = Member.objects.filter(user=user).first()
    return member or Member.objects.create(user=user, name=name.strip(), phone=phone)


def appoint(member: Member, unit: Unit, role: Role | str, *, since: date, areas: Iterable[Area] = ()) -> Post:
    """Give a member a post from a day on; the same open post is not given twice."""
    post, made = Post.objects.get_or_create(
        member=member, unit=unit, role=Role(role), valid_to=None, defaults={"valid_from": since}
    )
    if made:
        PostArea.objects.bulk_create([PostArea(post=post, area=area) for area in areas])
        _sync_group(member, unit)
    return post


def relieve(post: Post, *, until: date) -> Post:
    """End a post with a day; its rights end with it. Raises Invalid if that is before its first day."""
    if until < post.valid_from:
        raise Invalid(_("离任日期早于任职日期"), field="valid_to", code="date_order")
    post.valid_to = until
    post.save(update_fields=["valid_to"])
    _sync_group(post.member, post.unit)
    return post


def _sync_group(member: Member, unit: Unit) -> None:
    """Add the user to the unit's hidden group if they have an open post in the unit, else remove them."""
    if Post.objects.filter(member=member, unit=unit, valid_to=None).exists():
        unit.group.user_set.add(member.user_id)
    else:
        unit.group.user_set.remove(member.user_id)


def settings_changed() -> None:
    """Make every process compile the district's configuration again."""
    changed(current())
