"""Store a report, or a resident's later remark, with its photos: both or neither."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from governance.access.actors import Actor
from governance.errors import DomainError
from tickets.intake import actions as intake
from tickets.orders.actions import resident_questions, triage
from tickets.ticket import photos
from tickets.ticket.models.ticket import Ticket

#: Verbs by which residents add remarks later, with photos.
WITH_PHOTOS = {"reply": resident_questions.reply, "add": resident_questions.add}


def report_with_photos(
    draft: intake.Draft, uploads: Sequence[UploadedFile], *, by: Actor, at: datetime, solved: str = ""
) -> intake.Receipt:
    """Take in a report with its photos; with `solved` it is settled on the spot, with the photos as evidence.

    The photos are decoded before the day's number is taken, so that no other report waits for the decoder.
    """
    shots = photos.read_all(uploads)
    if solved:
        receipt = triage.report_solved(draft, by=by, at=at, text=solved)
    else:
        receipt = intake.report(draft, by=by, at=at)
    if receipt.created:
        for shot in shots:
            photos.keep(receipt.ticket, shot, by=by, at=at, purpose="evidence" if solved else "report")
    return receipt


def add_with_photos(
    ticket: Ticket, verb: str, uploads: Sequence[UploadedFile], *, by: Actor, at: datetime, text: str
) -> Ticket:
    """补充 or 补充情况 with photos. The units see the photos; of the residents only the sender does."""
    shots = photos.read_all(uploads)
    said = WITH_PHOTOS[verb](ticket, by=by, at=at, text=text)
    for shot in shots:
        try:
            photos.keep(said, shot, by=by, at=at, purpose=photos.ADDED_BY_RESIDENT)
        except DomainError as error:
            error.field = "photos"
            raise
    return said
