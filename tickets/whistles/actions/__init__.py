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
from tickets.whistles.actions.blowing import Called, Summons, blow, blow_on, summon
from tickets.whistles.actions.ending import close, end, rate_unit, rate_whistle
from tickets.whistles.rights import available, check

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

__all__ = ["VERBS", "Called", "Summons", "available", "blow", "blow_on", "check", "close"]
