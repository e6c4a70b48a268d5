"""Filters as they stand in an address: the same for the page, the API and the export."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_naive, make_aware
from django.utils.translation import gettext as _

from governance.errors import Invalid
from grids.models import Area
from tickets.queries import Filters
from tickets.states import Channel, State, Tier

#: Every parameter that narrows or orders a list.
PARAMETERS = (
    "state",
    "category",
    "area",
    "holder",
    "mine",
    "overdue",
    "near",
    "returned",
    "assigned",
    "todo",
    "approving",
    "verifying",
    "tier",
    "channel",
    "q",
    "created_after",
    "order",
)


def address_of(query: Mapping[str, str]) -> str:
    """The filters of an address, without its place in the list and all else; raises Invalid as `filters_of`."""
    filters_of(query)
    return urlencode({name: query[name] for name in PARAMETERS if query.get(name)})


def filters_of(query: Mapping[str, str]) -> Filters:
    """Read an address; raises Invalid naming the parameter that does not hold."""
    states = tuple(part for part in query.get("state", "").split(",") if part)
    for state in states:
        _one_of(state, State.values, "state")
    tier, channel = query.get("tier", ""), query.get("channel", "")
    _one_of(tier, ["", *Tier.values], "tier")
    _one_of(channel, ["", *Channel.values], "channel")
    return Filters(
        state=states,
        category=query.get("category", ""),
        area_path=_path(query.get("area", "")),
        holder=query.get("holder", ""),
        mine=query.get("mine") == "1",
        overdue=query.get("overdue") in {"1", "true"},
        near=query.get("near") == "1",
        returned=query.get("returned") == "1",
        assigned=query.get("assigned") == "1",
        todo=query.get("todo") == "1",
        approving=query.get("approving") == "1",
        verifying=query.get("verifying") == "1",
        tier=tier,
        channel=channel,
        q=query.get("q", "").strip(),
        created_after=_moment(query.get("created_after", "")),
        by_due=query.get("order") == "due",
    )


def _one_of(value: str, allowed: list[str], field: str) -> None:
    if value not in allowed:
        raise Invalid(
            _("“%(value)s”不是可选的值") % {"value": value[:40]}, code="unknown_choice", field=field
        )


def _path(code: str) -> str:
    if not code:
        return ""
    path = Area.objects.filter(code=code).values_list("path", flat=True).first()
    if path is None:
        raise Invalid(
            _("没有代码为 %(code)s 的地方") % {"code": code[:40]}, code="unknown_area", field="area"
        )
    return path


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise Invalid(_("时间应写成 2026-11-21T09:30+08:00"), code="bad_time", field="created_after")
    return make_aware(moment, get_current_timezone()) if is_naive(moment) else moment
