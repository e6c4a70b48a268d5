"""Tables as offices send them: headings below a title, merged cells, notes, full-width digits, several sheets."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from governance.errors import Invalid
from governance.sheets import dates
from governance.sheets.reading import CELLS_PER_ROW, Limits, Page

SEARCHED = 15  # rows among which the headings are looked for
SHOWN = 20  # characters of a cell that is quoted
#: Full-width digits and letters, as a Chinese keyboard writes them.
_NARROW = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_ALL_NARROW = re.compile(r"[\s0-9A-Za-z０-９Ａ-Ｚａ-ｚ．－／：，＋（）()+\-./:,]+")
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
#: Characters that no text of a person has, and that no database or spreadsheet takes.
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))
_BRACKETS = re.compile(r"[（(【\[].*?[）)】\]]")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
#: Headings of columns with dates; a date without a year there gets the year of the title.
_DATED = re.compile(r"日期|时间|日$|开始|结束|起|止|since|until|starts|ends|date|day")
_SIGNS = re.compile(r"[\s*＊★:：。、_]+")
#: The only cell of a row below the table that is no data.
_NOTE = re.compile(
    r"(填表|填报|制表|审核|复核|经办|报送|联系|备注|说明|注|合计|共计|总计)[^。]{0,6}[:：]|(合计|共计|总计)"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number in the file (from 1) and its cells by heading, stripped."""

    line: int
    cells: dict[str, str]

    def get(self, *names: str) -> str:
        """The first cell with text under one of the headings, or the empty text."""
        return next((self.cells[name] for name in names if self.cells.get(name)), "")


