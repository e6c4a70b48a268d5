"""The scan of a signed agreement: access to it, and its deletion."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from governance.access import policy
from governance.tenancy.scope import scope
from tests.tickets.matters import DESK, picture
from tests.tickets.mediation.test_mediation import AGREED, MEETING, disputed
from tests.worlds import at
from tickets.mediation import actions as mediation
from tickets.models import (
    Attachment,
    MediationAgreement,
    MediationSession,
    Ticket,
    TicketGroupObjectPermission,
)
from tickets.orders import actions
from tickets.privacy.actions import requests as privacy
from tickets.ticket import photos, sharing

pytestmark = pytest.mark.django_db


def signed(world, **more):
    ticket = disputed(world, **more)
    by = world.actor("community")
    actions.VERBS["mediate"](ticket, by=by, at=at(23, 11), **MEETING)
    actions.VERBS["sign"](ticket, by=by, at=at(23, 12), scan=picture("协议.jpg"), **AGREED)
    return Ticket.objects.get(pk=ticket.pk)


def shared_with(world, ticket, unit):
    TicketGroupObjectPermission.objects.create(
        content_object=ticket,
        group_id=world.units[unit].group_id,
        permission_id=sharing.share_permission(),
    )


SEES = {"community": True, "center": True, "county": True}
HIDDEN = dict.fromkeys(("worker", "head", "clerk", "leader", "parks_head", "west_center"), False)


@pytest.mark.parametrize(("who", "seen"), [*SEES.items(), *HIDDEN.items()])
def test_the_scan_is_for_holder_mediators_and_centres(world, as_, who, seen):
    with scope(world.tenant):
        ticket = signed(world)
        shared_with(world, ticket, "water")
        scan = Attachment.objects.get()
        photo = photos.add(ticket, picture(colour="red"), by=world.actor("community"), at=at(23, 13))
    client, file = as_(who), f"/alpha/files/{scan.pk}/"
    assert client.get(file).status_code == (200 if seen else 404)
    page = client.get(f"{DESK}tickets/{ticket.number}/")
    if page.status_code == 200:
        assert (file in page.content.decode()) is seen
        assert client.get(f"/alpha/files/{photo.pk}/").status_code == 200  # the share is enough for photos
    else:
        assert who in {"parks_head", "west_center"}


def test_a_share_alone_is_not_enough_but_having_mediated_is(walk):
    ticket = signed(walk)
    shared_with(walk, ticket, "water")
    assert not mediation.may_see_scan(ticket, walk.actor("head"))
    MediationSession.objects.update(unit=walk.units["water"])
    assert mediation.may_see_scan(ticket, walk.actor("head"))


def test_whom_a_matter_is_about_does_not_see_its_paper(walk):
    ticket = signed(walk)
    assert mediation.may_see_scan(ticket, walk.actor("center"))
    Ticket.objects.filter(pk=ticket.pk).update(against_unit=walk.units["east_center"])
    assert not mediation.may_see_scan(Ticket.objects.get(pk=ticket.pk), walk.actor("center"))
    assert policy.can(walk.actor("center"), "ticket.street", ticket)


@pytest.mark.parametrize("contact", [{"name": "钱居民", "phone": "13800001234"}, {}])
def test_names_of_parties_go_when_their_time_is_over(world, contact):
    """Names of parties are removed after the period, with or without a reporter's telephone on the ticket."""
    now = timezone.now()
    with scope(world.tenant):
        old, young = signed(world, **contact), signed(world, **contact)
        for ticket, days in ((old, 800), (young, 700)):
            given = {"state": "closed", "outcome": "fixed", "closed_at": now - timedelta(days=days)}
            Ticket.objects.filter(pk=ticket.pk).update(**given)
        MediationAgreement.objects.filter(ticket=young).update(signers="赵、钱")
    assert privacy.anonymise(world.tenant, at=now) == 1
    assert privacy.anonymise(world.tenant, at=now) == 0
    with scope(world.tenant):
        session, paper = (model.objects.get(ticket=old) for model in (MediationSession, MediationAgreement))
        assert (session.parties, paper.signers, paper.scan) == ("", "", None)
        assert (session.text, paper.terms) == (privacy.PAST, privacy.PAST)
        kept = MediationAgreement.objects.get(ticket=young)
        assert (kept.signers, kept.scan.purpose) == ("赵、钱", "agreement")
        assert MediationSession.objects.get(ticket=young).parties == MEETING["parties"]
        assert MediationSession.objects.get(ticket=young).text == MEETING["text"]
        assert Attachment.objects.filter(purpose="agreement").count() == 1


def test_the_file_of_the_paper_goes_too(world, django_capture_on_commit_callbacks):
    now = timezone.now()
    with scope(world.tenant):
        ticket = signed(world)
        given = {"state": "closed", "outcome": "fixed", "closed_at": now - timedelta(days=800)}
        Ticket.objects.filter(pk=ticket.pk).update(**given)
        file = settings.MEDIA_ROOT / Attachment.objects.get().path
        assert file.is_file()
    with django_capture_on_commit_callbacks(execute=True):
        assert privacy.anonymise(world.tenant, at=now) == 1
    assert not file.exists()
