"""Photos survive an error of their form: kept on the server for the browser that sent them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from governance.access.models import User
from governance.tenancy.scope import scope
from tests.tickets.matters import DESK, TO_HANDLING, form_of, picture, walked
from tests.tickets.whistles.test_whistle import blown
from tickets.models import Attachment, PhotoDraft, Ticket, WhistlePhoto
from tickets.ticket import kept_photos, photo_drafts

pytestmark = pytest.mark.django_db
REPORT = "/alpha/report/"


def kept_in(answer):
    return re.findall(r'name="kept_photos" value="([0-9a-f-]{36})" checked', answer.content.decode())


def files():
    return [one.name for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]


def counts(world):
    with scope(world.tenant):
        return Attachment.objects.count(), PhotoDraft.objects.count()


def test_the_photos_of_a_report_with_an_error_need_not_be_chosen_again(world, client):
    first = client.post(REPORT, form_of(world, text="", photos=[picture("a.jpg"), picture("b.jpg", "red")]))
    page = first.content.decode()
    assert (first.status_code, len(kept_in(first))) == (400, 2)
    assert "a.jpg" in page
    assert "请重新选择照片" not in page
    again = client.post(
        REPORT, form_of(world, phone="电话", kept_photos=kept_in(first), photos=picture("c.jpg", "blue"))
    )
    assert (again.status_code, len(kept_in(again))) == (400, 3)
    sent = client.post(REPORT, form_of(world, kept_photos=kept_in(again)[1:]))
    assert sent.status_code == 302
    assert counts(world) == (2, 1)  # one was unticked; it goes with the sweep


def test_a_good_photo_stays_beside_a_bad_one(world, client):
    bad = SimpleUploadedFile("坏.jpg", b"\xff\xd8broken")
    first = client.post(REPORT, form_of(world, photos=[picture("a.jpg"), bad]))
    assert len(kept_in(first)) == 1
    assert "坏.jpg：这不是可用的照片" in first.content.decode()
    assert "请重新选择照片" not in first.content.decode()
    assert client.post(REPORT, form_of(world, kept_photos=kept_in(first))).status_code == 302
    assert counts(world) == (1, 0)


def test_another_browser_or_district_does_not_get_them(world, client):
    kept = kept_in(client.post(REPORT, form_of(world, text="", photos=picture())))
    assert Client().post(REPORT, form_of(world, kept_photos=kept)).status_code == 302
    other = Client()
    mine = kept_in(other.post(REPORT, form_of(world, text="", photos=picture(colour="red"))))
    assert other.post(REPORT, form_of(world, kept_photos=[*kept, "x"])).status_code == 302
    assert counts(world) == (0, 2)
    assert client.post("/beta/report/", form_of(world, area="", kept_photos=[*kept, *mine])).status_code in {
        302,
        400,
    }
    with scope(world.other):
        assert Attachment.objects.count() == 0


def test_one_address_does_not_use_up_the_room_of_a_district(world, client, monkeypatch):
    monkeypatch.setattr(kept_photos, "MOST_OF_AN_ADDRESS", 3)
    for _ in range(3):
        Client().post("/alpha/report/", form_of(world, text="", photos=[picture(), picture()]))
    with scope(world.tenant):
        assert PhotoDraft.objects.count() == 3
    other = {"REMOTE_ADDR": "198.51.100.8"}
    client.post("/alpha/report/", form_of(world, text="", photos=[picture()]), **other)
    with scope(world.tenant):
        assert PhotoDraft.objects.count() == 4


def test_they_are_limited_and_forgotten(world, client, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(photo_drafts, "MOST_OF_A_BROWSER", 2)
    many = [picture(f"{n}.jpg", (n, 0, 0)) for n in range(0, 200, 60)]
    first = client.post(REPORT, form_of(world, text="", photos=many))
    assert (len(kept_in(first)), len(files())) == (2, 2)
    monkeypatch.setattr(photo_drafts, "MOST_OF_A_DISTRICT", 2)
    assert kept_in(Client().post(REPORT, form_of(world, text="", photos=picture()))) == []
    photo_drafts.sweep(world.tenant, at=timezone.now())
    assert counts(world) == (0, 2)
    late = timezone.now() + timedelta(hours=3)
    with django_capture_on_commit_callbacks(execute=True):
        photo_drafts.sweep(world.tenant, at=late)
    assert (counts(world), files()) == ((0, 0), [])


def test_a_file_stays_while_the_report_uses_it(world, client, django_capture_on_commit_callbacks):
    kept = kept_in(client.post(REPORT, form_of(world, text="", photos=picture())))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(REPORT, form_of(world, kept_photos=kept)).status_code == 302
    assert (counts(world), len(files())) == ((1, 0), 1)


def test_without_scripts_the_questions_and_the_code_lose_no_photo(world, client):
    for button in ("fill", "send_code"):
        answer = client.post(REPORT, form_of(world, photos=picture(), **{button: "1"}))
        assert len(kept_in(answer)) == 1, button


def test_the_counter_keeps_photos(world, as_):
    client, address = as_("clerk"), DESK + "tickets/new/"
    first = client.post(address, form_of(world, text="", channel="desk", photos=picture()))
    assert (first.status_code, len(kept_in(first))) == (400, 1)
    given = form_of(world, channel="desk", kept_photos=kept_in(first))
    assert client.post(address, given).status_code == 302
    assert counts(world) == (1, 0)


def test_a_move_keeps_photos(world, as_):
    number = walked(world, *TO_HANDLING).ticket.number
    address = f"{DESK}tickets/{number}/moves/resolve/"
    client = as_("community")
    with scope(world.tenant):
        state = Ticket.objects.get().state
    given = {"outcome": "fixed", "answer": "", "expected": state, "photos": picture()}
    first = client.post(address, given)
    assert (first.status_code, len(kept_in(first))) == (400, 1)
    again = {**given, "answer": "灯已修好", "photos": [], "kept_photos": kept_in(first)}
    assert client.post(address, again).status_code == 302
    assert counts(world) == (1, 0)


def test_adding_photos_keeps_the_good_ones(world, as_, number):
    client, address = as_("community"), f"{DESK}tickets/{number}/photos/"
    bad = SimpleUploadedFile("坏.jpg", b"\xff\xd8broken")
    first = client.post(address, {"photos": [picture(), bad], "purpose": "report"})
    assert (first.status_code, len(kept_in(first))) == (400, 1)
    assert client.post(address, {"kept_photos": kept_in(first), "purpose": "report"}).status_code == 302
    assert counts(world) == (1, 0)


def test_a_whistle_keeps_photos(world, as_):
    with scope(world.tenant):
        whistle = blown(world, "water", when=timezone.now())
    address, client = f"{DESK}whistles/{whistle.number}/moves/arrive/", as_("head")
    given = {"expected": "blown", "photos": picture()}
    first = client.post(address, {**given, "code": "000000"})
    assert (first.status_code, len(kept_in(first))) == (400, 1)
    again = {"expected": "blown", "code": whistle.code, "kept_photos": kept_in(first)}
    assert client.post(address, again).status_code == 302
    with scope(world.tenant):
        assert WhistlePhoto.objects.count() == 1


def test_a_residents_remark_keeps_photos(world, client):
    receipt = walked(world, *TO_HANDLING)
    keys = {"number": receipt.ticket.number, "code": receipt.reporter.code}
    first = client.post("/alpha/track/add/", {**keys, "text": "", "photos": picture()})
    assert (first.status_code, len(kept_in(first))) == (400, 1)
    given = {**keys, "text": "还有一处", "kept_photos": kept_in(first)}
    assert client.post("/alpha/track/add/", given).status_code == 302
    assert counts(world) == (1, 0)


def test_a_session_that_ends_takes_them_along(world, as_):
    client = as_("clerk")
    address = DESK + "tickets/new/"
    kept = kept_in(client.post(address, form_of(world, text="", channel="desk", photos=picture())))
    client.logout()
    user = User.objects.get(pk=world.members["clerk"].user_id)
    client.force_login(user, "governance.access.backend.LoginBackend")
    assert client.post(address, form_of(world, channel="desk", kept_photos=kept)).status_code == 302
    assert counts(world) == (0, 1)
