"""Photos of a whistle: adding them, seeing them, and invalid ones."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from governance.errors import Conflict, Forbidden, Invalid
from governance.events.models import Event
from governance.tenancy.scope import scope
from tests.tickets.calls import refused, stored
from tests.tickets.matters import DESK, picture, statements
from tests.tickets.whistles.test_whistle import blown, go, party
from tests.worlds import at
from tickets.models import Whistle, WhistlePhoto
from tickets.whistles.actions import photos as whistle_photos

API = "/alpha/api/v1/whistles/"


def add(walk, whistle, who, colour="green", **more):
    return whistle_photos.add(whistle, picture(colour=colour), by=walk.actor(who), at=at(23, 10), **more)


def test_who_came_and_the_street_add_photos_and_the_same_one_is_kept_once(walk):
    whistle = blown(walk)
    with pytest.raises(Forbidden):
        add(walk, whistle, "head")
    go(walk, whistle, "head", "arrive", code=whistle.code)
    one = add(walk, whistle, "head", shows="arrival")
    assert (one.party, one.shows) == (party(walk, whistle, "water"), "arrival")
    assert add(walk, whistle, "head", shows="arrival").pk == one.pk
    assert add(walk, whistle, "center").party is None
    for who in ("team", "parks_head", "county"):
        with pytest.raises(Forbidden):
            add(walk, whistle, who)
    assert (settings.MEDIA_ROOT / one.path).is_file()
    facts = Event.objects.filter(kind="whistle.photo_added").order_by("seq").first().facts
    assert (facts["photo"], facts["shows"]) == (one.pk, "arrival")
    with pytest.raises(Invalid):
        add(walk, whistle, "center", shows="party")


def test_after_both_sides_have_rated_nothing_is_added(walk):
    whistle = blown(walk, "water")
    go(walk, whistle, "head", "arrive", code=whistle.code)
    go(walk, whistle, "center", "end", text="已清理")
    add(walk, whistle, "head")
    go(walk, whistle, "center", "rate_unit", in_time=5, together=5, solved=5)
    go(walk, whistle, "head", "rate_whistle", needed=5, clear=5)
    with pytest.raises(Conflict):
        add(walk, whistle, "head", "red")
    assert WhistlePhoto.objects.count() == 1


def test_twenty_are_enough(walk, monkeypatch):
    monkeypatch.setattr("tickets.ticket.photos.MOST_PHOTOS", 2)
    whistle = blown(walk)
    for colour in ("red", "blue"):
        add(walk, whistle, "center", colour)
    with pytest.raises(Conflict) as refusal:
        add(walk, whistle, "center", "green")
    assert refusal.value.code == "too_many"


def test_arriving_and_ending_bring_photos_on_the_page(world, as_):
    with scope(world.tenant):
        whistle = blown(world, "water", when=timezone.now())
    address = f"{DESK}whistles/{whistle.number}/"
    client = as_("head")
    assert 'name="photos"' in client.get(f"{address}?move=arrive").content.decode()
    bad = {"code": whistle.code, "photos": picture_of_nothing(), "expected": "blown"}
    assert client.post(f"{address}moves/arrive/", bad).status_code == 400
    with scope(world.tenant):
        assert Whistle.objects.get().state == "blown"  # move and photos: both or neither
    given = {"code": whistle.code, "photos": picture(), "expected": "blown"}
    assert client.post(f"{address}moves/arrive/", given).status_code == 302
    with scope(world.tenant):
        kept = WhistlePhoto.objects.get()
        assert (kept.shows, kept.party.unit) == ("arrival", world.units["water"])
    assert f"{address}photos/{kept.pk}/" in client.get(address).content.decode()
    late = {"photos": [picture(colour="blue"), picture(colour="red")], "shows": "result"}
    assert client.post(f"{address}photos/", late).status_code == 302
    assert as_("center").post(f"{address}photos/", {"shows": "result"}).status_code == 400
    given = {"text": "已清理", "photos": picture(colour="black"), "expected": "working"}
    assert as_("center").post(f"{address}moves/end/", given).status_code == 302
    with scope(world.tenant):
        assert WhistlePhoto.objects.filter(shows="result").count() == 3


def picture_of_nothing():
    return SimpleUploadedFile("x.jpg", picture().read()[:40], "image/jpeg")


def test_a_photo_is_shown_to_who_sees_the_whistle(world, as_):
    with scope(world.tenant):
        whistle = blown(world, "water", when=timezone.now())
        other = blown(world, "parks", when=timezone.now())
        kept = add(world, whistle, "center")
    path = f"{DESK}whistles/{whistle.number}/photos/{kept.pk}/"
    for who, status in (
        ("center", 200),
        ("head", 200),
        ("county", 200),
        ("leader", 200),
        ("west_center", 404),
        ("parks_head", 404),
        ("community", 404),
        ("neighbour", 404),
    ):
        answer = as_(who).get(path)
        assert answer.status_code == status, who
    assert as_("center").get(path)["Content-Type"] == "image/jpeg"
    assert as_("center").get(path.replace(whistle.number, other.number)).status_code == 404


def test_photos_over_rest(world, call):
    with scope(world.tenant):
        whistle = blown(world, "water", when=timezone.now())
    path = f"{API}{whistle.number}/photos/"

    def send(who, **given):
        return call.client.post(path, given, headers=call.headers(who))

    refused(send("head", photo=picture()), 403, "forbidden")
    refused(send("parks_head", photo=picture()), 404, "not_found")
    refused(send("center"), 400, "required", "photo")
    refused(send("center", photo=picture(), shows="me"), 400, "unknown_choice", "shows")
    before = stored(world)
    refused(send("center", photo=picture_of_nothing()), 400, "not_a_photo", "photo")
    assert stored(world) == before
    kept = send("center", photo=picture(), shows="arrival")
    assert kept.status_code == 201
    shown = call.get(f"{API}{whistle.number}/", "head").json()["photos"]
    assert [(one["id"], one["shows"], one["unit"]) for one in shown] == [(kept.json()["id"], "arrival", None)]


def test_photos_cost_the_page_no_statement(world, as_):
    with scope(world.tenant):
        whistle = blown(world, "water", when=timezone.now())
    client, address = as_("center"), f"{DESK}whistles/{whistle.number}/"
    client.get(address)
    before = statements(client, address)
    with scope(world.tenant):
        for colour in ("red", "blue", "green"):
            add(world, whistle, "center", colour)
    assert statements(client, address) == before <= 7
