"""Registry of deadline handlers, one per subject model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from governance.clocks.models import Deadline


class Handler(Protocol):
    """A function that does the work of a deadline, with ordinary actions as the system actor.

    The deadline is already marked as fired, and `combined` is set. `subject` is its row, locked in this
    transaction.
    """

    def __call__(self, deadline: Deadline, subject: Any, *, at: datetime) -> None: ...


HANDLERS: dict[str, Handler] = {}


def handles(subject_label: str) -> Callable[[Handler], Handler]:
    """Register the function that is called for deadlines of a model ("tickets.ticket"); one per model.

    Raises RuntimeError if the model has another one.
    """

    def register(handler: Handler) -> Handler:
        label = subject_label.lower()
        if HANDLERS.get(label, handler) is not handler:
            raise RuntimeError(f"{label} has a deadline handler already")
        HANDLERS[label] = handler
        return handler

    return register


class NotYet(Exception):
    """An earlier step of the same clock is about to fire; this one is tried again in a moment."""
