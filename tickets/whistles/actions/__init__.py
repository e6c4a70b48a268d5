"""The verbs of whistles by name, for pages and API."""

from tickets.actions.whistle_blowing import Called, Summons, blow, blow_on, summon
from tickets.actions.whistle_ending import close, end, rate_unit, rate_whistle
from tickets.actions.whistle_rights import available, check
from tickets.actions.whistling import (
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
