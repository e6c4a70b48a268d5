"""Create members and posts; checks the data, not the rights."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from governance.access.models import Member, User
from governance.access.permissions import Role
from governance.errors import Conflict, Invalid
from governance.text import telephones
from governance.web import fields as web_fields
from grids.models import Area, Post, PostArea, Unit


def lock(member: Member, field: str) -> None:
    """Lock a member until the transaction ends: two requests about one member run one after the other, so that nobody
    is given work while being switched off.

    Raises Conflict, naming the field, if the member is switched off.
    """
    if not Member.objects.select_for_update(no_key=True).filter(pk=member.pk, active=True).exists():
        message = _("%(name)s已停用，请选择其他人员") % {"name": member.name}
        raise Conflict(message, code="person_inactive", field=field)


def add_member(*, username: str, name: str, password: str | None = None, phone: str = "") -> Member:
    """The member with this log-in in the open scope's district, created if new; an existing log-in is
    reused."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(username, password, phone_hash=telephones.hash_of(phone))
    member = Member.objects.filter(user=user).first()
    return member or Member.objects.create(user=user, name=web_fields.trimmed(name), phone=phone)


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
