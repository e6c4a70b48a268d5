"""Photos: identified by content, and encoded again without EXIF after place and time were read."""

import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.database.unique import conflict_on_duplicate
from governance.errors import Conflict, DomainError, Forbidden, Invalid
from governance.tenancy.scope import current
from tickets.ticket import decoding, photo_files
from tickets.ticket.decoding import Shot
from tickets.ticket.models.photos import Attachment, Picture
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.rights import RuleFacts, assistant_part
from tickets.workflow import MOVES

MOST_PHOTOS = 20
PURPOSES = ("report", "evidence")
Sent = TypeVar("Sent", bound=Picture)
ADDED_BY_RESIDENT = "added"  # sent by a resident with a later remark


def read(upload: UploadedFile) -> Shot:
    """Decode one photo; raises Invalid with a reason, and Busy."""
    return decoding.decode(upload, current().zone)


def read_all(uploads: Sequence[UploadedFile]) -> list[Shot]:
    """Decode the photos of one form; raises Invalid that names the photo, and Busy."""
    return decoding.decode_all(uploads, current().zone)


def add(
    ticket: Ticket,
    upload: UploadedFile,
    *,
    by: Actor,
    at: datetime,
    purpose: str = "report",
    client_id: uuid.UUID | None = None,
) -> Attachment:
    """Store a photo of a ticket; the same picture is stored once, and so is the same `client_id`.

    Raises Invalid, Conflict, and Forbidden, also for a token that may neither report nor handle.
    """
    _allow(ticket, purpose, by)
    if client_id and (known := sent_before(Attachment, client_id, ticket=ticket.pk)):
        return known
    with once():
        return keep(ticket, read(upload), by=by, at=at, purpose=purpose, client_id=client_id)


def sent_before(model: type[Sent], client_id: uuid.UUID, **belongs: int) -> Sent | None:
    """The photo that was stored with this client id; raises Conflict if it belongs to something else."""
    known = model.objects.filter(client_id=client_id).first()
    if known and any(getattr(known, f"{name}_id") != pk for name, pk in belongs.items()):
        raise _reused()
    return known


def _reused() -> Conflict:
    return Conflict(_("该 client_id 已用于其他照片"), code="client_id_reused", field="client_id")


def once() -> AbstractContextManager:
    """Raise Conflict if another request stores a photo with the same client id at the same time."""
    return conflict_on_duplicate(_reused())


def add_all(
    ticket: Ticket, uploads: Sequence[UploadedFile], *, by: Actor, at: datetime, purpose: str = "report"
) -> list[Attachment]:
    """The same for the photos of one form, all or none; all are decoded before the first is stored."""
    _allow(ticket, purpose, by)
    return [keep(ticket, shot, by=by, at=at, purpose=purpose) for shot in read_all(uploads)]


def _allow(ticket: Ticket, purpose: str, by: Actor) -> None:
    if by.allowed is not None and not by.allowed & {Permission.TICKET_REPORT, Permission.TICKET_HANDLE}:
        raise Forbidden(_("令牌的范围不允许添加照片"), code="scope")
    if purpose not in PURPOSES:
        raise Invalid(
            _("“%(value)s”不是可选的值") % {"value": purpose[:40]}, code="unknown_choice", field="purpose"
        )
    allow_adding(ticket, purpose, by)


def allow_adding(ticket: Ticket, purpose: str, by: Actor) -> None:
    """Raise Conflict for a closed ticket, Forbidden unless `by` may add photos for this purpose.

    Handlers and verifiers may add evidence and other photos; units that triage or dispatch, and members that
    report, may add other photos only.
    """
    if not ticket.is_open:
        raise Conflict(_("工单已销号，不能再添加照片"), code="illegal_move")
    rights = [Permission.TICKET_HANDLE, Permission.TICKET_VERIFY, Permission.TICKET_SELF_RESOLVE]
    if purpose != "evidence":
        rights += [Permission.TICKET_TRIAGE, Permission.TICKET_STREET, Permission.TICKET_COUNTY]
    if not any(policy.can(by, right, ticket) for right in rights) and not assistant_part(
        RuleFacts(ticket), by, MOVES["note"]
    ):
        if purpose == "evidence" or not policy.holds(by, Permission.TICKET_REPORT):
            raise Forbidden(_("您的岗位不能为该工单添加照片"))


def may_add(ticket: Ticket, by: Actor) -> list[str]:
    """The purposes for which `by` may add photos to the ticket now."""
    found = []
    for purpose in PURPOSES:
        with suppress(DomainError):
            allow_adding(ticket, purpose, by)
            found.append(purpose)
    return found


def keep(
    ticket: Ticket,
    shot: Shot,
    *,
    by: Actor,
    at: datetime,
    purpose: str = "report",
    client_id: uuid.UUID | None = None,
) -> Attachment:
    """Store a photo that was decoded before, so that no lock is held while decoding.

    A ticket has MOST_PHOTOS at most. Photos that residents add later are counted per resident, so that nobody
    uses up the room of another resident or of the unit.
    """
    digest, whose = shot.digest, by.reporter_id if purpose == ADDED_BY_RESIDENT else None
    photo_files.hold(digest)
    if known := ticket.attachments.filter(sha256=digest, purpose=purpose, reporter=whose).first():
        return known
    own = ticket.attachments.filter(purpose=ADDED_BY_RESIDENT, reporter=whose)
    counted = own if whose else ticket.attachments.exclude(purpose=ADDED_BY_RESIDENT)
    if counted.count() >= MOST_PHOTOS:
        raise Conflict(_("一张工单最多 %(n)d 张照片") % {"n": MOST_PHOTOS}, code="too_many", field="photo")
    kept = Attachment.objects.create(
        ticket=ticket,
        purpose=purpose,
        reporter_id=whose,
        client_id=client_id,
        **stored(shot, by=by, at=at),
    )
    events.record("ticket.photo_added", ticket, by=by, at=at, photo=kept.pk, purpose=purpose, sha256=digest)
    return kept


def stored(shot: Shot, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Write the file into the tenant's folder; returns the columns for the row of the photo.

    The caller holds the digest, and has found no row with the same content.
    """
    digest = shot.digest
    path = f"{current().slug}/{at:%Y/%m}/{digest}.jpg"
    photo_files.write(path, shot.content)
    return {
        "path": path,
        "sha256": digest,
        "size": len(shot.content),
        "width": shot.width,
        "height": shot.height,
        "taken_at": shot.taken_at,
        "lat": shot.lat,
        "lng": shot.lng,
        "member_id": by.member_id,
        "created_at": at,
    }
