"""Service levels: which time limit holds for a step, the more specific first (design 5.4)."""

from django.utils.translation import gettext_lazy as _

from governance.clocks.calendar import Mode, Unit
from governance.clocks.models import Purpose
from governance.clocks.policies import Policy
from governance.tenancy.config import compiled
from governance.tenancy.models import Tenant
from tickets.catalog.models import ServiceLevel
from tickets.catalog.tree import tree
from tickets.states import Tier
from tickets.workflow import CLOCKS

WORK, DAYS, NATURAL = Unit.WORK_MINUTES, Unit.WORKDAYS, Unit.NATURAL_MINUTES

#: (tier or "", purpose) -> budget, unit. Sources: domain.md B5 and design 5.4. The steps before handling are
#: counted in work time, those of an emergency around the clock.
DEFAULTS: dict[tuple[str, Purpose], tuple[int, Unit]] = {
    ("", Purpose.TRIAGE): (120, WORK),
    ("", Purpose.DISPATCH): (120, WORK),
    ("", Purpose.ACCEPT): (240, WORK),
    ("", Purpose.CONTACT): (1, DAYS),
    ("", Purpose.RESOLVE): (7, DAYS),
    ("", Purpose.REVIEW): (2, DAYS),
    ("", Purpose.ARBITRATE): (2, DAYS),
    ("", Purpose.JOIN): (240, WORK),
    ("", Purpose.ASSIST): (5, DAYS),
    ("", Purpose.SUPERVISE): (2, DAYS),
    ("", Purpose.ANSWER): (60, WORK),
    ("", Purpose.ARRIVE): (120, WORK),
    ("", Purpose.VERIFY): (2, DAYS),
    ("", Purpose.RATE): (7 * 1440, NATURAL),
    (Tier.EMERGENCY, Purpose.TRIAGE): (15, NATURAL),
    (Tier.EMERGENCY, Purpose.DISPATCH): (15, NATURAL),
    (Tier.EMERGENCY, Purpose.ACCEPT): (15, NATURAL),
    (Tier.EMERGENCY, Purpose.CONTACT): (30, NATURAL),
    (Tier.EMERGENCY, Purpose.JOIN): (15, NATURAL),
    (Tier.EMERGENCY, Purpose.ASSIST): (120, NATURAL),
    (Tier.EMERGENCY, Purpose.SUPERVISE): (60, NATURAL),
    (Tier.EMERGENCY, Purpose.ANSWER): (10, NATURAL),
    (Tier.EMERGENCY, Purpose.ARRIVE): (30, NATURAL),
    (Tier.EMERGENCY, Purpose.RESOLVE): (120, NATURAL),
    (Tier.URGENT, Purpose.RESOLVE): (24 * 60, NATURAL),
    (Tier.COMPLEX, Purpose.RESOLVE): (15, DAYS),
}
#: The units in which people set and read a budget, in words.
MEASURES = [
    (DAYS.value, _("工作日")),
    ("work_hours", _("工作小时")),
    (WORK.value, _("工作分钟")),
    ("natural_days", _("天（不分昼夜）")),
    ("natural_hours", _("小时（不分昼夜）")),
    (NATURAL.value, _("分钟（不分昼夜）")),
]
#: The larger ones, each with the unit in which it is stored, and how many of that it is.
LARGER = {"work_hours": (WORK, 60), "natural_days": (NATURAL, 1440), "natural_hours": (NATURAL, 60)}
#: The steps that a district sets time limits for: first in the order of a ticket's life, then those outside
#: it.
USED = [
    *dict.fromkeys(purpose for purposes in CLOCKS.values() for purpose in purposes),
    Purpose.UPDATE,
    Purpose.ARBITRATE,
    Purpose.JOIN,
    Purpose.ASSIST,
    Purpose.SUPERVISE,
    Purpose.ANSWER,
    Purpose.ARRIVE,
]
#: After the due time: the first step notifies the head, the second the level above (domain.md B5, rule 6).
STEPS_WORK = ((1, DAYS), (5, DAYS))
STEPS_NATURAL = ((60, NATURAL), (240, NATURAL))


def policy_of(tenant: Tenant, purpose: Purpose, tier: str, category_id: int | None) -> Policy:
    """The time limit of one step: the first that exists of category with tier, category, tier, general,
    platform default.

    A category without a level of its own has that of the nearest category above it.
    """
    levels = compiled(tenant, "service_levels", _load)
    for category in (*(node.id for node in tree(tenant).upwards(category_id)), None):
        for key in ((tier, category, purpose), ("", category, purpose)):
            if key in levels:
                return levels[key]
    budget, unit = DEFAULTS.get((tier, purpose)) or DEFAULTS.get(("", purpose)) or (0, WORK)
    return _policy(budget, unit)


def measured(budget: int, unit: str) -> tuple[int, str]:
    """A stored budget in the largest unit in which it is a whole number: 1440 minutes are a day."""
    for measure, (smaller, size) in LARGER.items():
        if unit == smaller and budget and budget % size == 0:
            return budget // size, measure
    return budget, str(unit)


def stored(amount: int, measure: str) -> tuple[int, str]:
    """An amount in a measure as it is stored; the reverse of `measured`."""
    unit, size = LARGER.get(measure, (measure, 1))
    return amount * size, str(unit)


def _load() -> dict[tuple[str, int | None, str], Policy]:
    return {
        (row.tier, row.category_id, row.purpose): _policy(
            row.budget, Unit(row.unit), Mode(row.mode), tuple(row.warn_shares), row.escalate_after
        )
        for row in ServiceLevel.objects.all()
    }


def _policy(
    budget: int, unit: Unit, mode: Mode = Mode.END_OF_DAY, shares: tuple = (), steps: list | tuple = ()
) -> Policy:
    natural = unit == NATURAL
    return Policy(
        budget=budget,
        unit=unit,
        mode=mode,
        warn_shares=shares or (50, 80),
        warn_before=10 if natural and budget <= 240 else 60,
        escalate_after=tuple((amount, Unit(name)) for amount, name in steps)
        or (STEPS_NATURAL if natural and budget <= 1440 else STEPS_WORK),
    )
