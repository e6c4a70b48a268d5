"""Photos of a refused form: kept for the browser that sent them, until the form is sent again or for two hours."""

import io
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from governance.access.actors import Actor
from governance.access.secrets import keyed_hash
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from tickets.ticket import photo_files, photos
from tickets.ticket.decoding import Shot
from tickets.ticket.models.photos import PhotoDraft

KEPT_FOR = timedelta(hours=2)
MOST_OF_A_BROWSER = 2 * photos.MOST_PHOTOS
MOST_OF_A_DISTRICT = 2000


class KeptPhoto(UploadedFile):
    """A photo that was sent with an earlier try of the form; it is decoded already."""

    def __init__(self, draft: PhotoDraft, content: bytes) -> None:
        super().__init__(io.BytesIO(content), draft.name, "image/jpeg", len(content))
        self.draft_id = draft.client_id
        place = (draft.taken_at, draft.lat, draft.lng)
        self.shot = Shot(content, draft.width, draft.height, *place)


def key_of(secret: str) -> str:
    """The stored form of a browser's secret."""
    return keyed_hash(secret, "photo drafts")


def find(key: str, ids: Sequence[uuid.UUID], at: datetime) -> list[KeptPhoto]:
    """The kept photos of a browser with these ids, in the order in which they were sent."""
    drafts = PhotoDraft.objects.filter(key=key, client_id__in=ids, created_at__gt=at - KEPT_FOR).order_by(
        "id"
    )
    found = []
    for draft in drafts:
        path = Path(settings.MEDIA_ROOT) / draft.path
        if path.is_file():
            found.append(KeptPhoto(draft, path.read_bytes()))
    return found


def room_left(key: str) -> int:
    """The number of photos that can still be kept for a browser."""
    if PhotoDraft.objects.count() >= MOST_OF_A_DISTRICT:
        return 0
    return max(MOST_OF_A_BROWSER - PhotoDraft.objects.filter(key=key).count(), 0)


def store(key: str, sent: Sequence[tuple[uuid.UUID, str, Shot]], *, by: Actor, at: datetime) -> None:
    """Keep photos (id, name of the file, photo) for a browser."""
    for client_id, name, shot in sent:
        photo_files.hold(shot.digest)
        PhotoDraft.objects.create(
            key=key, client_id=client_id, name=name[:100], **photos.stored(shot, by=by, at=at)
        )


def discard(key: str, ids: Sequence[uuid.UUID]) -> None:
    """Forget kept photos after their form was taken."""
    _delete(PhotoDraft.objects.filter(key=key, client_id__in=ids))


def sweep(tenant: Tenant, *, at: datetime) -> None:
    """Forget photos whose form was not sent again in time."""
    with scope(tenant):
        _delete(PhotoDraft.objects.filter(created_at__lte=at - KEPT_FOR))


def _delete(drafts: QuerySet[PhotoDraft]) -> None:
    paths = list(drafts.values_list("path", flat=True))
    if paths:
        drafts.delete()
        photo_files.delete_unused(paths)