#: A field that an importer knows: its accepted headings, the first one for people.
Wanted = Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """The sheet of a file that is read: where its headings are, and the name of each column for the importer.

    `taken` are pairs (heading in the file, field) where they differ; `unread` the names of other sheets with content.
    """

    page: Page
    heading: int  # the index of the line with the headings
    columns: list[str]
    taken: list[tuple[str, str]]
    unread: list[str]

    def rows(self, most: int | None = None) -> list[Row]:
        """The lines of data. Raises Invalid above `most` lines."""
        return list(_rows(self, most or Limits().most_rows))

    def words(self) -> list[str]:
        """Sentences that say what was taken for what."""
        said = []
        if self.heading or self.page.name or self.taken:
            name = _("工作表“%(name)s”的") % {"name": self.page.name} if self.page.name else ""
            said.append(_("%(sheet)s第 %(line)d 行当作表头。") % {"sheet": name, "line": self.heading + 1})
        if self.taken:
            pairs = "、".join(f"“{_short(one)}”→“{field}”" for one, field in self.taken)
            said.append(_("列名对应：%(pairs)s。") % {"pairs": pairs})
        if notes := [number + 1 for number in _notes(self)]:
            said.append(_("第 %(lines)s 行是说明，没有读。") % {"lines": "、".join(map(str, notes[:SHOWN]))})
        if self.unread:
            names = "、".join(_short(one) for one in self.unread[:SHOWN])
            said.append(_("其他工作表没有读：%(names)s。") % {"names": names})
        return said

    def to_json(self) -> str:
        """JSON, to be stored until the member confirms."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Table":
        """The table that `to_json` wrote."""
        facts = json.loads(text)
        page = facts["page"]
        boxes = tuple(tuple(box) for box in page["merged"])
        return cls(**{**facts, "page": Page(page["name"], page["lines"], boxes)})


def table_of(pages: list[Page], limits: Limits, wanted: Sequence[Wanted] = ()) -> Table:
    """The sheet and the headings among its first rows that fit best; without `wanted`, the first filled row.

    Raises Invalid if two columns are the same field, and for merged cells beyond the limits.
    """
    known = _known(wanted)
    carried = [_carried(_legal(page), limits) for page in pages] or [Page("", [])]
    found = [(*_best_row(page, known), page) for page in carried]
    _score, heading, page = max(found, key=lambda one: one[0])
    columns, taken = _columns(page.lines[heading] if page.lines else [], known)
    unread = [one.name for one in carried if one is not page and any(map(_filled, one.lines))]
    return Table(page, heading, columns, taken, unread)


def _legal(page: Page) -> Page:
    """The page without control characters."""
    lines = [[cell.translate(_CONTROL) for cell in line] for line in page.lines]
    return Page(page.name.translate(_CONTROL), lines, page.merged)


def narrow(text: str) -> str:
    """The text with normal digits and letters for full-width ones, also the signs if it has nothing else."""
    text = unicodedata.normalize("NFKC", text) if _ALL_NARROW.fullmatch(text) else text.translate(_NARROW)
    return text.strip(_INVISIBLE).strip()


def _known(wanted: Sequence[Wanted]) -> dict[str, tuple[str, str]]:
    """{heading in its simplest form: (heading, field for people)}."""
    return {_simple(name): (name, names[0]) for names in wanted for name in reversed(names)}


def _simple(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).lower()


def _match(cell: str, known: dict[str, tuple[str, str]]) -> tuple[str, str] | None:
    """The (heading, field) of a cell: as it is, without signs, or without an addition in brackets."""
    simple = _simple(cell)
    return known.get(simple) or known.get(_simple(_BRACKETS.sub("", unicodedata.normalize("NFKC", cell))))


def _filled(line: list[str]) -> bool:
    return any(cell.strip() for cell in line)


def _best_row(page: Page, known: dict[str, tuple[str, str]]) -> tuple[int, int]:
    """(number of fields found, index) of the row of headings; of equal ones that a merge repeats, the last."""
    filled = [number for number, line in enumerate(page.lines) if _filled(line)]
    if not filled:
        return -1, 0
    scores = {
        number: len({match[1] for cell in page.lines[number] if (match := _match(cell, known))})
        for number in filled
        if number < SEARCHED
    } or {filled[0]: 0}
    best = max(scores, key=lambda number: scores[number])
    if not scores[best]:
        return 0, filled[0]
    while scores.get(best + 1) == scores[best] and _same_fields(page, best, known):
        best += 1
    return scores[best], best


def _same_fields(page: Page, number: int, known: dict[str, tuple[str, str]]) -> bool:
    one, other = ([_match(cell, known) for cell in page.lines[index]] for index in (number, number + 1))
    return one == other


def _columns(cells: list[str], known: dict[str, tuple[str, str]]) -> tuple[list[str], list[tuple[str, str]]]:
    """The importer's name of each column, and the headings that differ from the importer's.

    Of several columns for one field only the preferred one is said to be taken.
    """
    columns: list[str] = []
    matched: dict[str, tuple[int, str]] = {}
    order = list(known.values())  # of one field the preferred heading comes last
    exact = {cell.strip() for cell in cells}
    for cell in cells:
        plain = cell.strip()
        match = _match(plain, known) if plain else None
        if match and plain != match[0] and match[0] in {*exact, *columns}:
            match = None  # another column has this very heading
        columns.append(match[0] if match else plain)
        if match:
            matched[match[1]] = max(matched.get(match[1], (-1, "")), (order.index(match), plain))
    taken = [(plain, field) for field, (_rank, plain) in matched.items() if plain != field]
    read = {name for name, _field in known.values()}
    doubled = {name for name in columns if name and columns.count(name) > 1 and (name in read or not known)}
    if doubled:
        raise Invalid(_("表头重复：%(names)s") % {"names": "、".join(sorted(doubled))}, code="double_heading")
    return columns, taken


def _carried(page: Page, limits: Limits) -> Page:
    """The page with the text of each merged cell in all of its rows, in its first column."""
    budget = limits.most_rows * CELLS_PER_ROW
    lines = page.lines
    for top, left, bottom, _right in page.merged:
        last = min(bottom, len(lines) - 1)
        if top >= last or left >= len(lines[top]) or not lines[top][left]:
            continue
        budget -= last - top
        if budget < 0:
            raise Invalid(_("合并的单元格太多"), code="too_many_cells")
        for line in lines[top + 1 : last + 1]:
            line.extend([""] * (left + 1 - len(line)))
            line[left] = line[left] or lines[top][left]
    return page


def _notes(table: Table) -> Iterator[int]:
    """Indexes of lines below the headings whose only cell is a note, such as who filled in the table."""
    for number, line in _below(table):
        filled = [cell.strip() for cell in line if cell.strip()]
        if len(filled) == 1 and len(table.columns) > 1 and _NOTE.match(filled[0]):
            yield number


def _below(table: Table) -> Iterable[tuple[int, list[str]]]:
    return enumerate(table.page.lines[table.heading + 1 :], table.heading + 1)


def _year_of(table: Table) -> int | None:
    """The year that the titles above the headings or the name of the sheet give; None without one, or for several."""
    above = [cell for line in table.page.lines[: table.heading] for cell in line]
    years = {int(year) for text in (*above, table.page.name) for year in _YEAR.findall(narrow(text))}
    return years.pop() if len(years) == 1 else None


def _rows(table: Table, most: int) -> Iterator[Row]:
    notes, year = set(_notes(table)), _year_of(table)
    dated = [number for number, name in enumerate(table.columns) if year and _DATED.search(name)]
    headings = [cell.strip() for cell in table.page.lines[table.heading]] if table.page.lines else []
    for number, line in _below(table):
        cells = [narrow(cell) for cell in line]
        if not any(cells) or number in notes or [cell.strip() for cell in line] == headings:
            continue
        if number + 1 > most:
            raise Invalid(_("一次最多 %(n)d 行") % {"n": most}, code="too_many_rows")
        cells += [""] * (len(table.columns) - len(cells))
        for place in dated:
            cells[place] = dates.with_year(cells[place], year or 0)
        yield Row(number + 1, dict(zip(table.columns, cells, strict=False)))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
