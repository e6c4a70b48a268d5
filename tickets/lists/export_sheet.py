"""Excel sheet of an exported list: reporters masked, every printed page marked with the exporter."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from governance.sheets.tables import harmless
from governance.tenancy.scope import current
from governance.text.bilingual import in_reader_language
from grids import choices as territory
from tickets.states import Channel, Outcome, State, Tier
from tickets.ticket import accused
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.queries import COLUMNS as LISTED

COLUMNS = (*LISTED, "address", "source_number")
#: Colour of the mark, which is printed behind the rows.
GREY = "D9D9D9"
WIDTHS = (24, 40, 14, 12, 18, 16, 24, 20, 20, 12, 20, 10, 18, 18, 18, 10, 16)
MINUTES = "yyyy-mm-dd hh:mm"


class Sheet:
    """An .xlsx that is written while rows are appended, without holding them in memory; `save` completes
    it."""

    def __init__(self, mark: str, filters: str) -> None:
        self.book = Workbook(write_only=True)
        self.book.properties.description = mark
        self.page = self.book.create_sheet(_("工单"))
        for number, width in enumerate(WIDTHS):
            self.page.column_dimensions[chr(ord("A") + number)].width = width
        self.page.freeze_panes = "A2"
        self.page.page_setup.orientation = "landscape"
        self.page.print_title_rows = "1:1"
        self._print(mark)
        self.page.append([self._bold(text) for text in headings()])
        notes = self.book.create_sheet(_("说明"))
        notes.column_dimensions["A"].width = 80
        for text in (mark, filters):
            notes.append([harmless(text)])

    def _bold(self, text: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(self.page, text)
        cell.font = Font(bold=True)
        return cell

    def _print(self, mark: str) -> None:
        """Print the mark large and grey across every page, and in the footer with the page number."""
        safe = mark.replace("&", "&&")[:120]
        over, foot = self.page.oddHeader.center, self.page.oddFooter.center
        over.text, over.size, over.color = f"\n\n\n{safe}", 30, GREY
        foot.text = f"{safe}  &P/&N"

    def append(self, rows: Iterable[dict[str, Any]]) -> None:
        """Append rows of COLUMNS with their reporters; one statement."""
        rows = list(rows)
        people = _people([row["id"] for row in rows])
        for row in rows:
            cells = self._cells(row, people.get(row["id"], []))
            self.page.append([self._cell(one) for one in cells])

    def _cell(self, value: Any) -> Any:
        """A text that is no formula, or a moment as a date of the spreadsheet in the district's time."""
        if not isinstance(value, datetime):
            return harmless(str(value or ""))
        cell = WriteOnlyCell(
            self.page, value.astimezone(ZoneInfo(current().zone)).replace(tzinfo=None, microsecond=0)
        )
        cell.number_format = MINUTES
        return cell

    def _cells(self, row: dict[str, Any], people: list[Reporter]) -> list[Any]:
        return [
            row["number"],
            row["title"],
            State(row["state"]).label,
            Outcome(row["outcome"]).label if row["outcome"] else "",
            in_reader_language(row["category__name"], row["category__name_en"]) or "",
            _place(row),
            row["address"],
            accused.acting(row["against_unit_id"], row["holder_unit_id"], row["holder_unit__name"] or ""),
            row["lead_unit__name"] or "",
            Channel(row["channel"]).label,
            row["source_number"],
            Tier(row["tier"]).label,
            row["created_at"],
            row["due_at"],
            row["closed_at"],
            *((_("保密"), _("保密")) if row["against_unit_id"] else _who(people)),
        ]

    def save(self, target: Path | Any) -> None:
        """Write the workbook to a path or an open file."""
        self.book.save(target)


def headings() -> list[str]:
    """The headings of the columns."""
    return [
        _("编号"),
        _("事项"),
        _("状态"),
        _("结果"),
        _("类别"),
        _("地点"),
        _("地址"),
        _("责任单位"),
        _("承办单位"),
        _("来源"),
        _("来源编号"),
        _("紧急程度"),
        _("登记时间"),
        _("时限"),
        _("销号时间"),
        _("反映人"),
        _("电话"),
    ]


def moment(at: datetime) -> str:
    """2026-11-21 09:30 in the district's time zone."""
    return f"{at.astimezone(ZoneInfo(current().zone)):%Y-%m-%d %H:%M}"


def _people(ids: list[int]) -> dict[int, list[Reporter]]:
    found: dict[int, list[Reporter]] = {}
    for one in Reporter.objects.filter(ticket_id__in=ids, left_at=None).order_by("pk"):
        found.setdefault(one.ticket_id, []).append(one)
    return found


def _place(row: dict[str, Any]) -> str:
    """The names of all areas down to the place: the name of a building alone exists in many communities."""
    names = [*territory.names_of(row["area_path"]), row["area__name"] or ""]
    return " ".join(dict.fromkeys(name for name in names if name))


def _who(people: list[Reporter]) -> tuple[str, str]:
    """The masked name and phone of the first reporter, with the number of reporters."""
    if not people:
        return "", ""
    first = people[0]
    name = _("工作人员") if first.member_id else _("匿名") if first.anonymous else first.masked_name
    if len(people) > 1:
        name = _("%(name)s等 %(n)d 人") % {"name": name, "n": len(people)}
    return name, "" if first.member_id else first.masked_phone
