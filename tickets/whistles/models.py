"""Whistles (吹哨): a street summons units to a place; their answers, arrivals, tasks, photos and ratings."""

import uuid
from functools import cached_property

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.access.secrets import keyed_hash
from governance.tenancy.models import TenantForeignKey, TenantModel
from grids.models import Area, Unit
from tickets.ticket.models.photos import Picture
from tickets.ticket.models.ticket import Ticket, outside
from tickets.whistles.workflow import OPEN as OPEN_STATES
from tickets.whistles.workflow import CheckIn, Part, Stage, WhistleKind, WhistleState

#: Permissions that show the whistles of an area: to its street, its county and its leaders.
BY_PLACE = (Permission.TICKET_STREET, Permission.TICKET_COUNTY, Permission.TICKET_SUPERVISE)


class WhistleQuerySet(models.QuerySet["Whistle"]):
    """Common selections of whistles."""

    def visible_to(self, actor: Actor) -> "WhistleQuerySet":
        """The whistles that the actor may see: by area (street, county, leaders), or by a summoned unit.

        None on a complaint about a unit in the actor's line.
        """
        if actor.is_system:
            return self.all()
        if actor.allowed is not None and Permission.TICKET_READ not in actor.allowed:
            return self.none()
        seen = below("area_path", sorted({path for p in BY_PLACE for path in actor.area_paths(p)}))
        if units := sorted(actor.unit_ids_with(Permission.TICKET_READ_UNIT)):
            mine = WhistleParty.objects.filter(unit_id__in=units).values("whistle_id")
            seen |= Q(pk__in=mine)
        return self.filter(seen & outside(actor, "ticket__"))

    def open(self) -> "WhistleQuerySet":
        """Whistles that have not ended."""
        return self.filter(state__in=sorted(OPEN_STATES))


class Whistle(TenantModel):
    """One summons by a street's centre, with or without an open ticket."""

    of_work = True

    number = models.CharField(_("哨号"), max_length=32)
    kind = models.CharField(_("类型"), max_length=12, choices=WhistleKind.listed)
    ticket = TenantForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="whistles")
    area = TenantForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=160, db_collation="C", editable=False)
    address = models.CharField(_("集合地点"), max_length=200, blank=True)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    lng = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    text = models.TextField(_("吹哨事由"))
    arrive_by = models.DateTimeField(_("要求到场时间"), null=True)  # set by the street; else empty
    state = models.CharField(_("状态"), max_length=10, choices=WhistleState.listed)
    state_since = models.DateTimeField()
    blown_by = TenantForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    result = models.TextField(_("处置结果"), blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager(tenant="tenant", _manager_class=models.Manager.from_queryset(WhistleQuerySet))

    class Meta:
        verbose_name = verbose_name_plural = _("吹哨")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="whistle_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["ended", "rated"], ended_at__isnull=False)
                | (~Q(state__in=["ended", "rated"]) & Q(ended_at=None)),
                name="whistle_ended_with_time",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-created_at", "-id"], name="whistle_newest"),
            models.Index(fields=["tenant", "area_path", "-created_at"], name="whistle_by_place"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Has the whistle not ended?"""
        return self.state in OPEN_STATES

    @cached_property
    def summoned(self) -> list["WhistleParty"]:
        """All summoned parties in order; read once per instance, or set by a page that has read them."""
        return list(self.parties.select_related("unit", "member").order_by("id"))

    @cached_property
    def ratings_given(self) -> set[tuple[int, bool]]:
        """(party id, by the street?) of every rating; read once per instance, or set as above."""
        rows = WhistleRating.objects.filter(whistle=self)
        return set(rows.values_list("party_id", "by_street"))

    @property
    def code(self) -> str:
        """The six digits that the street shows on site; computed with this installation's key."""
        return f"{int(keyed_hash(str(self.key), 'whistle'), 16) % 1_000_000:06d}"


class WhistleParty(TenantModel):
    """One summoned party: a unit, or in a joint response one member of it in one of the six roles."""

    of_work = True

    whistle = TenantForeignKey(Whistle, on_delete=models.CASCADE, related_name="parties")
    unit = TenantForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("角色"), max_length=12, choices=Part.listed, default=Part.UNIT)
    stage = models.CharField(_("进度"), max_length=10, choices=Stage.listed, default=Stage.ASKED)
    shared = models.BooleanField(default=False)  # its unit reads the ticket only by this whistle
    overruled = models.BooleanField(default=False)
    reason = models.TextField(_("不能到场的理由"), blank=True)
    decision = models.TextField(_("区县意见"), blank=True)
    left_for = models.TextField(_("撤离说明"), blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    on_site_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=6, choices=CheckIn.listed, blank=True)
    distance = models.PositiveIntegerField(null=True)  # metres from the place at the check-in

    class Meta:
        verbose_name = verbose_name_plural = _("应哨方")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "whistle", "unit", "member", "role"],
                name="whistle_party_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(on_site_at=None, seen_by="") | (Q(on_site_at__isnull=False) & ~Q(seen_by="")),
                name="whistle_party_seen_somehow",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "unit", "stage"], name="whistle_party_by_unit")]


