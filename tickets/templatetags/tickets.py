"""How a ticket's state, time left and stars look."""

from django import template
from django.utils.translation import gettext as _

from tickets.states import Outcome, State
from tickets.whistle_workflow import WhistleKind, WhistleState

register = template.Library()

#: Beside its word, each state has a shape, so that colour never says it alone.
SHAPES = {
    "reported": ("○", "waiting"),
    "escalated": ("△", "waiting"),
    "referred": ("▲", "waiting"),
    "dispatched": ("◇", "waiting"),
    "handling": ("◐", "working"),
    "awaiting_resident": ("‖", "paused"),
    "deferred": ("‖", "paused"),
    "divided": ("⑂", "paused"),
    "in_review": ("◑", "working"),
    "resolved": ("◕", "working"),
    "rating": ("☆", "asking"),
    "closed": ("✓", "closed"),
}


@register.inclusion_tag("components/_state.html")
def state_badge(state: str, outcome: str = "") -> dict[str, str]:
    """A state as shape, colour and word; `outcome` is added to a closed one."""
    shape, tone = SHAPES[state]
    word = str(State(state).label)
    if state == "closed" and outcome:
        word = _("%(state)s·%(outcome)s") % {"state": word, "outcome": Outcome(outcome).label}
    return {"shape": shape, "tone": tone, "word": word}


WHISTLES = {
    "blown": ("○", "waiting"),
    "answered": ("◇", "waiting"),
    "working": ("◐", "working"),
    "ended": ("☆", "asking"),
    "rated": ("✓", "closed"),
}


@register.inclusion_tag("components/_state.html")
def whistle_badge(state: str) -> dict[str, str]:
    """The state of a whistle as shape, colour and word."""
    shape, tone = WHISTLES[state]
    return {"shape": shape, "tone": tone, "word": str(WhistleState(state).label)}


@register.filter
def whistle_kind(kind: str) -> str:
    """What a whistle is blown for, in words."""
    return str(WhistleKind(kind).label)
