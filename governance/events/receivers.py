"""Who reads it in the end: somebody who is away is stood in for by a deputy, then by whoever has the duty."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class To:
    """Somebody to be told, in the name of a unit, whose hours decide when it rings."""

    member_id: int
    unit_id: int | None = None
    facts: dict = field(default_factory=dict, compare=False)  # whom the member stands in for, and as what


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away: their deputies in order, and who has the duty in their unit at that moment."""

    deputies: tuple[int, ...] = ()
    duty: tuple[int, ...] = ()


StandIn = Callable[[int, datetime], "Absence | None"]
_provider: list[StandIn] = []


def provide_stand_in(provider: StandIn) -> None:
    """A room says of a member and an instant whether they are away; None: they are here. Asked once per person and
    batch, in the open scope."""
    _provider[:] = [provider]


class Rota:
    """The answers of the provider, each asked for once."""

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
        """Whom a notice goes to, each person once: the nearest deputy who is here, else the duty, and where nobody is
        here the member all the same, so that nothing is lost."""
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
        """The nearest deputy who is here: one who is away passes it on to their own, nobody is asked twice."""
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
    """For what is somebody's own, such as their brief: it waits for who is away."""

    def reached(self, wanted: Iterable[To], at: datetime) -> list[To]:
        """Everybody named, nobody instead."""
        return list(wanted)
