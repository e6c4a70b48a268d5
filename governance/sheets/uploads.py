"""Uploads of sheets: preview a file, store it until it is confirmed, then apply or delete it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from governance import events
from governance.access.actors import Actor
from governance.errors import Conflict, Missing
from governance.sheets import fault_sheet
from governance.sheets.layout import Table, table_of
from governance.sheets.models import SheetUpload
from governance.sheets.reading import Page
from governance.sheets.registry import Sheet
from governance.sheets.storing import Preview, carry_out
from governance.sheets.tables import Fault
from governance.sheets.uploaded import LIMITS
from governance.sheets.writing import written
from governance.tenancy.models import Tenant
from governance.tenancy.scope import current, scope

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a confirmation. If it is not done, `preview` is new.

    `changed`: the rows changed meanwhile.
    """

    done: bool
    preview: Preview
    fingerprint: str
    changed: bool = False


def export(sheet: Sheet, *, by: Actor, at: datetime) -> bytes:
    """The setting as .xlsx; the export is recorded as an event."""
    present = sheet.present(by=by, at=at, lock=False)
    events.record("sheet.exported", current(), by=by, at=at, sheet=sheet.slug, count=len(present))
    return written(sheet, present)


def look_at(sheet: Sheet, pages: list[Page], *, by: Actor, at: datetime) -> SheetUpload:
    """Find out what a file would change, and store it for confirmation; the setting does not change.

    Raises Invalid for a file that has too many rows, or lacks columns of the sheet.
    """
    table = table_of(pages, LIMITS, sheet.wanted())
    preview, print_of, _kept = carry_out(sheet, table.rows(LIMITS.most_rows), by=by, at=at)
    preview.taken = table.words()
    SheetUpload.objects.filter(member_id=by.member_id, slug=sheet.slug).delete()
    return SheetUpload.objects.create(
        member_id=by.member_id,
        slug=sheet.slug,
        rows=table.to_json(),
        preview=preview.to_json(),
        fingerprint=print_of,
        made_at=at,
    )


def waiting(sheet: Sheet, pk: int, *, by: Actor, at: datetime, lock: bool = False) -> SheetUpload:
    """An upload of the actor that waits for confirmation.

    Raises Missing if it was used, is too old or belongs to another member; Conflict, with the id of the
    `newer` one, if the actor has uploaded another file since.
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
    """Raise Conflict if the member has uploaded a later file; only the last one of each sheet waits."""
    since = SheetUpload.objects.filter(slug=sheet.slug, member_id=by.member_id, pk__gt=pk)
    newer = since.filter(made_at__gt=at - KEPT).values_list("pk", flat=True).first()
    if newer is not None:
        message = _("该预览已被您后来上传的文件取代，未更新")
        raise Conflict(message, code="replaced", newer=newer)


def confirm(sheet: Sheet, pk: int, *, by: Actor, at: datetime) -> Verdict:
    """Apply exactly the previewed changes, or none if a row has changed since or a line now fails.

    If nothing was applied, `show_again` stores the new preview for the next confirmation.
    """
    upload = waiting(sheet, pk, by=by, at=at, lock=True)
    table = Table.from_json(upload.rows)
    rows, before = table.rows(LIMITS.most_rows), upload.fingerprint
    preview, print_of, kept = carry_out(sheet, rows, by=by, at=at, print_of=before, keep=True)
    preview.taken = table.words()
    if not kept:
        return Verdict(False, preview, print_of, changed=print_of != before)
    upload.delete()
    facts = {"added": len(preview.added), "changed": len(preview.changed)}
    events.record("sheet.imported", current(), by=by, at=at, sheet=sheet.slug, **facts)
    return Verdict(True, preview, print_of)


def show_again(pk: int, verdict: Verdict, *, by: Actor) -> None:
    """Store the new preview of a confirmation that was refused; the next one confirms this."""
    SheetUpload.objects.filter(pk=pk, member_id=by.member_id).update(
        preview=verdict.preview.to_json(), fingerprint=verdict.fingerprint
    )


def faulty(upload: SheetUpload) -> bytes:
    """The faulty lines as .xlsx in the layout of the file, each with its reason."""
    return fault_sheet.faulty_rows(Preview.from_json(upload.preview).faults, Table.from_json(upload.rows))


def keep_faulty(slug: str, table: Table, faults: list[Fault], *, by: Actor, at: datetime) -> None:
    """Store the faulty rows of a table that is not a settings sheet, for a day; the last of each member and kind."""
    SheetUpload.objects.filter(member_id=by.member_id, slug=slug).delete()
    preview = Preview(faults=faults).to_json()
    kept = {"rows": table.to_json(), "preview": preview, "fingerprint": "", "made_at": at}
    SheetUpload.objects.create(member_id=by.member_id, slug=slug, **kept)


def kept_faulty(slug: str, *, by: Actor, at: datetime) -> bytes | None:
    """The faulty rows that `keep_faulty` stored, as .xlsx; None if there are none."""
    found = SheetUpload.objects.filter(member_id=by.member_id, slug=slug, made_at__gt=at - KEPT).first()
    return faulty(found) if found else None


def forget(tenant: Tenant, *, at: datetime) -> int:
    """Delete uploads that were not confirmed within a day; returns how many."""
    with scope(tenant):
        return SheetUpload.objects.filter(made_at__lte=at - KEPT).delete()[0]
