"""Filters of a list in words: the options of each filter, and the active ones."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from grids import choices as territory
from grids.units import queries as unit_queries
from tickets.catalog import choices
from tickets.states import Channel, State, Tier
from tickets.ticket.queries import words_of


def options() -> dict[str, tuple[str, list[Any]]]:
    """The selects of the filter row: parameter -> (label, choices)."""
    areas = [(place.code, place.name) for place in territory.places()]
    return {
        "state": (_("状态"), State.choices),
        "category": (_("类别"), choices.every()),
        "area": (_("地点"), areas),
        "holder": (_("责任单位"), unit_queries.unit_choices()),
        "tier": (_("紧急程度"), Tier.choices),
        "channel": (_("来源"), Channel.choices),
    }


#: The tabs above the list, each with its filters.
TABS = (
    (gettext_lazy("待我办"), "todo=1&order=due"),
    (gettext_lazy("超期"), "overdue=1"),
    (gettext_lazy("我经手的"), "touched=1"),
    (gettext_lazy("全部"), ""),
)
FLAGS = {
    "open": gettext_lazy("未销号"),
    "todo": gettext_lazy("待我办"),
    "mine": gettext_lazy("本单位承办"),
    "overdue": gettext_lazy("超期"),
    "near": gettext_lazy("临期"),
    "today": gettext_lazy("今日到期"),
    "returned": gettext_lazy("退回"),
    "assigned": gettext_lazy("指派给我"),
    "touched": gettext_lazy("我经手的"),
    "approving": gettext_lazy("待我审批"),
    "verifying": gettext_lazy("待核实"),
}


def chips(given: Any, options: dict[str, tuple[str, list[Any]]]) -> list[tuple[str, str]]:
    """One chip per active filter: (parameter, words)."""
    chips = [(name, str(label)) for name, label in FLAGS.items() if given.get(name) == "1"]
    if given.get("bbox"):
        chips.append(("bbox", _("地图视野内")))
    for name, (label, offered) in options.items():
        if value := given.get(name):
            words = dict(offered)
            chips.append((name, f"{label}：" + "、".join(str(words.get(v, v)) for v in value.split(","))))
    for name, word in {"created_after": _("登记日期从"), "created_before": pgettext("日期", "到")}.items():
        if day := given.get(name):
            chips.append((name, f"{word} {day[:10]}"))
    if since := given.get("since"):
        chips.append(("since", _("新增，自 %(day)s") % {"day": since[:16].replace("T", " ")}))
    if q := given.get("q", "").strip():
        chips.append(("q", f"{_('关键词')}：{q}"))
    return chips


def fewer(q: str) -> list[tuple[str, str]]:
    """Each word of a search of several words, with the search without it."""
    found = words_of(q)
    return [(word, " ".join(one for one in found if one != word)) for word in found] if len(found) > 1 else []
