"""The verbs of the five orders by name, for pages and API. Each runs in the open tenant scope and transaction."""

from tickets.mediation.actions import follow_up, mediate, sign
from tickets.orders.actions.approvals import (
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
from tickets.orders.actions.assisting import assist_accept, assist_finish, assist_waive
from tickets.orders.actions.dispatching import (
    accept,
    assign,
    dispatch,
    reassign,
    refer,
    return_ticket,
    take_up,
)
from tickets.orders.actions.ending import callback, decline, keep, reopen, void, withdraw
from tickets.orders.actions.handling import approve_closing, contact, note, refuse_closing, resolve
from tickets.orders.actions.judging import rate, verify
from tickets.orders.actions.merging import merge, unmerge
from tickets.orders.actions.placing import correct_place, out_of_area
from tickets.orders.actions.resident_questions import add, ask_resident, reply
from tickets.orders.actions.splitting import split, unite
from tickets.orders.actions.summarizing import summarize
from tickets.orders.actions.supervision import (
    answer_supervision,
    arbitrate,
    instruct,
    lead_by_leader,
    supervise,
    urge,
)
from tickets.orders.actions.triage import self_resolve, send_back, triage_major, triage_minor, upgrade
from tickets.whistles.actions.blowing import whistle

#: The verbs for an existing ticket; pages and API call them by name.
VERBS = {
    verb.__name__: verb
    for verb in (
        self_resolve,
        triage_minor,
        triage_major,
        out_of_area,
        correct_place,
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
        summarize,
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
        instruct,
        answer_supervision,
        mediate,
        sign,
        follow_up,
        whistle,
    )
}
