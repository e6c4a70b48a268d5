"""The verbs of whistles by name, for pages and API."""

from tickets.whistles.actions.answering import (
    answer,
    arrive,
    assign_task,
    confirm,
    overrule,
    refuse,
    release,
    tick,
    uphold,
)
from tickets.whistles.actions.blowing import summon
from tickets.whistles.actions.ending import end, rate_unit, rate_whistle

VERBS = {
    verb.__name__: verb
    for verb in (
        answer,
        arrive,
        refuse,
        uphold,
        overrule,
        confirm,
        assign_task,
        tick,
        summon,
        release,
        end,
        rate_unit,
        rate_whistle,
    )
}
