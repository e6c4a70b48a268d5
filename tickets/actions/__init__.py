"""Every write to a ticket: one plain function per verb, in the open scope, as the words of the five orders."""

from tickets.actions.closing import Stars, close, rate, rate_by_link, verify
from tickets.actions.dispatching import accept, assign, dispatch, reassign, refer, return_ticket, take_up
from tickets.actions.handling import approve_closing, contact, note, refuse_closing, resolve
from tickets.actions.intake import Draft, Receipt, past_ticket, report
from tickets.actions.moving import available
from tickets.actions.triage import (
    report_solved,
    rise,
    self_resolve,
    send_back,
    triage_major,
    triage_minor,
    upgrade,
)

#: The verbs that a person makes on an existing ticket: what pages and API call by name.
VERBS = {
    verb.__name__: verb
    for verb in (
        self_resolve,
        triage_minor,
        triage_major,
        send_back,
        upgrade,
        take_up,
        refer,
        dispatch,
        accept,
        return_ticket,
        reassign,
        assign,
        note,
        contact,
        resolve,
        approve_closing,
        refuse_closing,
        verify,
        rate,
    )
}

__all__ = [
    "VERBS",
    "Draft",
    "Receipt",
    "Stars",
    "accept",
    "approve_closing",
    "assign",
    "available",
    "close",
    "contact",
    "dispatch",
    "note",
    "past_ticket",
    "rate",
    "rate_by_link",
    "reassign",
    "refer",
    "refuse_closing",
    "report",
    "report_solved",
    "resolve",
    "return_ticket",
    "rise",
    "self_resolve",
    "send_back",
    "take_up",
    "triage_major",
    "triage_minor",
    "upgrade",
    "verify",
]
