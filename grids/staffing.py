"""People and their posts, as an administrator keeps them: asked for, written down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actions import initial_password
from governance.access.actors import Actor
from governance.access.models import Member, User
from governance.access.permissions import Permission, Role
from governance.errors import Conflict, Missing
from grids import actions
from grids.models import Area, Post, Unit

NEVER_CHANGED = datetime(1970, 1, 1, tzinfo=UTC)  # an initial password is due for a change at once


@dataclass(frozen=True, slots=True)
class Joined:
    """A new person; `password` is empty where the log-in existed and keeps its own."""

    member: Member
    password: str


def add_person(*, username: str, name: str, phone: str = "", by: Actor, at: datetime) -> Joined:
    """A person joins the district; raises Forbidden, and Conflict where the log-in is a member already."""
    policy.require(by, Permission.PEOPLE_EDIT)
    if Member.objects.filter(user__username=username).exists():
        raise Conflict(_("这个登录名已是本区县人员"), code="member_exists", field="username")
    known = User.objects.filter(username=username).exists()
    password = "" if known else initial_password()
    member = actions.add_member(username=username, name=name, password=password or None, phone=phone)
    if password:
        User.objects.filter(pk=member.user_id).update(password_set_at=NEVER_CHANGED)
    events.record("person.added", member, by=by, at=at)
    return Joined(member, password)


def post_person(
    member: Member,
    unit: Unit,
    role: Role | str,
    *,
    since: date,
    areas: Iterable[Area] = (),
    by: Actor,
    at: datetime,
) -> Post:
    """Give a person a post; raises Forbidden."""
    policy.require(by, Permission.PEOPLE_EDIT)
    covered = list(areas)
    post = actions.appoint(member, unit, role, since=since, areas=covered)
    facts = {
        "unit": unit.pk,
        "role": str(role),
        "since": since.isoformat(),
        "areas": [area.code for area in covered],
    }
    events.record("person.posted", member, by=by, at=at, post=post.pk, **facts)
    return post


def relieve_person(post_id: int, *, until: date, by: Actor, at: datetime) -> Post:
    """End a post with a day; raises Forbidden, Missing, Invalid."""
    policy.require(by, Permission.PEOPLE_EDIT)
    post = Post.objects.select_related("member", "unit__group").filter(pk=post_id, valid_to=None).first()
    if post is None:
        raise Missing(_("没有这个在任的岗位"))
    actions.relieve(post, until=until)
    events.record("person.relieved", post.member, by=by, at=at, post=post.pk, until=until.isoformat())
    return post


def give_first_passwords() -> list[tuple[str, str, str]]:
    """An initial password for every member of the open scope who has none: (log-in name, name, password).

    It must be changed at the first log-in; who has a password keeps it.
    """
    given = []
    for member in Member.objects.filter(active=True).select_related("user").order_by("user__username"):
        if member.user.has_usable_password():
            continue
        password = initial_password()
        member.user.set_password(password)
        member.user.password_set_at = NEVER_CHANGED
        member.user.save(update_fields=["password", "password_set_at"])
        given.append((member.user.username, member.name, password))
    return given
