"""The units to which a move may give a ticket: one rule for the choices of a form and the checks of an action.

Each level gives work only to its own: the community below itself, the street within its street, the county to
departments and streets. A department is reached only through the street and the county's centre (五单).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext as _

from governance.access.policy import below
from governance.errors import Invalid
from grids import tree as territory
from grids.models import Unit, UnitKind
from tickets.states import State
from tickets.ticket import accused
from tickets.ticket.models.ticket import Ticket

#: The kinds of unit to which each level may give a ticket.
KINDS: dict[State, frozenset[UnitKind]] = {
    State.REPORTED: frozenset(
        {
            UnitKind.COMMUNITY,
            UnitKind.GRID_TEAM,
            UnitKind.RESIDENT_UNIT,
            UnitKind.VOLUNTEER,
            UnitKind.MEDIATION,
        }
    ),
    State.ESCALATED: frozenset(UnitKind) - {UnitKind.DEPARTMENT, UnitKind.COUNTY_CENTER},
    State.REFERRED: frozenset(
        {UnitKind.DEPARTMENT, UnitKind.STREET, UnitKind.STREET_CENTER, UnitKind.STATIONED}
    ),
}
#: The level of a verb that belongs to one level; the others are made at the level that sorts or dispatched.
_LEVEL_OF = {"triage_minor": State.REPORTED, "take_up": State.ESCALATED, "arbitrate": State.REFERRED}
#: Verbs that take the ticket from the unit that has it, or ask for that.
_TAKES_AWAY = frozenset({"reassign", "request_transfer"})


@dataclass(frozen=True, slots=True)
class Reach:
    """The kinds of unit and the area to which a move may give a ticket, and the units left out."""

    ticket: Ticket
    level: State
    left_out: frozenset[int]
    rules: bool = False  # a ruling (裁定) may also say that it is the community's work

    @property
    def kinds(self) -> frozenset[UnitKind]:
        """The kinds of unit."""
        return KINDS[self.level] | ({UnitKind.COMMUNITY} if self.rules else frozenset())

    @property
    def path(self) -> str:
        """The path of the level's own area around the ticket; empty for the whole district."""
        return territory_of(self.level, self.ticket.area_path)

    @property
    def key(self) -> tuple[State, bool, str, frozenset[int], int | None]:
        """Equal for tickets whose choices are the same but for their order."""
        return self.level, self.rules, self.path, self.left_out, self.ticket.against_unit_id

    def units(self) -> QuerySet[Unit]:
        """The units, those that serve the ticket's area first."""
        home = When(area__path__in=territory.ancestors_of(self.ticket.area_path), then=0)
        inside = below("area__path", [self.path]) if self.path else Q()
        found = Unit.objects.filter(inside, active=True, kind__in=self.kinds)
        found = accused.outside_line(self.ticket, found.exclude(pk__in=self.left_out))
        return found.select_related("area").order_by(Case(home, default=1), "kind", "code")

    def require(self, units: Iterable[Unit], field: str = "unit") -> None:
        """Raise Invalid for the first of the units that is not among those of `units()`; no statement."""
        for unit in units:
            if not unit.active:
                message = _("%(unit)s已停用") % {"unit": unit.name}
                raise Invalid(message, code="unit_inactive", field=field)
            if unit.pk in self.left_out:
                raise Invalid(_("该事项已在%(unit)s") % {"unit": unit.name}, code="same_unit", field=field)
            if unit.kind not in self.kinds or not unit.area.path.startswith(self.path):
                raise Invalid(self._refusal(), code="out_of_reach", field=field)
            accused.not_about(self.ticket, unit, field)

    def _refusal(self) -> str:
        if self.rules:
            return _("区县只能裁定由部门、街道、社区和派驻机构承办")
        return {
            State.REPORTED: _(
                "小事只能交给本社区的居委会、网格、驻区单位、志愿队或调解组织；其他单位请转大事上报街道"
            ),
            State.ESCALATED: _("街道只能派给本街道范围内的单位；部门和其他街道请上报区县"),
            State.REFERRED: _("区县只能派给部门、街道和派驻机构"),
        }[self.level]


def reach_of(ticket: Ticket, verb: str) -> Reach:
    """The reach of a verb that names a unit, by the level that decides about the ticket."""
    level = _LEVEL_OF.get(verb) or State(ticket.came_from or State.REFERRED)
    if verb == "dispatch":
        level = State.REFERRED if ticket.state == State.REFERRED else State.ESCALATED
    left_out = {ticket.holder_unit_id} if verb == "dispatch" else set()
    if verb in _TAKES_AWAY:
        left_out = {ticket.lead_unit_id, ticket.holder_unit_id}
    return Reach(ticket, level, frozenset(left_out - {None}), verb == "arbitrate")


def territory_of(level: State, path: str) -> str:
    """The path of the community or the street that decides about an area path; empty for the district."""
    if level == State.REPORTED:
        return territory.community_path(path)
    return territory.street_path(path) if level == State.ESCALATED else ""
