"""A step of a story, and its delay."""

from dataclasses import dataclass, field
from typing import Any

from tickets.demo.territory import District


@dataclass(frozen=True, slots=True)
class Step:
    """One verb that a member of a unit makes, in one of the roles, after a number of work minutes."""

    verb: str
    unit: str  # code of the acting member's unit
    roles: tuple[str, ...]
    after: int
    given: dict[str, Any] = field(default_factory=dict)


def delay(district: District, usual: int, late: float = 0.1, very: int = 10) -> int:
    """Work minutes: mostly within the time limit, sometimes far beyond it."""
    factor = (
        district.rng.uniform(1.2, very) if district.rng.random() < late else district.rng.uniform(0.1, 0.9)
    )
    return max(1, int(usual * factor))
