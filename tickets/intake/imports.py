"""Import past tickets from a table."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from governance import events
from governance.access import actors
from governance.access.actors import Actor
from governance.errors import DomainError, Invalid
from governance.sheets import dates
from governance.sheets.tables import Fault, Report, Row, require_columns
from governance.tenancy.dry_run import kept_unless
from governance.tenancy.scope import current
from governance.text import telephones
from tickets.catalog.models import Category
from tickets.intake import actions as intake
from tickets.states import Channel, Demand, Outcome, State
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket

#: The fields of a ticket with the headings that are recognised; `--map` names others.
COLUMNS: dict[str, tuple[str, ...]] = {
    "external_id": ("编号", "留言编号", "工单编号", "external_id", "id"),
    "title": ("标题", "主题", "留言主题", "title"),
    "text": ("内容", "详情", "留言详情", "text", "description"),
    "created_at": ("时间", "留言时间", "受理时间", "created_at"),
    "answer": ("答复", "答复意见", "处理结果", "answer"),
    "answered_at": ("答复时间", "办结时间", "answered_at"),
    "category": ("分类代码", "category"),
    "category_name": ("分类", "一级分类"),
    "area": ("区划代码", "地方代码", "area"),
    "address": ("地址", "address"),
    "name": ("姓名", "反映人", "name"),
    "phone": ("电话", "手机", "phone"),
    "matter": ("诉求类型", "matter"),
}
_NAMESPACE = uuid.UUID("5f2b6e0e-0d4b-4f55-9f5e-6f0f3c1c7a10")
EARLIEST = 1990


def import_tickets(
    rows: list[Row], *, at: datetime, columns: Mapping[str, str] | None = None, dry_run: bool = False
) -> Report:
    """Import past tickets with their own dates: answered ones are closed, the others come in as new reports.

    `columns` maps our fields to the file's headings. A known external id changes nothing. A faulty row is
    returned with its reason and leaves nothing behind.
    """
    plan = {
        field: (columns[field],) if columns and field in columns else names
        for field, names in COLUMNS.items()
    }
    _known_fields(columns or {})
    require_columns(rows, plan["text"], plan["created_at"])
    by = Actor(kind="system", tenant_id=current().pk, label=actors.system(0).label, extra={"history": True})
    report = Report()
    with kept_unless(dry_run):
        known = set(Ticket.objects.exclude(client_id=None).values_list("client_id", flat=True))
        for row in rows:
            try:
                with transaction.atomic():
                    verdict = _one(row, plan, known, by, at)
            except DomainError as error:
                report.faults.append(Fault(row.line, str(error), row.cells))
                continue
            setattr(report, verdict, getattr(report, verdict) + 1)
    return report


def _known_fields(columns: Mapping[str, str]) -> None:
    if unknown := set(columns) - set(COLUMNS):
        raise Invalid(
            _("没有字段 %(names)s；可用：%(known)s")
            % {"names": "、".join(unknown), "known": "、".join(COLUMNS)}
        )


def _one(row: Row, plan: dict[str, tuple[str, ...]], known: set[uuid.UUID], by: Actor, at: datetime) -> str:
    given = {field: row.get(*names) for field, names in plan.items()}
    external = given["external_id"] or f"{given['created_at']}|{given['text']}"
    key = uuid.uuid5(_NAMESPACE, f"{current().slug}:{external}")
    if key in known:
        return "unchanged"
    created_at, text = _moment(given["created_at"], "created_at"), _words(given["text"])
    if created_at > at:
        raise Invalid(_("受理时间 %(t)s 在将来") % {"t": given["created_at"]})
    draft = _draft(given, text, key)
    if given["answer"] or given["answered_at"]:
        _history(draft, given, created_at, by, at)
    else:
        intake.report(draft, by=by, at=at, created_at=created_at)
    known.add(key)
    return "created"


def _draft(given: dict[str, str], text: str, key: uuid.UUID) -> intake.Draft:
    return intake.Draft(
        text=text,
        title=given["title"],
        category=given["category"] or _category_named(given["category_name"]),
        area=given["area"],
        address=given["address"],
        channel=Channel.IMPORT,
        matter=_matter(given["matter"]),
        name=given["name"],
        phone=given["phone"],
        client_id=key,
    )


def _matter(text: str) -> str:
    """The code of a matter type: sheets hold its label (投诉), programs its code (complaint)."""
    with translation.override(settings.LANGUAGE_CODE):
        return next((matter.value for matter in Demand if str(matter.label) == text), text)


def _category_named(name: str) -> str:
    """The code of the leaf with this name; empty if no leaf has it, because the category is then
    uncertain."""
    if not name:
        return ""
    return Category.objects.filter(name=name, leaf=True).values_list("code", flat=True).first() or ""


def _history(
    draft: intake.Draft, given: dict[str, str], created_at: datetime, by: Actor, at: datetime
) -> None:
    """Store a ticket that was settled before the platform existed: closed, with its answer, without
    clocks."""
    answered_at = _moment(given["answered_at"], "answered_at")
    if answered_at < created_at:
        raise Invalid(_("答复时间早于受理时间"))
    if answered_at > at:
        raise Invalid(_("答复时间 %(t)s 在将来") % {"t": given["answered_at"]})
    ticket = intake.past_ticket(draft, created_at)
    ticket.state, ticket.outcome = State.CLOSED, Outcome.EXPLAINED
    ticket.state_since = ticket.closed_at = answered_at
    ticket.save(force_insert=True)
    Reporter.objects.create(
        ticket=ticket,
        name=draft.name,
        phone=telephones.plain(draft.phone),
        phone_hash=telephones.hash_of(draft.phone),
        phone_tail=telephones.tail_hash_of(draft.phone),
        channel=Channel.IMPORT,
        created_at=created_at,
    )
    remark = None
    if given["answer"]:
        remark = Remark.objects.create(
            ticket=ticket,
            verb="resolve",
            visibility=Remark.Visibility.PUBLIC,
            text=given["answer"][: settings.MAX_TEXT_LENGTH],
            at=answered_at,
        )
    events.record(
        "ticket.imported", ticket, by=by, at=at, now=State.CLOSED.value, remark=remark and remark.pk
    )


def _words(text: str) -> str:
    text = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    if not text:
        raise Invalid(_("内容是空的"))
    if len(text) > settings.MAX_TEXT_LENGTH:
        raise Invalid(
            _("内容最多 %(n)d 字，现有 %(have)d 字") % {"n": settings.MAX_TEXT_LENGTH, "have": len(text)}
        )
    return text


def _moment(text: str, field: str) -> datetime:
    moment = _parsed(text)
    if moment is None:
        raise Invalid(_("时间“%(t)s”格式不正确") % {"t": text}, field=field)
    if not EARLIEST <= moment.year <= 2100:
        raise Invalid(_("时间“%(t)s”超出日历范围") % {"t": text}, field=field)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(current().zone))


def _parsed(text: str) -> datetime | None:
    try:
        return parse_datetime(text) or dates.moment_of(text)
    except ValueError:
        return None
