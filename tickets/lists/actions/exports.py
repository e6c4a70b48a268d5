"""Export a list to Excel: masked, marked with the member, and logged; a worker writes large lists."""

import io
import logging
import re
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Greatest, Now
from django.http import QueryDict
from django.utils.translation import gettext as _

from governance import events
from governance.access import actors
from governance.access.actors import Actor
from governance.district import trial
from governance.environment import owner_only
from governance.errors import Conflict, Invalid, Missing
from governance.tenancy.models import Tenant
from governance.tenancy.scope import current, scope
from tickets.lists import export_sheet
from tickets.lists import words as filter_words
from tickets.lists.export_sheet import Sheet
from tickets.lists.filters import PARAMETERS, address_of, filters_for
from tickets.lists.models.exports import Export
from tickets.ticket import queries
from tickets.ticket.queries import Filters

AT_ONCE = 5_000  # rows that are written while the user waits
MAX_ROWS = 100_000
BATCH = 1_000
KEPT_FOR = timedelta(days=1)
STUCK_AFTER = timedelta(minutes=5)  # without progress: the worker is gone
logger = logging.getLogger(__name__)


def take(query: QueryDict, *, by: Actor, at: datetime) -> bytes | Export:
    """The list of an address as .xlsx; above AT_ONCE rows, an Export that a worker will write.

    Both are recorded in the log. Raises Invalid above MOST rows, and Conflict while a large export of the
    same member is still being written.
    """
    filters, address = filters_for(query, by), address_of(query)
    total = queries.count(by, filters, at=at, most=MAX_ROWS + 1)
    if total > MAX_ROWS:
        raise Invalid(
            _("一次最多导出 %(n)d 件，请先缩小筛选范围") % {"n": MAX_ROWS}, code="too_many", field="query"
        )
    found: bytes | Export
    found = _written(filters, address, by, at) if total <= AT_ONCE else _ordered(address, total, by, at)
    events.record("ticket.exported", current(), by=by, at=at, count=total, filters=_codes(query))
    return found


def _codes(query: QueryDict) -> dict[str, str]:
    """The filters as recorded in the log: search words and other free text are replaced by `*`."""
    offered = {name: {code for code, _label in choice[1]} for name, choice in filter_words.options().items()}
    return {
        name: query[name] if name != "q" and _is_code(query[name], offered.get(name)) else "*"
        for name in PARAMETERS
        if query.get(name)
    }


def _is_code(value: str, offered: set[str] | None) -> bool:
    """Is it one of the offered codes?

    A filter that offers no codes may show only numbers, dates and coordinates.
    """
    if offered is None:
        return not re.search(r"[^\d.,:+TZ-]", value) or value == "due"
    return all(part in offered for part in value.split(","))


def _begun(address: str, by: Actor, at: datetime) -> Sheet:
    mark = _("%(name)s %(at)s 导出，仅供工作使用") % {"name": by.label, "at": export_sheet.moment(at)}
    given = "，".join(
        words for _name, words in filter_words.chips(_codes(QueryDict(address)), filter_words.options())
    )
    filters = _("%(district)s 工单，筛选条件：%(filters)s")
    return Sheet(mark, filters % {"district": current().name, "filters": given or _("无")})


def _written(filters: Filters, address: str, by: Actor, at: datetime) -> bytes:
    sheet, buffer = _begun(address, by, at), io.BytesIO()
    found = queries.page(by, filters, at=at, size=AT_ONCE, columns=export_sheet.COLUMNS)
    sheet.append(found.rows)
    sheet.save(buffer)
    return buffer.getvalue()


def _ordered(address: str, total: int, by: Actor, at: datetime) -> Export:
    mine = Export.objects.filter(member_id=by.member_id)
    if mine.filter(state__in=[Export.State.WAITING, Export.State.RUNNING]).exists():
        raise Conflict(_("您的上一份导出还在生成，请稍后再试"), code="export_running")
    made = Export.objects.create(
        member_id=by.member_id, query=address, total=total, created_at=at, moved_at=at
    )
    _send(made)
    return made


def _send(export: Export) -> None:
    given = {"tenant_id": export.tenant_id, "pk": export.pk}
    transaction.on_commit(
        lambda: current_app.send_task("tickets.write_export", kwargs=given, ignore_result=True), robust=True
    )


