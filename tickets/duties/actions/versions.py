"""Versions of a district's duty list: drafted from a table, published, and superseded by the next version."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Conflict, Invalid, Missing
from governance.tenancy import config
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from tickets.catalog.models import Category
from tickets.duties.models import DutyAssistant, DutyItem, DutyList


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """One item as read from a table.

    `lead` and each assistant are (unit id, kind); only one of the two is set.
    """

    code: str
    name: str
    kind: str
    lead: tuple[int | None, str]
    assistants: tuple[tuple[int | None, str], ...] = ()
    legal_basis: str = ""
    category: Category | None = None


def draft(name: str, drafts: Iterable[ItemDraft], *, valid_from: date, by: Actor, at: datetime) -> DutyList:
    """Store a version that is not yet in force; an earlier draft is discarded. Raises Forbidden, Invalid."""
    policy.require(by, Permission.SETTINGS_EDIT)
    drafts = list(drafts)
    if not web_fields.trimmed(name):
        raise Invalid(_("请填写%(label)s") % {"label": _("清单名称")}, code="required", field="name")
    if not drafts:
        raise Invalid(_("清单里没有事项"), code="no_items")
    for old in DutyList.objects.filter(state=DutyList.State.DRAFT):
        discard(old, by=by, at=at)
    version = DutyList.objects.create(
        name=web_fields.trimmed(name), valid_from=valid_from, made_by_id=by.member_id, made_at=at
    )
    _store(version, drafts)
    events.record("duty_list.drafted", version, by=by, at=at, items=len(drafts))
    return version


def _store(version: DutyList, drafts: list[ItemDraft]) -> None:
    rows = [
        DutyItem(
            version=version,
            code=one.code,
            name=one.name,
            kind=one.kind,
            category=one.category,
            lead_unit_id=one.lead[0],
            lead_kind=one.lead[1],
            legal_basis=one.legal_basis,
        )
        for one in drafts
    ]
    DutyItem.objects.bulk_create(rows, batch_size=1000)
    DutyAssistant.objects.bulk_create(
        [
            DutyAssistant(item=row, unit_id=unit, kind=kind)
            for row, one in zip(rows, drafts, strict=True)
            for unit, kind in one.assistants
        ],
        batch_size=1000,
    )


def discard(version: DutyList, *, by: Actor, at: datetime) -> None:
    """Delete a draft; a published version is never deleted. Raises Forbidden, Conflict."""
    policy.require(by, Permission.SETTINGS_EDIT)
    if version.state != DutyList.State.DRAFT:
        raise Conflict(_("已发布的清单不能删除"), code="published")
    events.record("duty_list.discarded", version, by=by, at=at)
    version.delete()


def publish(version: DutyList, *, by: Actor, at: datetime) -> DutyList:
    """Put the version in force from its first day; the former one ends the day before.

    Raises Forbidden, Missing, Conflict.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    locked = DutyList.objects.select_for_update().filter(pk=version.pk).first()
    if locked is None:
        raise Missing(_("该版本清单不存在"))
    if locked.state != DutyList.State.DRAFT:
        raise Conflict(_("这一版清单已经发布"), code="published")
    former = DutyList.objects.select_for_update().filter(state=DutyList.State.PUBLISHED).first()
    if former is not None:
        _supersede(former, locked.valid_from)
    locked.state = DutyList.State.PUBLISHED
    locked.published_by_id, locked.published_at = by.member_id, at
    locked.save(update_fields=["state", "published_by", "published_at"])
    config.changed(current())
    facts = {"valid_from": locked.valid_from.isoformat(), "former": former and former.pk}
    events.record("duty_list.published", locked, by=by, at=at, **facts)
    return locked


def _supersede(former: DutyList, since: date) -> None:
    if since < former.valid_from:
        raise Conflict(
            _("现行清单自 %(day)s 起施行，新清单的施行日期不能更早") % {"day": former.valid_from},
            code="before_the_former",
            field="valid_from",
        )
    former.state, former.valid_to = DutyList.State.SUPERSEDED, since - timedelta(days=1)
    former.save(update_fields=["state", "valid_to"])
