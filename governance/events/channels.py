"""Channels besides the inbox: notices as text messages, or as lines in a unit's chat group.

A message contains no names and nothing about the ticket but its number. It is sent when the notice becomes
visible, and not at all if the notice has been read before or was put under a digest.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import events
from governance.access import actors, policy
from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.database.unique import conflict_on_duplicate
from governance.errors import Conflict, Missing
from governance.events import notice_texts
from governance.events.models import DIGEST, Notice, Robot
from governance.events.notice_texts import Line, Told
from governance.messages import outbox, robots
from governance.messages.models import Message
from governance.tenancy.config import changed, compiled
from governance.tenancy.scope import current

LABELS = {
    "urgent": gettext_lazy("紧急事项"),
    "work": gettext_lazy("新增、交办、待批等工作"),
    "time": gettext_lazy("将超时、超时与提级"),
    "brief": gettext_lazy("每天早报"),
}
TEXT, GROUP = "notice", "robot"  # kinds of `Message`
USEFUL = timedelta(hours=12)
WINDOW = timedelta(minutes=10)
LONGEST_NIGHT = timedelta(days=12)  # the longest time that an office is closed
LATEST = 500
PER_GROUP = 15  # lines in ten minutes; the chat platforms accept twenty a minute
outbox.sends(GROUP, robots.send)


def sort_of(notice: Notice) -> str:
    """The sort of a notice, one of `NOTICE_SORTS`."""
    if notice.urgent:
        return "urgent"
    if notice.kind == "desk.brief":
        return "brief"
    return "time" if notice.kind == DIGEST or notice.kind.startswith("clock.") else "work"


def schedule_alert(rows: Iterable[Notice], units: dict[int, set[int]]) -> None:
    """Put the messages that the district's channels require into the outbox, each once.

    Runs in the open transaction. `units` are the ids of the units notified of each event, by event id. If no
    channel applies, no statement is run.
    """
    tenant = current()
    with_group = compiled(tenant, "robots", _units_with_a_group)
    units = {event: there for event, some in units.items() if (there := some & with_group)}
    by_text, by_group = tenant.setting("notice_sms"), tenant.setting("notice_robot") if units else []
    wanted = [row for row in rows if row.digest_id is None and sort_of(row) in {*by_text, *by_group}]
    if not wanted:
        return
    with translation.override(settings.LANGUAGE_CODE):
        told = notice_texts.told(_stored(wanted), actors.system(tenant.pk), wanted[0].created_at)
        texts = _texts([one for one in told if sort_of(one.notice) in by_text])
        groups = _groups([one for one in told if sort_of(one.notice) in by_group], units)
        outbox.enqueue([*texts, *groups])


def _units_with_a_group() -> set[int]:
    return set(Robot.objects.filter(active=True).values_list("unit_id", flat=True))


def _stored(rows: list[Notice]) -> list[Notice]:
    """The rows as stored in the inbox; a notice written earlier is there only once."""
    events_of, people = {row.event_id for row in rows}, {row.member_id for row in rows}
    kept = Notice.objects.filter(event_id__in=events_of - {None}, member_id__in=people, digest=None)
    return [*kept.order_by("pk"), *(row for row in rows if row.event_id is None)]


def _key(row: Notice) -> str:
    return f"d{row.pk}" if row.event_id is None else f"{row.event_id}:{row.member_id}"


def _message(kind: str, key: str, to: str, one: Told) -> Message:
    tenant, row, line = current(), one.notice, one.line
    said = " ".join(filter(None, [line.what, line.number]))
    return Message(
        kind=kind,
        key=key,
        phone=to,
        text=f"【{tenant.name}】{said}"[:200],
        link=f"/{tenant.slug}/{line.link or row.address or 'desk/inbox/'}",
        next_try_at=row.rings_at,
        until=row.rings_at + USEFUL,
        created_at=row.created_at,
    )


def _texts(told: list[Told]) -> list[Message]:
    people = Member.objects.filter(pk__in={one.notice.member_id for one in told}, active=True) if told else ()
    phones = {member.pk: member.phone for member in people}
    return [
        _message(TEXT, _key(one.notice), phone, one)
        for one in told
        if (phone := phones.get(one.notice.member_id))
    ]


def _groups(told: list[Told], units: dict[int, set[int]]) -> list[Message]:
    """One line per event and group, even if several members of the unit are notified."""
    if not told:
        return []
    there = set().union(*units.values())
    found = list(Robot.objects.filter(unit_id__in=there, active=True).order_by("pk"))
    first, last = min(one.notice.rings_at for one in told), max(one.notice.rings_at for one in told)
    sent = Counter(_group_of(message) for message in _lines_around(first, last))
    made: dict[str, Message] = {}
    urgent_first = sorted(told, key=lambda one: not one.notice.urgent)
    for robot in found:
        to = robots.pack(robot.platform, robot.address, robot.secret)
        for one in urgent_first:
            event = one.notice.event_id
            if event not in units or robot.unit_id not in units[event] or f"{event}@{robot.pk}" in made:
                continue
            if one.notice.urgent or sent[robot.pk] < PER_GROUP:
                made[f"{event}@{robot.pk}"] = _message(GROUP, f"{event}@{robot.pk}", to, one)
                sent[robot.pk] += 1
            else:  # limit reached: one line says that there are more
                key = f"more{one.notice.rings_at:%Y%m%d%H}@{robot.pk}"
                more = Told(one.notice, Line(_("还有其他通知，请登录查看"), link="desk/inbox/"), one.held)
                made.setdefault(key, _message(GROUP, key, to, more))
    return list(made.values())


def _group_of(message: Message) -> int:
    return int(message.key.rpartition("@")[2])


def _lines_around(first: datetime, last: datetime) -> QuerySet[Message]:
    """Lines sent to groups at about that time; lines written at night are all sent when the office opens."""
    near = {"next_try_at__gt": first - WINDOW, "next_try_at__lt": last + WINDOW}
    return Message.objects.filter(kind=GROUP, created_at__gt=first - LONGEST_NIGHT, **near).only("key")


def cancel_alert(rows: Iterable[Notice]) -> None:
    """Delete waiting messages of notices that were read or put under a digest; one statement."""
    keys = [_key(row) for row in rows]
    if keys:
        Message.objects.filter(kind=TEXT, key__in=keys, state=Message.State.WAITING).delete()


# -- the groups


def add_robot(*, unit_id: int, platform: str, address: str, secret: str, by: Actor, at: datetime) -> Robot:
    """Send lines to a unit's chat group from now on. Raises Forbidden, Invalid, Conflict naming the field."""
    policy.require(by, Permission.SETTINGS_EDIT)
    robots.check(address, platform)
    taken = Conflict(_("该单位已有群机器人"), field="unit", code="robot_taken")
    with conflict_on_duplicate(taken):
        made = Robot.objects.create(unit_id=unit_id, platform=platform, address=address, secret=secret)
    changed(current())
    events.record("robot.added", made, by=by, at=at, unit=unit_id, platform=platform)
    return made


