"""One move of the workflow: what it needs, who makes it, and the sentence after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from governance.access.permissions import Permission as P
from tickets.sentences import sentences_of
from tickets.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One verb: its source and target states, the rights, and the required fields.

    `who` gives the permissions per source state; one is enough. `reporter` also allows the reporter,
    `system` the platform, `assistant` an assisting unit with that permission. `who_at` names the ticket
    attribute that selects the line of `who`. `near` limits a verb to the roles near the place. A move that
    `asks` opens a request, and needs that none is open; one that `decides` answers it, and needs the
    permission over the unit that must decide. A move that is not `built` is known, but never offered and
    always refused. `done` is the sentence after the move, by the state that it led to.
    `offered` is the label for staff, if the event has another.
    """

    verb: str
    label: Any
    done: Mapping[str, Any]
    sources: frozenset[State]
    targets: frozenset[State]
    who: Mapping[State, tuple[P, ...]] = field(default_factory=dict)
    who_at: str = "state"
    reporter: bool = False
    system: bool = False
    assistant: P | None = None
    near: bool = False
    asks: str = ""
    decides: str = ""
    built: bool = True
    offered: Any = ""
    needs: tuple[str, ...] = ()

    @property
    def button(self) -> Any:
        """The label for staff."""
        return self.offered or self.label

    @property
    def event(self) -> str:
        """The kind of event that the move records."""
        return f"ticket.{self.verb}"

    def sentence(self, state: str) -> Any:
        """Words for what happened and what comes next, for a move that led to the state."""
        return self.done.get(state, self.done.get(""))

    @property
    def stays(self) -> bool:
        """Does the state stay the same?"""
        return not self.targets


def _states(states: State | frozenset[State] | set[State] | tuple) -> frozenset[State]:
    return frozenset([states]) if isinstance(states, State) else frozenset(states)


def move(verb: str, label: Any, sources: Any, targets: Any, who: Any = None, **more: Any) -> Move:
    """A move from its sources to its targets; `who` holds for all sources, or is given per source."""
    origin = _states(sources)
    rights = who if isinstance(who, dict) else dict.fromkeys(origin, who) if who else {}
    lines = {state: one if isinstance(one, tuple) else (one,) for state, one in rights.items()}
    done = sentences_of(verb)
    return Move(
        verb=verb, label=label, done=done, sources=origin, targets=_states(targets), who=lines, **more
    )
