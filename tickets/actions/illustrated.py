"""A report with its photos, stored together or not at all."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from governance.access.actors import Actor
from governance.errors import Invalid
from tickets.actions import intake, photos, triage


def report(
    draft: intake.Draft, uploads: Sequence[UploadedFile], *, by: Actor, at: datetime, solved: str = ""
) -> intake.Receipt:
    """Take a matter in with its photos; with `solved` it is settled on the spot, and the photos are its evidence.

    The photos are read before the day's number is taken, so that nobody waits for a decoder.
    """
    shots = [_read(upload) for upload in uploads]
    if solved:
        receipt = triage.report_solved(draft, by=by, at=at, text=solved)
    else:
        receipt = intake.report(draft, by=by, at=at)
    if receipt.created:
        for shot in shots:
            photos.keep(receipt.ticket, shot, by=by, at=at, purpose="evidence" if solved else "report")
    return receipt


def _read(upload: UploadedFile) -> photos.Shot:
    """As photos.read; a refusal names which of several photos it is about."""
    try:
        return photos.read(upload)
    except Invalid as error:
        raise Invalid(f"{upload.name}：{error}", code=error.code, field="photos") from error
