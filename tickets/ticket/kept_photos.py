"""Photos survive an error of their form: for the pages of every room with a form that takes photos."""

import secrets
import uuid
from contextlib import suppress
from functools import partial

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from governance.errors import DomainError, Invalid
from governance.web import limits
from governance.web.client_address import client_address
from tickets.ticket import decoding, photo_drafts, photos
from tickets.ticket.forms import KEPT, PHOTOS
from tickets.ticket.photo_drafts import KeptPhoto

SESSION_KEY = "photo_drafts"
#: Photos of refused forms that are decoded in an hour for the visitors of one network address.
MOST_OF_AN_ADDRESS = 120


def files_of(request: HttpRequest) -> MultiValueDict:
    """The files of the request, together with the photos that this browser sent with an earlier try of the form."""
    files = request.FILES.copy()
    key, ids = _key(request), _ids(request)
    if key and ids:
        kept = photo_drafts.find(key, ids, timezone.now())
        files.setlist(PHOTOS, [*kept, *files.getlist(PHOTOS)])
    request.photo_files = files
    return files


def keep(request: HttpRequest, form: forms.Form) -> None:
    """After a refused form, keep its photos and show them in the form; faulty ones are named with its other errors.

    Call it at most once for a response.
    """
    sent = request.photo_files.getlist(PHOTOS)
    if not sent or PHOTOS not in form.fields:
        return
    shown = [{"id": one.draft_id, "name": one.name} for one in sent if isinstance(one, KeptPhoto)]
    untried: list[UploadedFile] = []
    if fresh := [one for one in sent if not isinstance(one, KeptPhoto)]:
        kept, untried = _kept(request, fresh[: max(form.fields[PHOTOS].most - len(shown), 0)])
        shown += kept
    form.fields[PHOTOS].widget.kept = shown
    if form.is_bound and PHOTOS not in form.errors:
        _name_faulty(form, [one for one in sent if one not in untried])
    told = form.is_bound and PHOTOS in form.errors  # the error names the photos that cannot be kept
    form.lost = len(untried) if told else len(sent) - len(shown)


def _name_faulty(form: forms.Form, sent: list[UploadedFile]) -> None:
    """Add the error that names the faulty photos; the good ones are not decoded again."""
    try:
        photos.read_all(sent)
    except Invalid as error:
        form.add_error(PHOTOS, str(error))
    except DomainError:  # no decoder is free: it is said when the form is sent again
        return


def _kept(request: HttpRequest, fresh: list[UploadedFile]) -> tuple[list[dict], list[UploadedFile]]:
    """Keep the photos that can be decoded, after the rollback of the refused request.

    Also returns the photos for which there was no room.
    """
    secret = request.session.get(SESSION_KEY) or secrets.token_urlsafe(32)
    request.session[SESSION_KEY] = secret
    key, at, store = photo_drafts.key_of(secret), timezone.now(), []
    limit = {f"photo-drafts:{request.tenant.pk}:{client_address(request)}": MOST_OF_AN_ADDRESS}
    usable = decoding.usable(fresh)
    untried = list(usable)
    for upload in usable[: photo_drafts.room_left(key)]:
        if request.actor.kind != "member":
            if limits.reached(limit):
                break
            limits.count(limit, limits.HOUR)
        untried.remove(upload)
        with suppress(DomainError):
            store.append((uuid.uuid4(), upload.name, photos.read(upload)))
    if store:
        request.afterwards.append(partial(photo_drafts.store, key, store, by=request.actor, at=at))
    return [{"id": client_id, "name": name} for client_id, name, _shot in store], untried


def done(request: HttpRequest) -> None:
    """Forget the kept photos of a form that was taken."""
    key, ids = _key(request), _ids(request)
    if key and ids:
        photo_drafts.discard(key, ids)


def _key(request: HttpRequest) -> str:
    """The key of the browser's session; empty for a browser that sent no refused form."""
    if KEPT not in request.POST:
        return ""
    secret = request.session.get(SESSION_KEY, "")
    return photo_drafts.key_of(secret) if secret else ""


def _ids(request: HttpRequest) -> list[uuid.UUID]:
    found = []
    for text in request.POST.getlist(KEPT)[: photos.MOST_PHOTOS]:
        with suppress(ValueError):
            found.append(uuid.UUID(text))
    return found
