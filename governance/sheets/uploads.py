"""A file brought back: looked at, kept for the second click, and then done or forgotten."""

import io
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from governance import events, tables
from governance.access.actors import Actor
from governance.errors import Conflict, Missing
from governance.sheets import kinds  # noqa: F401 - declares what is recorded here
from governance.sheets.carrying import Preview, carry_out
from governance.sheets.models import SheetUpload
from governance.sheets.registry import Sheet
from governance.sheets.writing import written
from governance.tables import Fault, Row
from governance.tenancy.models import Tenant
from governance.tenancy.scope import current, scope

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of the second click. Not done, the preview is a fresh one; `changed`: somebody was faster."""

    done: bool
    preview: Preview
    fingerprint: str
    changed: bool = False


def export(sheet: Sheet, *, by: Actor, at: datetime) -> bytes:
    """The setting as .xlsx; that it was taken out stands in the log."""
    present = sheet.present(by=by, at=at, lock=False)
    events.record("sheet.exported", current(), by=by, at=at, sheet=sheet.slug, count=len(present))
    return written(sheet, present)


def look_at(sheet: Sheet, content: bytes, name: str, *, by: Actor, at: datetime) -> SheetUpload:
    """Find out what a file would change and keep it for the second click; nothing of it is stored in the setting.

    Raises Invalid for a file that cannot be read, is too large, or has not the columns of the sheet.
    """
    rows = tables.read_bytes(content, name, most_bytes=MOST_BYTES, most_rows=MOST_ROWS)
    preview, print_of, _kept = carry_out(sheet, rows, by=by, at=at)
    SheetUpload.objects.filter(member_id=by.member_id, slug=sheet.slug).delete()
    return SheetUpload.objects.create(
        member_id=by.member_id,
        slug=sheet.slug,
        rows=json.dumps([[row.line, row.cells] for row in rows], ensure_ascii=False),
        preview=preview.to_json(),
        fingerprint=print_of,
        made_at=at,
    )


def waiting(sheet: Sheet, pk: int, *, by: Actor, at: datetime, lock: bool = False) -> SheetUpload:
    """A file that the actor has brought; raises Missing where it was used, is too old or somebody else's, and Conflict
    with the `newer` one's id where the actor has brought another since.
    """
    found = SheetUpload.objects.filter(pk=pk, slug=sheet.slug, member_id=by.member_id, made_at__gt=at - KEPT)
    if lock:
        found = found.select_for_update()
    upload = found.first()
    if upload is None:
        _say_if_replaced(sheet, pk, by, at)
        raise Missing(_("这次导入已经完成或已过期，请重新上传文件"))
    return upload


def _say_if_replaced(sheet: Sheet, pk: int, by: Actor, at: datetime) -> None:
    """Of a member and a sheet only the last file waits."""
    since = SheetUpload.objects.filter(slug=sheet.slug, member_id=by.member_id, pk__gt=pk)
    newer = since.filter(made_at__gt=at - KEPT).values_list("pk", flat=True).first()
    if newer is not None:
        message = _("这个预览已被您后来上传的文件取代，没有更新")
        raise Conflict(message, code="replaced", newer=newer)


def confirm(sheet: Sheet, pk: int, *, by: Actor, at: datetime) -> Verdict:
    """Store exactly what was previewed; where the setting has changed since, or a line fails now, nothing of it: then
    `show_again` keeps the fresh preview for the next click.
    """
    upload = waiting(sheet, pk, by=by, at=at, lock=True)
    rows = [Row(line, cells) for line, cells in json.loads(upload.rows)]
    before = upload.fingerprint
    preview, print_of, kept = carry_out(sheet, rows, by=by, at=at, print_of=before, keep=True)
    if not kept:
        return Verdict(False, preview, print_of, changed=print_of != before)
    upload.delete()
    facts = {"added": len(preview.added), "changed": len(preview.changed)}
    events.record("sheet.imported", current(), by=by, at=at, sheet=sheet.slug, **facts)
    return Verdict(True, preview, print_of)


def show_again(pk: int, verdict: Verdict, *, by: Actor) -> None:
    """Keep what was found at a second click that was refused: the next one is about this."""
    SheetUpload.objects.filter(pk=pk, member_id=by.member_id).update(
        preview=verdict.preview.to_json(), fingerprint=verdict.fingerprint
    )


def faulty(upload: SheetUpload) -> bytes:
    """The faulty lines as .xlsx, each with its reason."""
    faults = [
        Fault(one.line, one.reason, {name: tables.unquoted(cell) for name, cell in one.cells.items()})
        for one in Preview.from_json(upload.preview).faults
    ]
    buffer = io.BytesIO()
    tables.write_faults(buffer, faults)
    return buffer.getvalue()


def forget(tenant: Tenant, *, at: datetime) -> int:
    """Remove what nobody has confirmed within a day; returns how many files that were."""
    with scope(tenant):
        return SheetUpload.objects.filter(made_at__lte=at - KEPT).delete()[0]
