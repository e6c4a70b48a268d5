"""Import and export of the duty list as a table, with a comparison to the version in force."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.actors import Actor
from governance.errors import DomainError, Invalid
from governance.sheets import tables
from governance.sheets.tables import Fault, Report, Row, require_columns
from governance.tenancy.scope import current
from grids.models import Unit, UnitKind
from tickets.catalog.models import Category
from tickets.duties import queries as duty
from tickets.duties.actions import versions
from tickets.duties.actions.versions import ItemDraft
from tickets.duties.models import DutyItem, DutyKind, DutyList

#: The fields of an item with the headings that are recognised; an export writes the first one.
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("事项编号", "编号", "序号", "code", "number"),
    "name": ("事项名称", "名称", "履职事项", "name", "item"),
    "kind": ("清单类别", "清单", "类别", "list", "kind"),
    "lead": ("牵头单位", "主责部门", "责任单位", "承接部门", "lead", "lead_unit"),
    "assistants": ("配合单位", "协办单位", "assistants", "cooperating_units"),
    "legal_basis": ("法律依据", "依据", "legal_basis", "basis"),
    "category": ("分类代码", "事项分类", "category", "category_code"),
}
#: The accepted headings of each field, the first one for people.
WANTED = tuple(COLUMNS.values())
MAX_LENGTHS = {"code": 30, "name": 200, "legal_basis": 500}
_KINDS = {
    **{kind.value: kind for kind in DutyKind},
    "基本履职": DutyKind.BASIC,
    "基本履职事项": DutyKind.BASIC,
    "基本": DutyKind.BASIC,
    "配合履职": DutyKind.COOPERATING,
    "配合履职事项": DutyKind.COOPERATING,
    "配合": DutyKind.COOPERATING,
    "上级部门收回": DutyKind.TAKEN_BACK,
    "上级部门收回事项": DutyKind.TAKEN_BACK,
    "收回": DutyKind.TAKEN_BACK,
    "赋权": DutyKind.DELEGATED,
    "赋权事项": DutyKind.DELEGATED,
    "basic duty": DutyKind.BASIC,
    "taken back": DutyKind.TAKEN_BACK,
}
#: Words for every unit of a kind.
_UNIT_KINDS = {
    **{kind.value: kind for kind in UnitKind},
    "街道": UnitKind.STREET,
    "乡镇": UnitKind.STREET,
    "镇街": UnitKind.STREET,
    "乡镇(街道)": UnitKind.STREET,
    "街道(乡镇)": UnitKind.STREET,
    "street": UnitKind.STREET,
    "社区": UnitKind.COMMUNITY,
    "村": UnitKind.COMMUNITY,
    "社区(村)": UnitKind.COMMUNITY,
    "community": UnitKind.COMMUNITY,
    "综合执法队": UnitKind.ENFORCEMENT,
}
_SEPARATORS = str.maketrans({"、": "|", "，": "|", ",": "|", ";": "|", "；": "|", "\n": "|"})
_BRACKETS = str.maketrans({"（": "(", "）": ")"})
SHOWN = (
    ("name", gettext_lazy("事项名称")),
    ("kind", gettext_lazy("清单类别")),
    ("lead", gettext_lazy("牵头单位")),
    ("assistants", gettext_lazy("配合单位")),
    ("legal_basis", gettext_lazy("法律依据")),
    ("category", gettext_lazy("分类代码")),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One changed item: its code, its name, and (label, old, new) for each changed field."""

    code: str
    name: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True)
class Differences:
    """The differences from the version in force."""

    added: list[Change] = field(default_factory=list)
    removed: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0

    def words(self) -> str:
        """The counts as one sentence."""
        return _("与现行清单相比：新增 %(a)d 项，取消 %(r)d 项，变更 %(c)d 项，不变 %(s)d 项") % {
            "a": len(self.added),
            "r": len(self.removed),
            "c": len(self.changed),
            "s": self.unchanged,
        }


@dataclass(slots=True)
class Outcome:
    """The result of an import or of a dry run; `version` is the draft, None if nothing was stored."""

    report: Report
    differences: Differences
    version: DutyList | None = None


class _Books:
    """The units and categories that cells refer to, read once."""

    def __init__(self) -> None:
        self.codes, self.names = {}, {}
        for pk, code, name in Unit.objects.filter(active=True).values_list("id", "code", "name"):
            self.codes[code] = (pk, name)
            self.names.setdefault(name, []).append(pk)
        self.categories = {one.code: one for one in Category.objects.filter(active=True)}
        self.seen: set[str] = set()

    def party(self, text: str) -> tuple[int | None, str]:
        """The unit (by code or name) or kind of unit in a cell, as (id, kind); raises Invalid."""
        kind = _UNIT_KINDS.get(text.translate(_BRACKETS))
        if text in self.codes:
            return self.codes[text][0], ""
        if kind is not None:
            return None, kind.value
        found = self.names.get(text, [])
        if len(found) == 1:
            return found[0], ""
        reason = _("有多个单位叫“%(unit)s”，请填代码") if found else _("没有单位“%(unit)s”")
        raise Invalid(reason % {"unit": text[:60]})


def import_duties(
    rows: list[Row], *, name: str, valid_from: date, by: Actor, at: datetime, dry_run: bool = False
) -> Outcome:
    """Draft a version from a table; if a row is faulty, nothing is stored.

    Raises Invalid for missing columns. The differences are to the version in force at `at`.
    """
    require_columns(rows, COLUMNS["code"], COLUMNS["name"], COLUMNS["kind"], COLUMNS["lead"])
    report, books, drafts = Report(), _Books(), []
    for row in rows:
        try:
            drafts.append(_item(row, books))
        except DomainError as error:
            report.faults.append(Fault(row.line, str(error), row.cells))
    outcome = Outcome(report, compare(drafts, at))
    if report.faults or dry_run:
        return outcome
    outcome.version = versions.draft(name, drafts, valid_from=valid_from, by=by, at=at)
    report.created = len(drafts)
    return outcome


