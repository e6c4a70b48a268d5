"""Photos: identified by content, and encoded again without EXIF after place and time were read."""

import hashlib
import io
import warnings
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Conflict, DomainError, Forbidden, Invalid
from governance.tenancy.scope import current
from tickets.ticket.models.photos import Attachment
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.rights import RuleFacts, assistant_part
from tickets.workflow import MOVES

MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONG_SIDE = 2048
MOST_PHOTOS = 20
FORMATS = ("JPEG", "PNG", "WEBP", "MPO")
HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheif")  # the default format of some phones
FIRST_YEAR, LAST_YEAR = 1990, 2100
PURPOSES = ("report", "evidence")
ADDED_BY_RESIDENT = "added"  # sent by a resident with a later remark


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo encoded again as JPEG, with the time and place from its EXIF data."""

    content: bytes
    width: int
    height: int
    taken_at: datetime | None
    lat: Decimal | None
    lng: Decimal | None

    @property
    def digest(self) -> str:
        """SHA-256 of the content, which identifies the picture."""
        return hashlib.sha256(self.content).hexdigest()


def read(upload: UploadedFile) -> Shot:
    """Check the content, read time and place, and encode the picture again; raises Invalid with a reason."""
    if upload.size > MOST_BYTES:
        message = _("照片不能超过 %(most)d MB，这张有 %(size)d MB")
        raise Invalid(
            message % {"most": MOST_BYTES >> 20, "size": upload.size >> 20}, code="too_large", field="photo"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(upload.file, formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid(_("照片的像素太多"), code="too_large", field="photo")
            exif = picture.getexif()
            picture = ImageOps.exif_transpose(picture).convert("RGB")
    except Invalid:
        raise
    except Exception as error:  # any error of the decoder means that it is not a photo
        raise Invalid(_not_a_photo(upload), code="not_a_photo", field="photo") from error
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return Shot(buffer.getvalue(), *picture.size, _taken_at(exif), *_place(exif))


def _not_a_photo(upload: UploadedFile) -> str:
    upload.file.seek(0)
    if upload.file.read(12)[4:] in HEIC:
        return _("这是 HEIC 格式的照片，打不开；请在手机“设置-相机-格式”里选“兼容性最佳”，或发截图")
    return _("这不是可用的照片(支持 JPEG、PNG、WebP)")


def _taken_at(exif: Any) -> datetime | None:
    text = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(
        ExifTags.Base.DateTime
    )
    try:
        moment = datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:  # the camera's clock was not set
        return None
    return moment.replace(tzinfo=ZoneInfo(current().zone))


def _place(exif: Any) -> tuple[Decimal | None, Decimal | None]:
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    try:
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef], "S")
        lng = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef], "W")
        possible = abs(lat) <= 90 and abs(lng) <= 180
    except (KeyError, TypeError, ValueError, ArithmeticError):  # ArithmeticError: 0/0 in EXIF
        return None, None
    return (lat, lng) if possible else (None, None)


def _degrees(parts: Any, ref: str, negative: str) -> Decimal:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = round(Decimal(degrees + minutes / 60 + seconds / 3600), 6)
    return -value if ref == negative else value


def add(
    ticket: Ticket, upload: UploadedFile, *, by: Actor, at: datetime, purpose: str = "report"
) -> Attachment:
    """Store a photo of a ticket; the same picture is stored once. The file goes into the tenant's folder.

    Raises Invalid, Conflict, and Forbidden, also for a token that may neither report nor handle.
    """
    if by.allowed is not None and not by.allowed & {Permission.TICKET_REPORT, Permission.TICKET_HANDLE}:
        raise Forbidden(_("令牌的范围不允许添加照片"), code="scope")
    if purpose not in PURPOSES:
        raise Invalid(
            _("“%(value)s”不是可选的值") % {"value": purpose[:40]}, code="unknown_choice", field="purpose"
        )
    allow_adding(ticket, purpose, by)
    return keep(ticket, read(upload), by=by, at=at, purpose=purpose)


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
            raise Forbidden(_("您的岗位不能为这张工单添加照片"))


def may_add(ticket: Ticket, by: Actor) -> list[str]:
    """The purposes for which `by` may add photos to the ticket now."""
    found = []
    for purpose in PURPOSES:
        with suppress(DomainError):
            allow_adding(ticket, purpose, by)
            found.append(purpose)
    return found


def keep(ticket: Ticket, shot: Shot, *, by: Actor, at: datetime, purpose: str = "report") -> Attachment:
    """Store a photo that was decoded before, so that no lock is held while decoding.

    A ticket has MOST_PHOTOS at most. Photos that residents add later are counted per resident, so that nobody
    uses up the room of another resident or of the unit.
    """
    digest, whose = shot.digest, by.reporter_id if purpose == ADDED_BY_RESIDENT else None
    if known := ticket.attachments.filter(sha256=digest, purpose=purpose, reporter=whose).first():
        return known
    own = ticket.attachments.filter(purpose=ADDED_BY_RESIDENT, reporter=whose)
    counted = own if whose else ticket.attachments.exclude(purpose=ADDED_BY_RESIDENT)
    if counted.count() >= MOST_PHOTOS:
        raise Conflict(_("一张工单最多 %(n)d 张照片") % {"n": MOST_PHOTOS}, code="too_many", field="photo")
    kept = Attachment.objects.create(
        ticket=ticket, purpose=purpose, reporter_id=whose, **stored(shot, by=by, at=at)
    )
    events.record("ticket.photo_added", ticket, by=by, at=at, photo=kept.pk, purpose=purpose, sha256=digest)
    return kept


def stored(shot: Shot, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Write the file into the tenant's folder; returns the columns for the row of the photo."""
    digest = shot.digest
    path = f"{current().slug}/{at:%Y/%m}/{digest}.jpg"
    _write(Path(settings.MEDIA_ROOT) / path, shot.content)
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


def _write(target: Path, content: bytes) -> None:
    """Write the whole file or nothing.

    A file whose transaction is rolled back has no row and does no harm.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        part = target.with_suffix(f".{id(content)}.part")
        part.write_bytes(content)
        part.replace(target)
