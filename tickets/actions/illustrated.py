"""A report, or what a resident says later, with its photos, stored together or not at all."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from governance.access.actors import Actor
from governance.errors import DomainError, Invalid
from tickets.actions import asking, intake, photos, triage
from tickets.models import Ticket

#: What residents say of a matter later and may show with it.
SAID = {"reply": asking.reply, "add": asking.add}


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


def say(
    ticket: Ticket, verb: str, uploads: Sequence[UploadedFile], *, by: Actor, at: datetime, text: str
) -> Ticket:
    """补充 or 补充情况 with photos, which the units see and of all residents their sender alone."""
    shots = [_read(upload) for upload in uploads]
    said = SAID[verb](ticket, by=by, at=at, text=text)
    for shot in shots:
        try:
            photos.keep(said, shot, by=by, at=at, purpose=photos.ADDED)
        except DomainError as error:
            error.field = "photos"
            raise
    return said


def _read(upload: UploadedFile) -> photos.Shot:
    """As photos.read; a refusal names which of several photos it is about."""
    try:
        return photos.read(upload)
    except Invalid as error:
        raise Invalid(f"{upload.name}：{error}", code=error.code, field="photos") from error