def _item(row: Row, books: _Books) -> ItemDraft:
    given = {key: row.get(*names) for key, names in COLUMNS.items()}
    # 序号 counts only where the file has no column 事项编号.
    given["code"] = row.get(*[name for name in COLUMNS["code"] if name in row.cells][:1])
    for key, most in MAX_LENGTHS.items():
        if len(given[key]) > most:
            raise Invalid(_("“%(field)s”最多 %(n)d 字") % {"field": COLUMNS[key][0], "n": most})
    for key in ("code", "name", "kind", "lead"):
        if not given[key]:
            raise Invalid(_("“%(field)s”不能为空") % {"field": COLUMNS[key][0]})
    if given["code"] in books.seen:
        raise Invalid(_("编号 %(code)s 在文件中重复") % {"code": given["code"]})
    books.seen.add(given["code"])
    kind = _KINDS.get(given["kind"].lower())
    if kind is None:
        raise Invalid(_("不认识的清单类别“%(kind)s”") % {"kind": given["kind"][:40]})
    category = books.categories.get(given["category"])
    if given["category"] and category is None:
        raise Invalid(_("没有代码为 %(code)s 的分类") % {"code": given["category"][:40]})
    lead = books.party(given["lead"])
    named = [one.strip() for one in given["assistants"].translate(_SEPARATORS).split("|") if one.strip()]
    helpers = dict.fromkeys(books.party(one) for one in named)
    return ItemDraft(
        code=given["code"],
        name=given["name"],
        kind=kind,
        lead=lead,
        assistants=tuple(one for one in helpers if one != lead),
        legal_basis=given["legal_basis"],
        category=category,
    )


# -- differences


def compare(drafts: Iterable[ItemDraft], at: datetime) -> Differences:
    """Compare a new version with the one in force: by code, field by field, in the order of the lists."""
    version = duty.in_force(at)
    before = {entry.code: entry for entry in version.entries} if version else {}
    names = dict(Unit.objects.values_list("id", "name"))
    found, kept = Differences(), set()
    for one in drafts:
        kept.add(one.code)
        old = before.get(one.code)
        if old is None:
            found.added.append(Change(one.code, one.name))
            continue
        was, now = _cells(old), _cells_of(one, names)
        changed = tuple((str(label), was[key], now[key]) for key, label in SHOWN if was[key] != now[key])
        if changed:
            found.changed.append(Change(one.code, one.name, changed))
        else:
            found.unchanged += 1
    found.removed = [Change(entry.code, entry.name) for code, entry in before.items() if code not in kept]
    return found


def drafted(version: DutyList) -> list[ItemDraft]:
    """The items of a stored version as drafts."""
    rows = DutyItem.objects.filter(version=version).select_related("category").prefetch_related("assistants")
    return [
        ItemDraft(
            code=row.code,
            name=row.name,
            kind=row.kind,
            lead=(row.lead_unit_id, row.lead_kind),
            assistants=tuple((one.unit_id, one.kind) for one in row.assistants.all()),
            legal_basis=row.legal_basis,
            category=row.category,
        )
        for row in rows
    ]


def _cells(entry: duty.Entry) -> dict[str, str]:
    return {
        "name": entry.name,
        "kind": str(DutyKind(entry.kind).label),
        "lead": str(entry.lead),
        "assistants": "、".join(sorted(str(one) for one in entry.assistants)),
        "legal_basis": entry.legal_basis,
        "category": entry.category_code,
    }


def _cells_of(one: ItemDraft, names: dict[int, str]) -> dict[str, str]:
    def said(party: tuple[int | None, str]) -> str:
        return names[party[0]] if party[0] else str(UnitKind(party[1]).label)

    return {
        "name": one.name,
        "kind": str(DutyKind(one.kind).label),
        "lead": said(one.lead),
        "assistants": "、".join(sorted(said(party) for party in one.assistants)),
        "legal_basis": one.legal_basis,
        "category": one.category.code if one.category else "",
    }


def exported(version: DutyList) -> bytes:
    """A version as an .xlsx that can be imported again; a unit whose name is not unique is written by its
    code."""
    many = _doubled()
    headings = [names[0] for names in COLUMNS.values()]

    def said(unit: Unit | None, kind: str) -> str:
        if unit is None:
            return str(UnitKind(kind).value if kind not in _WRITTEN else _WRITTEN[kind])
        return unit.code if unit.name in many else unit.name

    rows = (
        [
            item.code,
            item.name,
            str(DutyKind(item.kind).label) if str(DutyKind(item.kind).label) in _KINDS else item.kind,
            said(item.lead_unit, item.lead_kind),
            "、".join(said(one.unit, one.kind) for one in item.assistants.all()),
            item.legal_basis,
            item.category.code if item.category else "",
        ]
        for item in duty.items(version)
    )
    return tables.sheet(current().name[:20] + "履职清单", headings, rows)


_WRITTEN = {
    UnitKind.STREET: "街道（乡镇）",
    UnitKind.COMMUNITY: "社区（村）",
    UnitKind.ENFORCEMENT: "综合执法队",
}


def _doubled() -> set[str]:
    names = list(Unit.objects.filter(active=True).values_list("name", flat=True))
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}
