"""The ticket: its current state in one row, so that one index can serve a list."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.tenancy.models import TenantForeignKey, TenantModel
from grids.models import Area, Unit
from tickets.catalog.models import Category
from tickets.states import Asking, Channel, Demand, EndedLevel, Outcome, Ruling, Size, State, Tier
from tickets.ticket.models.shares import TicketGroupObjectPermission


def is_whole_district(paths: list[str]) -> bool:
    """Do the paths include the root of the tree? Its path has one code."""
    return any(path.count("/") == 1 for path in paths)


def branches_for(actor: Actor) -> list[Q]:
    """Conditions for the tickets that the actor may see: by area, by unit, by share.

    Each condition has its own index; `visible_to` joins them, lists query them one by one. No condition means
    no tickets, an empty Q all of them. In each, complaints about a unit in the actor's line are left out.
    """
    sealed = sealed_from(actor)
    return [branch & ~sealed for branch in _branches(actor)] if sealed else _branches(actor)


def sealed_from(actor: Actor, ticket: str = "") -> Q:
    """The complaints about a unit in the actor's line; an empty Q if there can be none.

    `ticket` is the way to the ticket, such as "ticket__".
    """
    return Q(**{f"{ticket}against_unit_id__in": sorted(actor.line)}) if actor.line else Q()


def outside(actor: Actor, ticket: str = "") -> Q:
    """The rows that are not about a complaint sealed from the actor."""
    sealed = sealed_from(actor, ticket)
    return ~sealed if sealed else Q()


def _branches(actor: Actor) -> list[Q]:
    if actor.allowed is not None and Permission.TICKET_READ not in actor.allowed:
        return []
    paths = actor.area_paths(Permission.TICKET_READ)
    private = actor.area_paths(Permission.TICKET_READ_PRIVATE)
    if actor.is_system or (is_whole_district(paths) and is_whole_district(private)):
        return [Q()]
    found = []
    if paths:
        place = below("area_path", paths)
        found.append(place if private == paths else place & (Q(private=False) | below("area_path", private)))
    if units := actor.unit_ids_with(Permission.TICKET_READ_UNIT):
        found.append(Q(lead_unit_id__in=sorted(units)))
        found.append(Q(holder_unit_id__in=sorted(units)))
    shares = _shared_with(actor)
    if shares is not None:  # a truth test would run the query
        found.append(Q(pk__in=shares))
    return found


def _shared_with(actor: Actor) -> models.QuerySet | None:
    groups = actor.group_ids_with(Permission.TICKET_READ_UNIT)
    if not groups:
        return None
    given = TicketGroupObjectPermission.objects.filter(group_id__in=sorted(groups))
    return given.values("content_object_id")


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Common selections of tickets."""

    def visible_to(self, actor: Actor) -> "TicketQuerySet":
        """The tickets that the actor may see; for this actor no other ticket exists."""
        branches = branches_for(actor)
        if not branches:
            return self.none()
        joined = branches[0]
        for branch in branches[1:]:
            joined |= branch
        return self.filter(joined)

    def open(self) -> "TicketQuerySet":
        """Tickets that are not closed."""
        return self.exclude(state=State.CLOSED)

    def overdue(self, at: datetime) -> "TicketQuerySet":
        """Open tickets whose due time has passed."""
        return self.filter(due_at__lt=at).exclude(state=State.CLOSED)

    def held_by(self, unit_ids: Iterable[int]) -> "TicketQuerySet":
        """Open tickets held by one of the units."""
        return self.filter(holder_unit_id__in=list(unit_ids)).exclude(state=State.CLOSED)


TicketManager = models.Manager.from_queryset(TicketQuerySet)


