"""Route a notice to the member, a deputy, or the members on duty."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class To:
    """A member to be notified, and the unit whose office hours decide when the notice is announced."""

    member_id: int
    unit_id: int | None = None
    facts: dict = field(default_factory=dict, compare=False)  # the absent member, and the role


@dataclass(frozen=True, slots=True)
class Absence:
    """An absent member's deputies in order, and the members on duty in their unit at that moment."""

    deputies: tuple[int, ...] = ()
    duty: tuple[int, ...] = ()


StandIn = Callable[[int, datetime], "Absence | None"]
_provider: list[StandIn] = []


def provide_stand_in(provider: StandIn) -> None:
    """Register the function that returns a member's Absence at a moment, or None if present.

    It is called once per person and batch, in the open scope.
    """
    _provider[:] = [provider]


class Rota:
    """The provider's answers, each requested once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, datetime], Absence | None] = {}

    def _absence(self, member_id: int, at: datetime) -> Absence | None:
        if not _provider:
            return None
        key = (member_id, at)
        if key not in self._known:
            self._known[key] = _provider[0](member_id, at)
        return self._known[key]

    def reached(self, wanted: Iterable[To], at: datetime) -> list[To]:
        """The receivers of a notice, each member once.

        For an absent member these are the nearest present deputy, else the members on duty. If none of them
        is present, the absent member gets the notice, so that it is not lost.
        """
        found: dict[int, To] = {}
        for to in wanted:
            for one in self._instead(to, at):
                found.setdefault(one.member_id, one)
        return [found[member_id] for member_id in sorted(found)]

    def _instead(self, to: To, at: datetime) -> list[To]:
        absence = self._absence(to.member_id, at)
        if absence is None:
            return [to]
        deputy = self._deputy(to.member_id, at)
        here = [one for one in absence.duty if one != to.member_id and self._absence(one, at) is None]
        how, chosen = ("deputy", [deputy]) if deputy else ("duty", here)
        stand_ins = [To(one, to.unit_id, {"stands_for": to.member_id, "as": how}) for one in chosen]
        return stand_ins or [to]

    def _deputy(self, member_id: int, at: datetime) -> int | None:
        """The nearest present deputy; an absent deputy's own deputies follow, each checked once."""
        asked, waiting = {member_id}, [member_id]
        while waiting:
            absence = self._absence(waiting.pop(0), at)
            for one in absence.deputies if absence else ():
                if one in asked:
                    continue
                if self._absence(one, at) is None:
                    return one
                asked.add(one)
                waiting.append(one)
        return None


class InPerson(Rota):
    """For personal notices such as the morning brief: they wait for an absent member."""

    def reached(self, wanted: Iterable[To], at: datetime) -> list[To]:
        """The named members, without substitutes."""
        return list(wanted)
