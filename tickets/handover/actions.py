"""Hand over everything that depends on one member to a successor in one step (工作交接)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import GRANTS, Permission
from governance.errors import Invalid
from governance.events import notices
from governance.events.models import Event
from governance.events.notice_texts import registers_text
from grids import followers
from grids import tree as territory
from grids.models import Area, DutyShift, Leave, Post
from grids.people import actions as people_actions
from grids.people import queries as people_queries
from grids.people import records as people_records
from tickets.handover import queries
from tickets.states import State
from tickets.ticket import accused, worklist
from tickets.ticket.models.ticket import Ticket, outside

HANDED = "person.handed_over"
GIVEN = "ticket.handed_over"


@dataclass(frozen=True, slots=True)
class Load:
    """The things that depend on one member: open tickets in the member's name, posts, future shifts, deputy duties, and
    requests that nobody else in the member's units can decide."""

    tickets: QuerySet[Ticket]
    posts: QuerySet[Post]
    shifts: QuerySet[DutyShift]
    stands_in: QuerySet[Leave]
    requests: QuerySet[Ticket]

    @property
    def counts(self) -> dict[str, int]:
        """The number of each that is handed over, by the names of the first four fields."""
        return {
            "tickets": self.tickets.count(),
            "posts": self.posts.count(),
            "shifts": self.shifts.count(),
            "stands_in": self.stands_in.count(),
        }


def load_of(member: Member, at: datetime, by: Actor | None = None) -> Load:
    """Everything that depends on the member now, as querysets with a fixed order.

    For `by` without complaints about a unit in their line.
    """
    seen = outside(by) if by else Q()
    return Load(
        tickets=Ticket.objects.filter(worklist.in_the_name_of(member.pk), seen).order_by("due_at", "id"),
        posts=Post.objects.filter(territory.on_duty(territory.local_day(at)), member=member).order_by("id"),
        shifts=DutyShift.objects.filter(member=member, ends_at__gt=at).order_by("starts_at", "id"),
        stands_in=Leave.objects.filter(deputy=member, ends_at__gt=at).order_by("starts_at", "id"),
        requests=Ticket.objects.filter(seen, pending_unit__in=_alone_in(member, at))
        .exclude(pending="")
        .order_by("id"),
    )


def _alone_in(member: Member, at: datetime) -> QuerySet[Post]:
    """The units in which the member is the only one who can decide requests, as ids."""
    deciding = [role for role, held in GRANTS.items() if Permission.TICKET_REDISPATCH in held]
    posts = people_queries.of_people(at).filter(role__in=deciding)
    return (
        posts.filter(member=member)
        .exclude(unit__in=posts.exclude(member=member).values("unit"))
        .values("unit")
    )


def hand_over(
    member: Member, successor: Member, *, by: Actor, at: datetime, leaves: bool = False
) -> dict[str, int]:
    """Give everything to the successor, with the same posts.

    The member's posts end today; with `leaves` the log-in too. One transaction. Notifies the successor once,
    records each ticket and each post, and drops a shift if the successor already has one at that time.
    Returns the counts by name. Raises Forbidden, and Invalid naming the field.
    """
    policy.require(by, Permission.PEOPLE_EDIT)
    if successor.pk == member.pk or not successor.active:
        raise Invalid(_("请选择另一位在岗人员接手"), code="unfit_successor", field="successor")
    people_records.lock(successor, "successor")
    load = load_of(member, at)
    counts = load_of(member, at, by).counts
    _posts(load, successor, by, at)
    _tickets(load, member, successor, by, at)
    _shifts(load, successor, by, at)
    load.stands_in.filter(member=successor).update(deputy=None)
    load.stands_in.update(deputy=successor)
    seq = events.record(HANDED, member, by=by, at=at, to=successor.pk, **counts)
    if leaves:
        people_actions.leave(member, by=by, at=at)
    told = Event.objects.get(subject_type=member._meta.label_lower, subject_id=member.pk, seq=seq)
    notices.tell([successor.pk], told, facts=counts, link="desk/tickets/?assigned=1&order=due")
    return counts