class WhistleTask(TenantModel):
    """A task on site, for one party or for all."""

    of_work = True

    whistle = TenantForeignKey(Whistle, on_delete=models.CASCADE, related_name="tasks")
    party = TenantForeignKey(WhistleParty, null=True, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(_("分工"), max_length=200)
    done_at = models.DateTimeField(null=True)
    done_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("分工")


_BY_STREET, _BY_PARTY = ("in_time", "together", "solved"), ("needed", "clear")


def _stars(by_street: bool, *, given: tuple[str, ...], empty: tuple[str, ...]) -> Q:
    """Condition: one side's stars are all set, 1 to 5, and the other side's are all empty."""
    found = Q(by_street=by_street)
    for name in given:
        found &= Q(**{f"{name}__isnull": False, f"{name}__range": (1, 5)})
    for name in empty:
        found &= Q(**{name: None})
    return found


class WhistleRating(TenantModel):
    """双向评哨: the street rates each party, each party rates the whistle; 1-5 stars and a text."""

    of_work = True

    whistle = TenantForeignKey(Whistle, on_delete=models.CASCADE, related_name="ratings")
    party = TenantForeignKey(WhistleParty, on_delete=models.CASCADE, related_name="ratings")
    by_street = models.BooleanField()
    in_time = models.PositiveSmallIntegerField(_("到场及时"), null=True)
    together = models.PositiveSmallIntegerField(_("配合"), null=True)
    solved = models.PositiveSmallIntegerField(_("解决问题"), null=True)
    needed = models.PositiveSmallIntegerField(_("吹得准"), null=True)
    clear = models.PositiveSmallIntegerField(_("任务清楚"), null=True)
    text = models.TextField(_("意见"), blank=True)
    member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("评哨")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "party", "by_street"], name="whistle_rated_once"),
            models.CheckConstraint(
                condition=_stars(True, given=_BY_STREET, empty=_BY_PARTY)
                | _stars(False, given=_BY_PARTY, empty=_BY_STREET),
                name="whistle_rating_one_to_five",
            ),
        ]


class WhistlePhoto(Picture):
    """A photo from the place: of an arrival, or of the result."""

    class Shows(models.TextChoices):
        ARRIVAL = "arrival", _("到场")
        RESULT = "result", _("处置结果")

    whistle = TenantForeignKey(Whistle, on_delete=models.CASCADE, related_name="photos")
    party = TenantForeignKey(WhistleParty, null=True, on_delete=models.CASCADE, related_name="+")
    shows = models.CharField(_("内容"), max_length=8, choices=Shows)

    class Meta:
        verbose_name = verbose_name_plural = _("吹哨照片")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "whistle", "shows", "sha256"], name="whistle_photo_once"
            ),
            models.UniqueConstraint(fields=["tenant", "client_id"], name="whistle_photo_client_id_once"),
        ]


class WhistleCounter(TenantModel):
    """The last number given out on a day."""

    of_work = True

    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "day"], name="whistle_counter_once")]
