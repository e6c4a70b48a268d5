"""Write to tickets: one function per verb of the five orders, in the open tenant scope and transaction."""

from tickets.actions.approvals import (
    approve_extension,
    defer,
    refuse_deferral,
    refuse_extension,
    refuse_transfer,
    release,
    request_deferral,
    request_extension,
    request_transfer,
)
from tickets.actions.asking import add, ask_resident, raised, reply
from tickets.actions.assisting import assist_accept, assist_finish, assist_waive
from tickets.actions.closing import Stars, close, rate, rate_by_link, verify
from tickets.actions.dispatching import accept, assign, dispatch, reassign, refer, return_ticket, take_up
from tickets.actions.ending import callback, decline, keep, reopen, void, withdraw
from tickets.actions.handling import approve_closing, contact, note, refuse_closing, resolve
from tickets.actions.intake import Draft, Receipt, foreseen, past_ticket, report
from tickets.actions.mediating import follow_up, mediate, sign
from tickets.actions.merging import follow, merge, unmerge
from tickets.actions.overseeing import answer_supervision, arbitrate, lead_by_leader, supervise, urge
from tickets.actions.parting import Part, gather, split, unite
from tickets.actions.rights import available
from tickets.actions.triage import (
    report_solved,
    rise,
    self_resolve,
    send_back,
    triage_major,
    triage_minor,
    upgrade,
)
from tickets.actions.whistle_blowing import whistle

#: The verbs for an existing ticket; pages and API call them by name.
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
        arbitrate,
        request_transfer,
        refuse_transfer,
        reassign,
        assign,
        assist_accept,
        assist_finish,
        assist_waive,
        note,
        contact,
        ask_resident,
        reply,
        add,
        request_extension,
        approve_extension,
        refuse_extension,
        request_deferral,
        refuse_deferral,
        defer,
        release,
        split,
        unite,
        lead_by_leader,
        resolve,
        approve_closing,
        refuse_closing,
        verify,
        rate,
        callback,
        reopen,
        merge,
        unmerge,
        decline,
        void,
        keep,
        withdraw,
        urge,
        supervise,
        answer_supervision,
        mediate,
        sign,
        follow_up,
        whistle,
    )
}

__all__ = [
    "VERBS",
    "Draft",
    "Part",
    "Receipt",
    "Stars",
    "available",
    "close",
    "follow",
    "foreseen",
    "gather",
    "past_ticket",
    "raised",
    "rate_by_link",
    "report",
    "report_solved",
    "rise",
]