def give_back(member: Member, *, by: Actor, at: datetime) -> None:
    """Give the tickets in the member's name back to their units, drop the coming shifts, end the deputy duties.

    The posts stay on record. Records each change.
    """
    load = load_of(member, at)
    tickets = list(load.tickets.select_for_update(of=("self",), no_key=True).order_by("pk"))
    led = Ticket.objects.filter(led_by=member).exclude(state=State.CLOSED)
    led.update(led_by=None)
    Ticket.objects.filter(pk__in=[one.pk for one in tickets]).update(lead_member=None)
    events.record_each(GIVEN, [(one, {"from": member.pk}) for one in tickets], by=by, at=at)
    for shift in load.shifts:
        events.record("roster.dropped", shift, by=by, at=at, member=member.pk, unit=shift.unit_id)
        shift.delete()
    load.stands_in.update(deputy=None)


class _Keeper:
    """The handover as the pages of people know it."""

    def is_laden(self, member_id: int, by: Actor, at: datetime) -> bool:
        member = Member.objects.get(pk=member_id)
        load = load_of(member, at, by)
        named = any(rows.exists() for rows in (load.tickets, load.shifts, load.stands_in, load.requests))
        return named or bool(queries.left_bare(member, at, by))

    def page_of(self, member_id: int) -> str:
        return f"settings/handover/?member={member_id}&leaves=1"

    def page_of_post(self, member: Member, post_id: int, by: Actor, at: datetime) -> str:
        bare = queries.left_bare(member, at, by, post_id)
        return f"settings/handover/?member={member.pk}&post={post_id}" if bare else ""

    def give_back(self, member: Member, *, by: Actor, at: datetime) -> None:
        give_back(member, by=by, at=at)


followers.keeps(_Keeper())


def _posts(load: Load, successor: Member, by: Actor, at: datetime) -> None:
    today = territory.local_day(at)
    for post in load.posts.select_related("unit").prefetch_related("covers__area"):
        areas = [cover.area for cover in post.covers.all()]
        has_it = Post.objects.filter(
            territory.on_duty(today), member=successor, unit=post.unit, role=post.role
        ).prefetch_related("covers__area")
        if (own := has_it.first()) is None:
            people_actions.post_person(
                successor, post.unit, post.role, since=today, areas=areas, by=by, at=at
            )
        else:
            _widen(own, areas, by, at)
        if post.valid_to is None:
            people_actions.relieve_person(post.pk, until=today, by=by, at=at)


def _widen(own: Post, areas: list[Area], by: Actor, at: datetime) -> None:
    """Extend the successor's own post to the areas of both.

    A post without areas covers the unit's whole area.
    """
    covered = {cover.area for cover in own.covers.all()}
    if not covered or (areas and covered >= set(areas)):
        return
    people_actions.cover(own, covered | set(areas) if areas else [], by=by, at=at)


def _tickets(load: Load, member: Member, successor: Member, by: Actor, at: datetime) -> None:
    held = load.tickets.select_for_update(of=("self",), no_key=True).order_by("pk")
    tickets = list(held)
    back = [one for one in tickets if successor.pk in accused.people_in_line(one, at)]
    given = [one for one in tickets if one not in back]
    Ticket.objects.filter(pk__in=[one.pk for one in given]).update(lead_member=successor)
    Ticket.objects.filter(pk__in=[one.pk for one in back]).update(lead_member=None)
    facts: dict[str, Any] = {"member": successor.pk, "from": member.pk}
    rows = [(ticket, facts) for ticket in given] + [(ticket, {"from": member.pk}) for ticket in back]
    events.record_each(GIVEN, rows, by=by, at=at)


def _shifts(load: Load, successor: Member, by: Actor, at: datetime) -> None:
    for shift in load.shifts:
        taken = DutyShift.objects.filter(
            member=successor, starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at
        )
        if taken.exists():
            events.record("roster.dropped", shift, by=by, at=at, member=shift.member_id, unit=shift.unit_id)
            shift.delete()
            continue
        shift.member = successor
        shift.save(update_fields=["member"])
        events.record("roster.planned", shift, by=by, at=at, member=successor.pk, unit=shift.unit_id)


@registers_text(HANDED)
def _words(facts: dict[str, Any]) -> str:
    given = {name: facts.get(name, 0) for name in ("tickets", "posts", "shifts")}
    return _("工作交接给您：在办工单 %(tickets)d 件，岗位 %(posts)d 个，值班 %(shifts)d 班") % given