def drop_robot(pk: int, *, by: Actor, at: datetime) -> None:
    """Stop sending to a chat group and erase its address. Raises Forbidden, Missing."""
    _drop(_robot(pk, by), by, at)


def drop_group(unit_id: int, *, by: Actor, at: datetime) -> None:
    """Stop sending to the chat group of a unit, if it has one. Raises Forbidden."""
    policy.require(by, Permission.SETTINGS_EDIT)
    for robot in Robot.objects.filter(unit_id=unit_id, active=True):
        _drop(robot, by, at)


def _drop(robot: Robot, by: Actor, at: datetime) -> None:
    robot.active, robot.address, robot.secret = False, "", ""
    robot.save(update_fields=["active", "address", "secret"])
    waiting = Message.objects.filter(kind=GROUP, state=Message.State.WAITING)
    waiting.filter(key__endswith=f"@{robot.pk}").delete()
    changed(current())
    events.record("robot.dropped", robot, by=by, at=at, unit=robot.unit_id)


def try_robot(pk: int, *, by: Actor, at: datetime) -> None:
    """Send a test line to a chat group. Raises Forbidden, Missing."""
    robot = _robot(pk, by)
    to = robots.pack(robot.platform, robot.address, robot.secret)
    text = _("【%(district)s】群机器人已接通。") % {"district": current().name}
    key = f"try{int(at.timestamp())}@{pk}"
    given = {"next_try_at": at, "until": at + timedelta(minutes=5), "created_at": at}
    outbox.enqueue([Message(kind=GROUP, key=key, phone=to, text=text, **given)])
    outbox.send_now()


def _robot(pk: int, by: Actor) -> Robot:
    policy.require(by, Permission.SETTINGS_EDIT)
    found = Robot.objects.filter(pk=pk, active=True).first()
    if found is None:
        raise Missing(_("该群机器人不存在"))
    return found


def last_lines() -> dict[int, Message]:
    """The last line sent to each chat group recently, by the robot's id; one statement."""
    latest = Message.objects.filter(kind=GROUP).order_by("-created_at")[:LATEST]
    return {_group_of(message): message for message in reversed(latest)}
