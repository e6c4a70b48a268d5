"""Photos from the place of a whistle: arrival and result; decoded and stored like those of tickets."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Conflict, Forbidden, Invalid, Missing
from tickets.ticket import photo_files, photos
from tickets.whistles import actions, rights
from tickets.whistles.models import Whistle, WhistleParty, WhistlePhoto
from tickets.whistles.workflow import Stage, WhistleState

Shows = WhistlePhoto.Shows
#: Verbs that take photos, and what these photos show.
WITH_PHOTOS = {"arrive": Shows.ARRIVAL, "confirm": Shows.ARRIVAL, "end": Shows.RESULT}


def move(
    whistle: Whistle, verb: str, uploads: Sequence[UploadedFile], *, by: Actor, at: datetime, **given: Any
) -> Whistle:
    """Make one move with its photos, both or neither; the photos are decoded before anything is locked."""
    shots = photos.read_all(uploads)
    made = actions.VERBS[verb](whistle, by=by, at=at, **given)
    party = _came(made, by, given.get("party")) if verb in {"arrive", "confirm"} else None
    for shot in shots:
        keep(made, shot, by=by, at=at, shows=WITH_PHOTOS[verb], party=party)
    return made


def _came(whistle: Whistle, by: Actor, party: int | None) -> WhistleParty | None:
    """The party that has arrived with this move."""
    there = [one for one in whistle.summoned if one.stage == Stage.ON_SITE]
    named = [one for one in there if one.pk == party] or rights.own_parties(whistle, by)
    came = sorted((one for one in named if one in there), key=lambda one: one.on_site_at, reverse=True)
    return next(iter(came), None)


def add(
    whistle: Whistle,
    upload: UploadedFile,
    *,
    by: Actor,
    at: datetime,
    shows: str = Shows.RESULT,
    client_id: uuid.UUID | None = None,
) -> WhistlePhoto:
    """Add a photo later: by a party that came, or the street in command, until both sides have rated.

    Raises Missing, Invalid, Conflict after the ratings, Forbidden.
    """
    _known(shows)
    if client_id and (known := photos.sent_before(WhistlePhoto, client_id, whistle=whistle.pk)):
        return known
    with photos.once():
        return _add(whistle, [photos.read(upload)], by, at, shows, client_id)[0]


def add_all(
    whistle: Whistle, uploads: Sequence[UploadedFile], *, by: Actor, at: datetime, shows: str
) -> list[WhistlePhoto]:
    """The same for the photos of one form, all or none; all are decoded before the whistle is locked."""
    _known(shows)
    return _add(whistle, photos.read_all(uploads), by, at, shows)


def _known(shows: str) -> None:
    if shows not in Shows.values:
        words = _("“%(value)s”不是可选的值") % {"value": str(shows)[:40]}
        raise Invalid(words, code="unknown_choice", field="shows")


def _add(
    whistle: Whistle,
    shots: Sequence[photos.Shot],
    by: Actor,
    at: datetime,
    shows: str,
    client_id: uuid.UUID | None = None,
) -> list[WhistlePhoto]:
    locked = Whistle.objects.select_for_update(no_key=True).filter(pk=whistle.pk).first()
    if locked is None:
        raise Missing(_("该吹哨不存在"))
    if locked.state == WhistleState.RATED:
        raise Conflict(_("已评哨，不能再添加照片"), code="illegal_move")
    mine = _who_came(locked, by)
    if not mine and not policy.can(by, Permission.TICKET_STREET, locked):
        raise Forbidden(_("到场的单位和吹哨的街道才能添加照片"))
    party = mine[0] if mine else None
    about = {"by": by, "at": at, "shows": shows, "party": party, "client_id": client_id}
    return [keep(locked, shot, **about) for shot in shots]


def may_add(whistle: Whistle, by: Actor) -> bool:
    """May the actor add photos with `add`?"""
    if whistle.state == WhistleState.RATED:
        return False
    return bool(_who_came(whistle, by) or policy.can(by, Permission.TICKET_STREET, whistle))


def _who_came(whistle: Whistle, by: Actor) -> list[WhistleParty]:
    return [one for one in rights.own_parties(whistle, by) if one.on_site_at]


def keep(
    whistle: Whistle,
    shot: photos.Shot,
    *,
    by: Actor,
    at: datetime,
    shows: str,
    party: WhistleParty | None = None,
    client_id: uuid.UUID | None = None,
) -> WhistlePhoto:
    """Store a photo that was decoded before; the same picture is stored once."""
    photo_files.hold(shot.digest)
    known = list(whistle.photos.all())
    for one in known:
        if (one.sha256, one.shows) == (shot.digest, shows):
            return one
    if len(known) >= photos.MOST_PHOTOS:
        message = _("一次吹哨最多 %(n)d 张照片") % {"n": photos.MOST_PHOTOS}
        raise Conflict(message, code="too_many", field="photos")
    kept = WhistlePhoto.objects.create(
        whistle=whistle,
        party=party,
        shows=shows,
        client_id=client_id,
        **photos.stored(shot, by=by, at=at),
    )
    facts = {"photo": kept.pk, "shows": str(shows), "sha256": kept.sha256, "unit": party and party.unit_id}
    events.record("whistle.photo_added", whistle, by=by, at=at, **facts)
    return kept
