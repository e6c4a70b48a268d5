"""Decode uploaded photos within limits: sizes are checked before any pixel is read, and few are decoded at once."""

import hashlib
import io
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from pi_heif import register_heif_opener
from PIL import ExifTags, Image, ImageOps

from governance.errors import Invalid
from governance.web.turns import turn

MOST_BYTES = 15 * 1024 * 1024  # of one photo
MOST_BYTES_TOGETHER = 60 * 1024 * 1024  # of the photos of one form
#: Of a request with a form; below the limit of the web server.
MOST_BODY = MOST_BYTES_TOGETHER + 2 * 1024 * 1024
MOST_BODY_OF_ONE = MOST_BYTES + 1024 * 1024  # of a request with one photo
MOST_PIXELS = 30_000_000
MOST_PIXELS_TOGETHER = 250_000_000  # twenty photos of a phone
MOST_PER_BYTE = 200  # pixels; photos have below 20, a scanned page of text in black and white has about 100
ALWAYS_ALLOWED = 4_000_000  # pixels of a picture that may be as plain as it likes, such as a screenshot
MOST_SCANS = 40  # passes of a progressive JPEG over all its pixels; cameras and programs write about ten
LONG_SIDE = 2048
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")  # JPEG opens MPO, too: the photos of two lenses
FIRST_YEAR, LAST_YEAR = 1990, 2100
AT_ONCE = 2
WAIT = 10.0  # seconds for a free decoder
_decoders = threading.BoundedSemaphore(AT_ONCE)
#: Decoding or waiting for it at once, per process; the other threads of the web server stay free for pages.
_places = threading.BoundedSemaphore(4)
#: Pillow refuses more than twice this number of pixels when it opens a file.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
register_heif_opener(thumbnails=False)  # HEIC, the default format of many phones


Made = TypeVar("Made")


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


def decode(upload: UploadedFile, zone: str) -> Shot:
    """Check the content, read time and place, and encode the picture again; an upload is decoded once.

    Raises Invalid with a reason, and Busy if no decoder becomes free within WAIT.
    """
    if (known := getattr(upload, "shot", None)) is None:
        known = upload.shot = _decoded(_open(upload), zone)
    return known


def decode_all(uploads: Sequence[UploadedFile], zone: str) -> list[Shot]:
    """The same for the photos of one form; an error names every faulty photo.

    Nothing is decoded if one is refused by its size or its header.
    """
    if sum(one.size for one in uploads) > MOST_BYTES_TOGETHER:
        message = _("一次提交的照片合计不能超过 %(most)d MB，请分几次添加")
        raise Invalid(message % {"most": MOST_BYTES_TOGETHER >> 20}, code="too_large", field="photos")
    fresh = [one for one in uploads if getattr(one, "shot", None) is None]
    opened = _each(fresh, _open)
    if sum(one.width * one.height for one in opened) > MOST_PIXELS_TOGETHER:
        message = _("一次提交的照片合计不能超过 %(most)d 万像素，请分几次添加")
        raise Invalid(message % {"most": MOST_PIXELS_TOGETHER // 10_000}, code="too_large", field="photos")
    return _each(uploads, partial(decode, zone=zone))


def _each(uploads: Sequence[UploadedFile], make: Callable[[UploadedFile], Made]) -> list[Made]:
    """Make something of every upload; raises Invalid that names each faulty one with its fault."""
    made, faults = [], []
    for upload in uploads:
        try:
            made.append(make(upload))
        except Invalid as error:
            faults.append((f"{upload.name}：{error}", error))
    if faults:
        first = faults[0][1]
        raise Invalid("；".join(text for text, _fault in faults), code=first.code, field="photos") from first
    return made


def usable(uploads: Sequence[UploadedFile]) -> list[UploadedFile]:
    """The uploads that look like photos by their headers, as far as one form may have them together."""
    found, size, pixels = [], 0, 0
    for upload in uploads:
        with suppress(Invalid):
            picture = _open(upload)
            size, pixels = size + upload.size, pixels + picture.width * picture.height
            if size > MOST_BYTES_TOGETHER or pixels > MOST_PIXELS_TOGETHER:
                break
            found.append(upload)
    return found


def _open(upload: UploadedFile) -> Image.Image:
    """The picture with only its header read; raises Invalid if it is too large or has too many pixels."""
    if upload.size > MOST_BYTES:
        message = _("照片不能超过 %(most)d MB，该照片为 %(size)d MB")
        raise Invalid(
            message % {"most": MOST_BYTES >> 20, "size": upload.size >> 20}, code="too_large", field="photo"
        )
    try:
        upload.file.seek(0)
        picture = Image.open(upload.file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many() from error
    except Exception as error:  # any error of the decoder means that it is not a photo
        raise _not_a_photo() from error
    if picture.format in {"JPEG", "MPO"} and _scans(upload) > MOST_SCANS:
        raise _not_a_photo()
    pixels = picture.width * picture.height
    if pixels > MOST_PIXELS or pixels > max(ALWAYS_ALLOWED, upload.size * MOST_PER_BYTE):
        raise _too_many()
    return picture


def _scans(upload: UploadedFile) -> int:
    """The number of scans of a JPEG, with those of its thumbnail: the marker cannot stand in the data of a scan."""
    upload.file.seek(0)
    found, before = 0, b""
    while part := upload.file.read(1024 * 1024):
        found += (before + part).count(b"\xff\xda")
        before = part[-1:]
    upload.file.seek(0)
    return found


def _not_a_photo() -> Invalid:
    return Invalid(_("这不是可用的照片（支持 JPEG、PNG、WebP、HEIC）"), code="not_a_photo", field="photo")


def _too_many() -> Invalid:
    message = _("照片的像素太多（最多 %(most)d 万），请缩小后再传")
    return Invalid(message % {"most": MOST_PIXELS // 10_000}, code="too_large", field="photo")


def _decoded(picture: Image.Image, zone: str) -> Shot:
    with turn(_places, _decoders, WAIT, _("正在处理的照片太多，请过一分钟再提交")):
        try:
            exif = picture.getexif()
            content, size = _encoded(picture)
            return Shot(content, *size, _taken_at(exif, zone), *_place(exif))
        except Exception as error:  # any error of the decoder means that it is not a photo
            raise _not_a_photo() from error


def _encoded(picture: Image.Image) -> tuple[bytes, tuple[int, int]]:
    """The picture as JPEG. It is shrunk while or right after it is decoded, before anything copies it."""
    picture.draft("RGB", (LONG_SIDE, LONG_SIDE))  # JPEG only: decodes every second, fourth or eighth pixel
    if picture.mode in {"1", "P", "PA"}:  # these cannot be averaged before they have colours
        picture.thumbnail((2 * LONG_SIDE, 2 * LONG_SIDE), Image.Resampling.NEAREST)
        picture = picture.convert("RGB")
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    picture = ImageOps.exif_transpose(picture).convert("RGB")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue(), picture.size


def _taken_at(exif: Any, zone: str) -> datetime | None:
    text = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(
        ExifTags.Base.DateTime
    )
    try:
        moment = datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:  # the camera's clock was not set
        return None
    return moment.replace(tzinfo=ZoneInfo(zone))


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
