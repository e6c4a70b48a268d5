"""Administration of people and posts: check the right, change the data, record an event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from governance import events
from governance.access import passwords, policy
from governance.access.actors import Actor
from governance.access.models import Member, User
from governance.access.passwords import initial_password
from governance.access.permissions import Permission, Role
from governance.accounts import actions as account_actions
from governance.errors import Conflict, Forbidden, Invalid, Missing
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from governance.text import telephones
from governance.web import fields as web_fields
from grids import followers
from grids.models import Area, Post, PostArea, Unit
from grids.people import records
from grids.tree import local_day

AT_ONCE = 20  # initial passwords made in one request


@dataclass(frozen=True, slots=True)
class Joined:
    """A new member with the initial password."""

    member: Member
    password: str


def add_person(*, username: str, name: str, phone: str = "", by: Actor, at: datetime) -> Joined:
    """Add a person to the district with a new log-in; raises Forbidden, or Conflict if the log-in is taken.

    The error is the same whether it is taken here or in another district. For a person who works in two
    districts, the platform's operator adds the second membership (`manage.py import_people`).
    """
    member = enrol(username=username, name=name, phone=phone, by=by, at=at)
    return Joined(member, _give_initial(member.user))


def enrol(*, username: str, name: str, phone: str = "", by: Actor, at: datetime) -> Member:
    """The same without a password; a person imported from a list gets one later, when it is reset.

    The platform's operator may name a log-in of another district: the person works in both then. A log-in that
    differs from another only in capitals is taken.
    """
    policy.require(by, Permission.PEOPLE_EDIT)
    alike = User.objects.filter(username__iexact=username)
    if by.is_system:
        alike = alike.exclude(username=username)
    if alike.exists():
        raise Conflict(
            _("该登录名不能使用，请换一个。在其他区县已有账号的人，请由平台运维添加。"),
            code="login_taken",
            field="username",
        )
    name = web_fields.required(name, "name", _("姓名"))
    member = records.add_member(username=username, name=name, phone=phone)
    events.record("person.added", member, by=by, at=at)
    return member


def change_person(member: Member, *, name: str, phone: str = "", by: Actor, at: datetime) -> Member:
    """Correct a member's name, and the phone if one is given; raises Forbidden or Invalid.

    The log records which fields changed, never their old or new values.
    """
    policy.require(by, Permission.PEOPLE_EDIT)
    name = web_fields.required(name, "name", _("姓名"))
    wanted = {"name": name, "phone": telephones.valid(phone) or member.phone}
    changed = sorted(field for field, value in wanted.items() if getattr(member, field) != value)
    if not changed:
        return member
    before = telephones.hash_of(member.phone)
    for field in changed:
        setattr(member, field, wanted[field])
    member.save(update_fields=changed)
    if "phone" in changed:
        found = User.objects.filter(pk=member.user_id, phone_hash=before)
        found.update(phone_hash=telephones.hash_of(member.phone))
    events.record("person.changed", member, by=by, at=at, changed=changed)
    return member


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
    """Give a member a post.

    Raises Forbidden for a post of the actor's own, and Invalid for a first day that is over: a post must not give
    rights, or move responsibility, for days that have passed.
    """
    policy.require(by, Permission.PEOPLE_EDIT)
    _require_another(member, by)
    if since < local_day(at) and not by.is_system:
        raise Invalid(_("任职日期不能早于今天"), field="since", code="back_dated")
    covered = list(areas)
    post = records.appoint(member, unit, role, since=since, areas=covered)
    facts = {
        "unit": unit.pk,
        "role": str(role),
        "since": since.isoformat(),
        "areas": [area.code for area in covered],
    }
    events.record("person.posted", member, by=by, at=at, post=post.pk, **facts)
    return post


def _require_another(member: Member, by: Actor) -> None:
    """Raise Forbidden for the actor's own posts: an administrator must not widen the own rights alone."""
    if member.pk == by.member_id:
        raise Forbidden(
            _("自己的岗位须由另一位管理员任命；没有第二位管理员时，请联系平台运维"), code="own_post"
        )


def relieve_person(post_id: int, *, until: date, by: Actor, at: datetime) -> Post:
    """End a post with a day; raises Forbidden, Missing or Invalid, also for a day before yesterday.

    Raises Conflict for the actor's own last administrator post, unless another active member has the same
    post.
    """
    policy.require(by, Permission.PEOPLE_EDIT)
    if _last_own(post_id, by, at):
        message = _("不能结束您自己最后一个区县管理员岗位，请由另一位管理员办理")
        raise Conflict(message, code="own_account")
    if until < local_day(at) - timedelta(days=1) and not by.is_system:
        raise Invalid(_("离任日期不能早于昨天"), field="until", code="back_dated")
    post = Post.objects.select_related("member", "unit__group").filter(pk=post_id, valid_to=None).first()
    if post is None:
        raise Missing(_("该在任岗位不存在"))
    return _ended(post, until, by, at)


def _ended(post: Post, until: date, by: Actor, at: datetime) -> Post:
    records.relieve(post, until=until)
    events.record("person.relieved", post.member, by=by, at=at, post=post.pk, until=until.isoformat())
    return post


def _last_own(post_id: int, by: Actor, at: datetime) -> bool:
    """Is it the actor's last post as an administrator, with no other active member in the same one today?"""
    begun = Post.objects.filter(role=Role.TENANT_ADMIN, valid_from__lte=local_day(at))
    open_posts = begun.filter(valid_to=None)
    own = list(open_posts.filter(member_id=by.member_id).values_list("pk", "unit_id")[:2])
    if [pk for pk, _unit in own] != [post_id]:
        return False
    others = open_posts.exclude(member_id=by.member_id).filter(unit_id=own[0][1], member__active=True)
    return not others.exists()


