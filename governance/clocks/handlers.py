"""Who does what at a deadline: each room registers one handler for its subject."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from governance.clocks.models import Deadline


class Handler(Protocol):
    """Does what a deadline is for, by ordinary actions as the system; it has stamped and combined already."""

    def __call__(self, deadline: Deadline, *, at: datetime) -> None: ...


HANDLERS: dict[str, Handler] = {}


def handles(subject_label: str) -> Callable[[Handler], Handler]:
    """Register what a room does at the deadlines of its subject ("tickets.ticket"); one handler per model."""

    def register(handler: Handler) -> Handler:
        label = subject_label.lower()
        if HANDLERS.get(label, handler) is not handler:
            raise RuntimeError(f"{label} has a deadline handler already")
        HANDLERS[label] = handler
        return handler

    return register


class NotYet(Exception):
    """An earlier step of the same clock is about to fire: this one is asked again in a moment."""
