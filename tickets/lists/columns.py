"""Columns of the ticket list: those available, and those that a member has chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `width` in rem."""

    code: str
    label: Any
    width: float


#: The number and the title come first in every list; these columns follow, in this order.
EVERY = {
    column.code: column
    for column in (
        Column("state", _("状态"), 8.5),
        Column("place", _("地点"), 9),
        Column("category", _("类别"), 8),
        Column("holder", _("责任单位"), 10),
        Column("lead", _("承办单位"), 10),
        Column("channel", _("来源"), 6.5),
        Column("tier", _("紧急程度"), 5.5),
        Column("due", _("时限"), 9.5),
        Column("since", _("进入本状态"), 10),
        Column("created", _("登记时间"), 10),
    )
}
USUAL = ("state", "place", "holder", "due")
FIRST = 27.0  # rem for the checkbox, the number and the narrowest title


def read(codes: Iterable[str]) -> str:
    """Codes as stored: the known ones, each once, in the order of EVERY; empty if they are the usual ones."""
    given = set(codes)
    kept = tuple(code for code in EVERY if code in given)
    return "" if kept == USUAL else ",".join(kept)


def chosen(kept: str) -> list[Column]:
    """The columns of a stored choice."""
    return [EVERY[code] for code in (kept.split(",") if kept else USUAL) if code in EVERY]


def layout(columns: Iterable[Column]) -> dict[str, str]:
    """The widths for CSS: `tracks` for the grid, `least` for the whole row."""
    widths = [column.width for column in columns]
    tracks = " ".join(f"{width:g}rem" for width in widths)
    return {"tracks": tracks, "least": f"{FIRST + sum(widths) + 0.75 * len(widths):g}rem"}