def cover(post: Post, areas: Iterable[Area], *, by: Actor, at: datetime) -> Post:
    """Let a post cover other areas from today on: the old post ends yesterday and a new one begins, so both
    stay on record.

    A planned end stays. Raises Forbidden, also for the actor's own post, or Missing if the post is over.
    """
    policy.require(by, Permission.PEOPLE_EDIT)
    _require_another(post.member, by)
    today, places = local_day(at), sorted(areas, key=lambda area: area.code)
    if post.valid_to is not None and post.valid_to < today:
        raise Missing(_("该在任岗位不存在"))
    if post.valid_from >= today:  # it began today: there is no earlier period to record
        post.covers.all().delete()
        PostArea.objects.bulk_create([PostArea(post=post, area=area) for area in places])
        facts = {"unit": post.unit_id, "role": post.role, "areas": [area.code for area in places]}
        events.record("person.posted", post.member, by=by, at=at, post=post.pk, **facts)
        return post
    ends = post.valid_to
    _ended(post, today - timedelta(days=1), by, at)
    made = post_person(post.member, post.unit, post.role, since=today, areas=places, by=by, at=at)
    return records.relieve(made, until=ends) if ends else made


def give_first_passwords() -> list[tuple[str, str, str]]:
    """An initial password for every member of the open scope without a password: (log-in name, name,
    password).

    It must be changed at the first log-in; existing passwords stay.
    """
    given = []
    for member in without_password().select_related("user").order_by("user__username"):
        given.append((member.user.username, member.name, _give_initial(member.user)))
    return given


def without_password() -> QuerySet[Member]:
    """The active people who have never had a password: those imported from a list."""
    people = Member.objects.filter(active=True, user__is_service=False)
    return people.filter(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)


def hand_out_passwords(*, by: Actor, at: datetime) -> list[tuple[Member, str]]:
    """Initial passwords for those of them whose log-in belongs to this district alone, returned here and
    never again.

    Hashing a password takes a fraction of a second, so one call makes AT_ONCE of them. Raises Forbidden. The
    platform's operator gives the others theirs.
    """
    policy.require(by, Permission.PEOPLE_EDIT)
    lacking = without_password().filter(user__is_operator=False)
    shared = _shared(list(lacking.values_list("user_id", flat=True)), by.tenant_id)
    found = lacking.exclude(user_id__in=shared).select_related("user").prefetch_related("posts__unit")
    given = []
    for member in found.order_by("user__username")[:AT_ONCE]:
        given.append((member, _give_initial(member.user)))
        events.record("person.password_reset", member, by=by, at=at)
    return given


def _shared(user_ids: list[int], tenant_id: int) -> set[int]:
    """The log-ins that are members of another district too; each district is queried in its own scope."""
    found: set[int] = set()
    for tenant in Tenant.objects.exclude(pk=tenant_id):
        with scope(tenant):
            found |= set(Member.objects.filter(user_id__in=user_ids).values_list("user_id", flat=True))
    return found


def _give_initial(user: User) -> str:
    """Set a new password that must be changed at the first log-in.

    That mark is set last, because saving also sets it.
    """
    password = initial_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    passwords.due_at_once(user)
    return password


def reset_password(member: Member, *, by: Actor, at: datetime) -> str:
    """A new initial password, returned here and never again; running sessions end.

    Raises Conflict if the member is inactive or a service account, and Forbidden if the log-in is an operator's
    or also another district's.
    """
    policy.require(by, Permission.PEOPLE_EDIT)
    if not member.active:
        raise Conflict(_("停用的人员请先恢复，再重置密码"), code="member_left")
    if member.user.is_service:
        raise Conflict(_("对接账号没有密码，凭令牌办理"), code="service_account")
    if member.user.is_operator or _shared([member.user_id], member.tenant_id):
        raise Forbidden(_("该登录名不只属于本区县，请由平台运维重置密码"), code="shared_login")
    password = _give_initial(member.user)
    account_actions.revoke_tokens(member.user, by=by, at=at)
    events.record("person.password_reset", member, by=by, at=at)
    return password


def leave(member: Member, *, by: Actor, at: datetime) -> Member:
    """Deactivate a member in this district: posts stay on record; rights, notices and API tokens end.

    What is still in the member's name goes back to the units. Raises Forbidden or Conflict.
    """
    policy.require(by, Permission.PEOPLE_EDIT)
    if member.pk == by.member_id:
        raise Conflict(_("不能停用您自己"), code="own_account")
    account_actions.revoke_tokens(member.user, by=by, at=at)
    left = _switched(member, False, "person.left", by=by, at=at)
    followers.give_back(left, by=by, at=at)
    return left


def come_back(member: Member, *, by: Actor, at: datetime) -> Member:
    """Activate a member again, with the posts that still hold; raises Forbidden."""
    policy.require(by, Permission.PEOPLE_EDIT)
    return _switched(member, True, "person.back", by=by, at=at)


def _switched(member: Member, active: bool, kind: str, *, by: Actor, at: datetime) -> Member:
    """Set `active` and record an event if it changed."""
    if Member.objects.filter(pk=member.pk).exclude(active=active).update(active=active):
        events.record(kind, member, by=by, at=at)
    member.active = active
    return member
