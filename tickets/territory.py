"""Follow changes of the territory: open tickets and whistles move when grids are recut, closed ones stay."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from governance import events
from governance.access import actors
from governance.access.actors import Actor
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from grids.followers import Move, follows
from tickets.catalog.models import Category
from tickets.ticket.models.ticket import Assistant, Ticket
from tickets.whistles.models import Whistle, WhistleParty
from tickets.whistles.workflow import Stage

OVER = [Stage.EXCUSED, Stage.RELEASED, Stage.MISSED]


class _Placed:
    """Rows with an area and an area path, open or closed; complaints about a unit are not `counted`."""

    label: Any
    counted: Q
    event: str
    model: type[Ticket] | type[Whistle]

    def _open(self) -> QuerySet:
        return self.model.objects.open()

    def open_at(self, paths: Iterable[str]) -> Counter[str]:
        seen = self._open().filter(area_path__in=[*paths]).filter(self.counted)
        found = seen.values("area_path").annotate(n=Count("pk"))
        return Counter({row["area_path"]: row["n"] for row in found.order_by()})

    def move(self, moves: Sequence[Move], *, by: Actor, at: datetime) -> int:
        """Move the open rows and record an event of each; three statements."""
        to = {move.path: move for move in moves}
        rows = self._open().filter(area_path__in=[*to]).order_by("pk")
        found = list(rows.select_for_update(of=("self",), no_key=True))
        for row in found:
            move = to[row.area_path]
            if row.area_id is not None:
                row.area_id = move.to_id
            row.area_path = move.to_path
        self.model.objects.bulk_update(found, ["area", "area_path"])
        events.record_each(self.event, [(row, {"area": row.area_id}) for row in found], by=by, at=at)
        return sum(not self.is_sealed(row) for row in found)

    def is_sealed(self, row: Any) -> bool:
        """Is it about a complaint, which no number shows?"""
        raise NotImplementedError

    def astray(self) -> list[Move]:
        """The moves of open rows that were created while their grid was being recut; one statement."""
        lost = Q(area__merged_into__isnull=False) | ~Q(area_path=F("area__path"))
        rows = self._open().filter(lost, area__isnull=False).select_related("area__merged_into")
        places = {row.area_path: row.area.merged_into or row.area for row in rows}
        return [Move(0, path, area.pk, area.path) for path, area in places.items()]


class _Tickets(_Placed):
    label = _("在办工单")
    counted = Q(against_unit=None)

    def is_sealed(self, row: Ticket) -> bool:
        return row.against_unit_id is not None

    event = "ticket.regridded"
    model = Ticket

    def held_by(self, unit_id: int) -> int:
        """The number of open tickets that the unit holds, leads, dispatched or assists, or that have a
        request to it."""
        names = ("holder_unit", "lead_unit", "lead_section", "dispatched_by", "pending_unit")
        found = Q(
            pk__in=Assistant.objects.filter(unit_id=unit_id, finished_at=None, waived_at=None).values(
                "ticket"
            )
        )
        for name in names:
            found |= Q(**{name: unit_id})
        return self._open().filter(found).count()


class _Whistles(_Placed):
    label = _("未结束的吹哨")
    counted = Q(ticket__against_unit=None)

    def is_sealed(self, row: Whistle) -> bool:
        return row.ticket_id is not None and row.ticket.against_unit_id is not None

    def _open(self) -> QuerySet:
        return super()._open().select_related("ticket")

    event = "whistle.regridded"
    model = Whistle

    def held_by(self, unit_id: int) -> int:
        """The number of open whistles that the unit blew, or that summon it."""
        parties = WhistleParty.objects.filter(unit_id=unit_id).exclude(stage__in=OVER)
        return self._open().filter(Q(blown_by=unit_id) | Q(pk__in=parties.values("whistle"))).count()


class _Categories:
    """Categories with a duty unit; they lie in no area."""

    label = _("以它为首办单位的事项分类")

    def open_at(self, paths: Iterable[str]) -> Counter[str]:
        return Counter()

    def held_by(self, unit_id: int) -> int:
        return Category.objects.filter(duty_unit=unit_id, active=True).count()

    def move(self, moves: Sequence[Move], *, by: Actor, at: datetime) -> int:
        return 0


PLACED = (_Tickets(), _Whistles())
for _one in (*PLACED, _Categories()):
    follows(_one)


def settle(tenant: Tenant, at: datetime) -> int:
    """Move the rows that were created while their grid was being recut; returns their number.

    Opens its own scope.
    """
    with scope(tenant):
        by = actors.system(tenant.pk)
        return sum(one.move(moves, by=by, at=at) for one in PLACED if (moves := one.astray()))