def write(tenant: Tenant, pk: int, at: datetime) -> None:
    """Write an ordered export batch by batch, each batch in a scope of its own; a finished export stays as it
    is.

    The member's present rights count, not those at the time of the order.
    """
    try:
        if started := _start(tenant, pk, at):
            _all(tenant, pk, at, *started)
    except Exception:
        logger.exception("export %s was not written", pk)
        _became(tenant, pk, state=Export.State.FAILED)


def _start(tenant: Tenant, pk: int, at: datetime) -> tuple[str, Actor] | None:
    with scope(tenant):
        export = Export.objects.select_for_update().select_related("member").filter(pk=pk).first()
        if export is None or not export.is_open:
            return None
        if export.state == Export.State.RUNNING and export.moved_at > at - STUCK_AFTER:
            return None  # another worker has it
        by = actors.of_user(export.member.user_id, tenant.pk, at)
        if by.kind != "member":
            raise Missing("who ordered it is no longer here")
        export.state, export.done, export.moved_at = Export.State.RUNNING, 0, at
        export.save(update_fields=["state", "done", "moved_at"])
        return export.query, by


def _all(tenant: Tenant, pk: int, at: datetime, address: str, by: Actor) -> None:
    cursor, done, sheet, filters = None, 0, None, None
    while sheet is None or cursor:
        with scope(tenant):
            if sheet is None:
                sheet, filters = _begun(address, by, at), filters_for(QueryDict(address), by)
            page = queries.page(by, filters, at=at, cursor=cursor, size=BATCH, columns=export_sheet.COLUMNS)
            sheet.append(page.rows)
            cursor, done = page.next, done + len(page.rows)
            _went_on(pk, done)
    name = f"{tenant.slug}/{uuid4().hex}.xlsx"
    target = folder() / name
    for place in (folder(), target.parent):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(target, "xb", opener=owner_only) as file:
        sheet.save(file)
    _became(tenant, pk, state=Export.State.READY, path=name, done=done, total=done)


def _went_on(pk: int, done: int) -> None:
    Export.objects.filter(pk=pk).update(done=done, total=Greatest("total", done), moved_at=Now())


def _became(tenant: Tenant, pk: int, **changes: object) -> None:
    with scope(tenant):
        Export.objects.filter(pk=pk, state__in=[Export.State.WAITING, Export.State.RUNNING]).update(**changes)


def sweep(tenant: Tenant, at: datetime) -> None:
    """Delete exports older than KEPT, and send again those that a lost worker or broker left unfinished."""
    with scope(tenant):
        old = Export.objects.filter(created_at__lt=at - KEPT_FOR)
        for path in old.exclude(path="").values_list("path", flat=True):
            (folder() / path).unlink(missing_ok=True)
        old.delete()
        _forget(tenant, at)
        stuck = [Export.State.WAITING, Export.State.RUNNING]
        for export in Export.objects.filter(state__in=stuck, moved_at__lt=at - STUCK_AFTER):
            _send(export)


def _forget(tenant: Tenant, at: datetime) -> None:
    """Delete the files that no row refers to, because a worker was killed while writing."""
    here = folder() / tenant.slug
    for file in here.glob("*.xlsx") if here.is_dir() else ():
        if file.stat().st_mtime < (at - KEPT_FOR).timestamp():
            file.unlink(missing_ok=True)


def fetch(pk: int, *, by: Actor) -> bytes:
    """The file, once, for the member who ordered it; then it is deleted.

    Raises Missing if there is no such export, Conflict if it cannot be downloaded now.
    """
    export = Export.objects.select_for_update().filter(pk=pk, member_id=by.member_id).first()
    if export is None:
        raise Missing(_("该导出文件不存在"))
    path = folder() / export.path
    if export.state == Export.State.READY and not path.is_file():
        raise Conflict(_("文件已失效，请重新导出"), code="gone")
    if export.state != Export.State.READY:
        raise Conflict(
            _("这份导出现在不能下载：%(state)s") % {"state": export.get_state_display()}, code="not_ready"
        )
    content = path.read_bytes()
    export.state, export.path = Export.State.FETCHED, ""
    export.save(update_fields=["state", "path"])
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return content


@trial.removes_files
def delete_files() -> None:
    """After the commit, delete the files of the district's exports; the caller deletes the rows."""
    for path in Export.objects.exclude(path="").values_list("path", flat=True):
        transaction.on_commit(partial(_delete, path), robust=True)


def _delete(path: str) -> None:
    (folder() / path).unlink(missing_ok=True)


def folder() -> Path:
    """The directory of the files, next to the media directory: exports are neither served nor backed up."""
    return Path(settings.DATA_DIR) / "exports"
