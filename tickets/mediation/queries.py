"""Mediations and agreements of a ticket, fetched in the ticket's own query."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery

from governance.access import secrets
from tickets.mediation.models import MediationAgreement, MediationSession, masked, names_in
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.queries import rows_of_ticket

SESSIONS = ("id", "held_at", "place", "mediators", "parties", "text", "result")
AGREEMENTS = ("id", "terms", "signed_on", "signers", "scan_id", "due_on", "kept")


def mediated() -> dict[str, ArraySubquery]:
    """Subqueries `sessions` and `signed`: the mediations and the agreements of a ticket, for the functions
    below."""
    return {
        "sessions": rows_of_ticket(MediationSession, SESSIONS, unit="unit__name"),
        "signed": rows_of_ticket(MediationAgreement, AGREEMENTS),
    }


@dataclass(frozen=True, slots=True)
class Meeting:
    """One mediation; `names` (unmasked) is shown only to a reader who has just unmasked the ticket."""

    held_at: datetime
    place: str
    unit: str
    mediators: str
    text: str
    result: str
    names: str
    masked_names: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreement; `kept` is None until a follow-up records whether it was fulfilled."""

    terms: str
    signed_on: date
    due_on: date | None
    kept: bool | None
    scan_id: int | None
    names: str
    masked_names: str


def meetings_of(ticket: Ticket) -> list[Meeting]:
    """The mediations of the ticket, oldest first; decrypts the names of the parties."""
    found = []
    for row in ticket.sessions:
        parties = secrets.decrypt(row["parties"])
        found.append(
            Meeting(
                held_at=datetime.fromisoformat(row["held_at"]),
                place=row["place"],
                unit=row["unit"] or "",
                mediators=row["mediators"],
                text=row["text"],
                result=str(MediationSession.Result(row["result"]).label),
                names="、".join(names_in(parties)),
                masked_names=masked(parties),
            )
        )
    return found


def agreements_of(ticket: Ticket) -> list[Agreed]:
    """The agreements of the ticket, oldest first."""
    found = []
    for row in ticket.signed:
        signers = secrets.decrypt(row["signers"])
        found.append(
            Agreed(
                terms=row["terms"],
                signed_on=date.fromisoformat(row["signed_on"]),
                due_on=date.fromisoformat(row["due_on"]) if row["due_on"] else None,
                kept=row["kept"],
                scan_id=row["scan_id"],
                names="、".join(names_in(signers)),
                masked_names=masked(signers),
            )
        )
    return found


def has_open_agreement(ticket: Ticket) -> bool:
    """Has the ticket an agreement that nobody followed up yet?"""
    return any(row["kept"] is None for row in ticket.signed)