class Ticket(TenantModel):
    """One reported case, from the report to the rating."""

    of_work = True

    number = models.CharField(_("编号"), max_length=32)
    client_id = models.UUIDField(null=True, editable=False)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("内容"))
    summary = models.CharField(_("公开摘要"), max_length=60, blank=True, default="", db_default="")
    category = TenantForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    area = TenantForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=160, db_collation="C", editable=False)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    lng = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    datum = models.CharField(max_length=8, blank=True)
    channel = models.CharField(_("来源"), max_length=10, choices=Channel.listed)
    source_number = models.CharField(_("来源编号"), max_length=40, blank=True, default="", db_default="")
    source_due_at = models.DateTimeField(_("来源时限"), null=True)
    matter = models.CharField(_("诉求类型"), max_length=12, choices=Demand.listed, default=Demand.HELP)
    tier = models.CharField(_("紧急程度"), max_length=12, choices=Tier.listed, default=Tier.ORDINARY)
    private = models.BooleanField(_("不公开"), default=False)
    state = models.CharField(_("状态"), max_length=20, choices=State.listed)
    state_since = models.DateTimeField()
    size = models.CharField(_("大小"), max_length=6, choices=Size.listed, blank=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.listed, blank=True)
    holder_unit = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    lead_unit = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    lead_member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    dispatched_by = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    came_from = models.CharField(max_length=20, choices=State.listed, blank=True)
    handled_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    lead_section = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    led_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    against_unit = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    duty_item = TenantForeignKey("DutyItem", null=True, on_delete=models.PROTECT, related_name="+")
    parent = TenantForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    merged_into = TenantForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    before = models.CharField(
        max_length=20, choices=State.listed, blank=True, default="", db_default=""
    )  # the state before a split or merge
    before_outcome = models.CharField(
        max_length=10, choices=Outcome.listed, blank=True, default="", db_default=""
    )
    pending = models.CharField(
        _("待批"), max_length=10, choices=Asking.listed, blank=True, default="", db_default=""
    )
    pending_unit = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    ruling = models.CharField(
        _("裁定"), max_length=5, choices=Ruling.listed, blank=True, default="", db_default=""
    )
    supervised = models.BooleanField(_("督办中"), default=False, db_default=False)
    ended_level = models.CharField(
        _("办结层级"), max_length=10, choices=EndedLevel.listed, blank=True, default="", db_default=""
    )
    returns = models.PositiveSmallIntegerField(default=0)
    reworks = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0, db_default=0)
    urges = models.PositiveSmallIntegerField(default=0, db_default=0)
    review_on = models.DateField(_("复查日期"), null=True)
    due_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    first_closed_at = models.DateTimeField(null=True)

    objects = ScopedManager(tenant="tenant", _manager_class=TicketManager)

    class Meta:
        verbose_name = verbose_name_plural = _("工单")
        permissions = [("read_ticket", "Can read the ticket it is shared through")]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="ticket_number_once"),
            models.UniqueConstraint(fields=["tenant", "client_id"], name="ticket_client_id_once"),
            models.UniqueConstraint(
                fields=["tenant", "source_number", "channel"],
                condition=~Q(source_number=""),
                name="ticket_source_number_once",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
                name="ticket_closed_with_time",
            ),
            models.CheckConstraint(
                condition=(Q(state="closed") & ~Q(outcome="")) | ~Q(state="closed"),
                name="ticket_closed_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-created_at", "-id"], name="ticket_newest"),
            models.Index(fields=["tenant", "state", "-created_at", "-id"], name="ticket_by_state"),
            models.Index(fields=["tenant", "area_path", "-created_at"], name="ticket_by_place"),
            models.Index(fields=["tenant", "holder_unit", "due_at"], name="ticket_by_holder"),
            models.Index(fields=["tenant", "lead_unit", "-created_at"], name="ticket_by_lead"),
            models.Index(fields=["tenant", "category", "-created_at"], name="ticket_by_category"),
            models.Index(
                fields=["tenant", "closed_at", "id"],
                condition=Q(state="closed") & ~Q(source_number=""),
                name="ticket_to_return",
            ),
            models.Index(fields=["tenant", "pending_unit"], condition=~Q(pending=""), name="ticket_by_asked"),
            models.Index(
                fields=["tenant", "lead_member"], condition=~Q(state="closed"), name="ticket_by_person"
            ),
            models.Index(fields=["tenant", "due_at"], condition=~Q(state="closed"), name="ticket_by_due"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Is the ticket not closed?"""
        return self.state != State.CLOSED

    def is_overdue(self, at: datetime) -> bool:
        """Is the ticket open and its due time past?"""
        return self.is_open and self.due_at is not None and self.due_at < at


class Assistant(TenantModel):
    """A unit that helps the lead: it accepts and finishes its own part, or the lead waives it."""

    of_work = True

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="assistants")
    unit = TenantForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    waived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "ticket", "unit"], name="assistant_once")]

    @property
    def is_open(self) -> bool:
        """Is the part neither finished nor waived?"""
        return self.finished_at is None and self.waived_at is None


class NumberCounter(TenantModel):
    """The last number given out on a day; the numbers of a day have no gaps."""

    of_work = True

    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "day"], name="number_counter_once")]
