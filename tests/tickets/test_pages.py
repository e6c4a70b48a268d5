"""The pages of desk and portal: who may open them, what they say, what wrong input leaves behind."""

import io
import re
import uuid

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from governance.access.models import User
from governance.tenancy.scope import scope
from tickets import actions
from tickets.actions import links, photos
from tickets.models import Rating, Reporter, Ticket

DESK = "/alpha/desk/"


@pytest.fixture
def as_(world, client):
    """Log in as a named person: as_("community").get(...)."""

    def log_in(name):
        client.force_login(
            User.objects.get(pk=world.members[name].user_id), "governance.access.backend.LoginBackend"
        )
        return client

    return log_in


def reported(world, **more):
    """A ticket in 里巷社区, reported by a resident just now."""
    with scope(world.tenant):
        given = {"text": "三单元楼道灯不亮", "area": world.areas["lane_building"].code, "name": "钱居民"}
        draft = actions.Draft(**{**given, "phone": "13800001234", **more})
        return actions.report(draft, by=world.system, at=timezone.now())


def walked(world, *moves):
    """A ticket after moves: (who, verb, {more})."""
    receipt = reported(world)
    with scope(world.tenant):
        for who, verb, more in moves:
            by = world.actor(who, timezone.now())
            actions.VERBS[verb](receipt.ticket, by=by, at=timezone.now(), **more)
    return receipt


TO_HANDLING = [("community", "triage_minor", {"reason": "本社区可办"})]
TO_RATING = [
    *TO_HANDLING,
    ("community", "resolve", {"outcome": "fixed", "answer": "灯已修好", "evidence": "换了灯泡"}),
    ("worker", "verify", {"done": True, "text": "亮了"}),
]


def picture(name="a.jpg"):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def form_of(world, **more):
    return {
        "client_id": str(uuid.uuid4()),
        "area": world.areas["lane"].code,
        "text": "井盖松动",
        "category": "0101",
        "name": "钱居民",
        "phone": "13800001234",
        **more,
    }


# --- the desk ---


def test_the_desk_asks_for_a_log_in_and_hides_from_strangers(world, client, as_):
    answer = client.get(DESK)
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/alpha/desk/")
    assert as_("neighbour").get(DESK).status_code == 404
    assert as_("community").get(DESK).status_code == 200


@pytest.mark.parametrize(
    "name", ["worker", "community", "center", "county", "head", "clerk", "leader", "admin"]
)
def test_every_role_opens_the_desk(world, as_, name):
    reported(world)
    client = as_(name)
    for path in (
        "",
        "tickets/",
        "tickets/?mine=1&order=due",
        "tickets/?state=reported&tier=ordinary",
        "inbox/",
    ):
        assert client.get(DESK + path).status_code == 200, path


def test_the_list_shows_what_the_reader_may_see(world, as_):
    number = reported(world).ticket.number
    page = as_("community").get(DESK + "tickets/").content.decode()
    assert number in page
    assert "待分单" in page
    assert "里巷社区居委会" in page
    assert number not in as_("pond_community").get(DESK + "tickets/").content.decode()
    assert as_("pond_community").get(f"{DESK}tickets/{number}/").status_code == 404


def test_a_filter_that_does_not_hold_is_named(world, as_):
    answer = as_("community").get(DESK + "tickets/?state=nonsense")
    assert answer.status_code == 400
    assert "nonsense" in answer.content.decode()


def test_htmx_gets_the_rows_alone(world, as_):
    reported(world)
    client = as_("community")
    part = client.get(DESK + "tickets/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


def test_the_ticket_page_masks_who_reported(world, as_):
    number = reported(world).ticket.number
    page = as_("community").get(f"{DESK}tickets/{number}/").content.decode()
    assert "钱*" in page
    assert "138****1234" in page
    assert "13800001234" not in page
    assert "钱居民" not in page


def test_only_moves_that_the_reader_may_make_are_offered(world, as_):
    number = reported(world).ticket.number
    page = as_("community").get(f"{DESK}tickets/{number}/").content.decode()
    assert "move=triage_minor" in page
    assert "move=accept" not in page
    assert "move=triage_minor" not in as_("leader").get(f"{DESK}tickets/{number}/").content.decode()


def test_a_move_is_made_from_its_form_in_place(world, as_):
    number = reported(world).ticket.number
    client = as_("community")
    form = client.get(f"{DESK}tickets/{number}/?move=triage_major").content.decode()
    assert 'name="reason"' in form
    assert 'name="expected" value="reported"' in form
    answer = client.post(
        f"{DESK}tickets/{number}/moves/triage_major/",
        {"reason": "超出社区能力", "expected": "reported"},
        follow=True,
    )
    assert answer.status_code == 200
    assert "待派单(街道)" in answer.content.decode()
    with scope(world.tenant):
        assert Ticket.objects.get(number=number).state == "escalated"


def test_a_missing_reason_is_named_and_nothing_is_stored(world, as_):
    number = reported(world).ticket.number
    answer = as_("community").post(f"{DESK}tickets/{number}/moves/triage_major/", {"reason": " "})
    assert answer.status_code == 400
    assert "理由" in answer.content.decode()
    with scope(world.tenant):
        assert Ticket.objects.get(number=number).state == "reported"


def test_a_foreign_move_is_refused_with_the_reason(world, as_):
    number = reported(world).ticket.number
    answer = as_("worker").post(f"{DESK}tickets/{number}/moves/triage_major/", {"reason": "x"})
    assert answer.status_code == 403
    assert "权限" in answer.content.decode()
    assert as_("worker").post(f"{DESK}tickets/{number}/moves/explode/", {}).status_code == 404


def test_a_broken_photo_stops_the_move(world, as_):
    number = walked(world, *TO_HANDLING).ticket.number
    body = {"outcome": "fixed", "answer": "已修好", "photos": SimpleUploadedFile("x.jpg", b"not a photo")}
    answer = as_("community").post(f"{DESK}tickets/{number}/moves/resolve/", body)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "不是可用的照片" in page
    assert "已修好" in page
    with scope(world.tenant):
        assert Ticket.objects.get(number=number).state == "handling"


def test_a_photo_is_evidence_enough(world, as_):
    number = walked(world, *TO_HANDLING).ticket.number
    body = {"outcome": "fixed", "answer": "已修好", "photos": picture()}
    answer = as_("community").post(f"{DESK}tickets/{number}/moves/resolve/", body)
    assert answer.status_code == 302, answer.content.decode()
    with scope(world.tenant):
        assert Ticket.objects.get(number=number).state == "resolved"


def test_photos_are_served_to_who_sees_the_ticket(world, as_):
    receipt = reported(world)
    with scope(world.tenant):
        kept = photos.add(receipt.ticket, picture(), by=world.system, at=timezone.now())
    answer = as_("community").get(f"/alpha/files/{kept.pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    assert as_("pond_community").get(f"/alpha/files/{kept.pk}/").status_code == 404
    assert as_("neighbour_admin").get(f"/beta/files/{kept.pk}/").status_code == 404
    assert as_("community").get(f"/alpha/files/{kept.pk + 99}/").status_code == 404


def test_photos_are_added_later(world, as_):
    number = reported(world).ticket.number
    client = as_("community")
    url = f"{DESK}tickets/{number}/photos/"
    assert client.post(url, {"photos": picture(), "purpose": "report"}).status_code == 302
    wrong = client.post(url, {"photos": SimpleUploadedFile("x.png", b"no"), "purpose": "report"})
    assert wrong.status_code == 400
    assert "不是可用的照片" in wrong.content.decode()
    assert client.post(url, {"purpose": "report"}).status_code == 400


def test_unmasking_needs_a_reason_and_leaves_a_line(world, as_):
    receipt = reported(world)
    number, client = receipt.ticket.number, as_("community")
    url = f"{DESK}tickets/{number}/unmask/"
    assert client.post(url, {"reporter": receipt.reporter.pk, "reason": ""}).status_code == 400
    answer = client.post(url, {"reporter": receipt.reporter.pk, "reason": "电话核实"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "13800001234" in page
    assert "no-store" in answer["Cache-Control"]
    later = client.get(f"{DESK}tickets/{number}/").content.decode()
    assert "13800001234" not in later
    assert "查看反映人信息" in later
    assert "电话核实" in later
    assert as_("worker").post(url, {"reporter": receipt.reporter.pk, "reason": "x"}).status_code == 403


def test_an_anonymous_reporter_stays_unknown(world, as_):
    receipt = reported(world, anonymous=True)
    url = f"{DESK}tickets/{receipt.ticket.number}/unmask/"
    assert as_("county").post(url, {"reporter": receipt.reporter.pk, "reason": "x"}).status_code == 403


def test_the_counter_registers_for_a_resident(world, as_):
    client = as_("clerk")
    assert client.get(DESK + "tickets/new/").status_code == 200
    answer = client.post(DESK + "tickets/new/", form_of(world, channel="hotline"), follow=True)
    assert answer.status_code == 200
    assert "已登记" in answer.content.decode()
    assert "查询码" in answer.content.decode()
    with scope(world.tenant):
        assert Ticket.objects.get().channel == "hotline"


def test_a_grid_worker_settles_on_the_spot(world, as_):
    client = as_("worker")
    page = client.get(DESK + "tickets/new/").content.decode()
    assert f'value="{world.areas["lane_grid"].code}" selected' in page
    given = {"channel": "grid", "name": "", "phone": "", "solved": "拧紧了井盖"}
    outside = client.post(DESK + "tickets/new/", form_of(world, **given))
    assert outside.status_code == 403
    assert "拧紧了井盖" in outside.content.decode()
    body = form_of(world, **given, spot=world.areas["lane_grid"].code, photos=picture())
    answer = client.post(DESK + "tickets/new/", body)
    assert answer.status_code == 302, answer.content.decode()
    said = client.get(DESK).content.decode()
    with scope(world.tenant):
        ticket = Ticket.objects.get()
        assert ticket.number in said
        assert "查询码" not in said
        assert Reporter.objects.get().code not in said
        assert ticket.outcome == "fixed"
        assert ticket.attachments.get().purpose == "evidence"


def test_wrong_input_at_the_counter_keeps_what_was_typed(world, as_):
    body = form_of(world, channel="desk", phone="12ab", text="说了很多话")
    answer = as_("community").post(DESK + "tickets/new/", body)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "电话应为" in page
    assert "说了很多话" in page
    assert as_("head").post(DESK + "tickets/new/", form_of(world, channel="desk")).status_code == 403
    with scope(world.tenant):
        assert not Ticket.objects.exists()


def test_notices_are_read_and_lead_to_their_ticket(world, as_):
    from governance.events.models import Event, Notice

    number = reported(world).ticket.number
    with scope(world.tenant):
        event = Event.objects.filter(kind="ticket.report").get()
        member = world.members["community"]
        notice = Notice.objects.create(
            member=member,
            event=event,
            subject_type="tickets.ticket",
            subject_id=event.subject_id,
            kind=event.kind,
            text=f"{number} 待分单",
            link=f"desk/tickets/{number}/",
            created_at=timezone.now(),
        )
    client = as_("community")
    assert f"{number} 待分单" in client.get(DESK + "inbox/").content.decode()
    answer = client.post(DESK + "inbox/read/", {"notice": notice.pk, "open": "1"})
    assert answer["Location"] == f"/alpha/desk/tickets/{number}/"
    with scope(world.tenant):
        assert Notice.objects.get().read_at is not None


# --- statements ---


FRAME = ("SAVEPOINT", "RELEASE", "SET LOCAL")  # what the scope adds inside a test's own transaction
IDENTITY = 3  # district, user, posts; the session lies in the cache


def statements(client, url):
    """How many statements the page itself needs."""
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return sum(not one["sql"].startswith(FRAME) for one in found.captured_queries) - IDENTITY


@pytest.mark.parametrize("path", ["", "tickets/", "tickets/?q=%E6%A5%BC%E9%81%93%E7%81%AF"])
def test_statements_do_not_grow_with_rows(world, as_, path):
    client = as_("community")
    reported(world)
    client.get(DESK + path)
    few = statements(client, DESK + path)
    reported(world)
    reported(world)
    assert (few <= 5, statements(client, DESK + path)) == (True, few)


def test_statements_of_a_ticket_do_not_grow(world, as_):
    receipt = walked(world, *TO_HANDLING)
    url, client = f"{DESK}tickets/{receipt.ticket.number}/", as_("community")
    client.get(url)
    few = statements(client, url)
    with scope(world.tenant):
        by = world.actor("community", timezone.now())
        for n in range(3):
            actions.note(receipt.ticket, by=by, at=timezone.now(), text=f"进展{n}")
    assert (few <= 6, statements(client, url)) == (True, few)


# --- the portal ---


def test_a_resident_reports_follows_and_rates(world, client):
    assert client.get("/alpha/").status_code == 200
    page = client.get("/alpha/report/").content.decode()
    assert re.search(r'name="client_id" value="[0-9a-f-]{36}"', page)
    body = form_of(world, photos=[picture(), picture("b.jpg")])
    first = client.post("/alpha/report/", body)
    assert first.status_code == 302, first.content.decode()
    receipt = client.get(first["Location"])
    assert receipt.status_code == 200
    with scope(world.tenant):
        ticket, reporter = Ticket.objects.get(), Reporter.objects.get()
        assert ticket.attachments.count() == 1
    assert ticket.number in receipt.content.decode()
    assert reporter.code in receipt.content.decode()
    status = client.get(f"/alpha/track/?number={ticket.number.lower()}&code={reporter.code}")
    assert "待分单" in status.content.decode()
    assert "no-store" in status["Cache-Control"]


def test_a_double_click_makes_one_ticket(world, client):
    body = form_of(world)
    first, second = client.post("/alpha/report/", body), client.post("/alpha/report/", body)
    assert first["Location"] == second["Location"]
    other = client.post("/alpha/report/", {**body, "text": "另一件事"})
    page = other.content.decode()
    assert other.status_code == 409
    assert "另一件事" in page
    assert body["client_id"] not in page
    with scope(world.tenant):
        assert Ticket.objects.count() == 1


def test_wrong_input_of_a_resident_is_named_and_kept(world, client):
    for wrong, words in (
        ({"text": ""}, "事情经过"),
        ({"phone": "电话"}, "电话应为"),
        ({"area": "000"}, "所在社区"),
        ({"text": "长" * 20001}, "事情经过"),
        ({"client_id": "x"}, "没有保存"),
        ({"photos": SimpleUploadedFile("x.jpg", b"\xff\xd8broken")}, "不是可用的照片"),
    ):
        answer = client.post("/alpha/report/", form_of(world, address="幸福路 3 号", **wrong))
        page = answer.content.decode()
        assert answer.status_code == 400, wrong
        assert words in page
        assert "幸福路 3 号" in page
    with scope(world.tenant):
        assert not Ticket.objects.exists()


def test_huge_text_is_shown_whole(world, client, as_):
    text = "一" * 20000
    assert client.post("/alpha/report/", form_of(world, text=text)).status_code == 302
    with scope(world.tenant):
        number = Ticket.objects.get().number
    assert text in as_("community").get(f"{DESK}tickets/{number}/").content.decode()


def test_a_place_in_the_address_is_chosen_already(world, client):
    page = client.get(f"/alpha/report/?area={world.areas['lane_building'].code}").content.decode()
    assert f'value="{world.areas["lane"].code}" selected' in page
    assert f'value="{world.areas["lane_building"].code}" selected' in page
    assert client.get("/alpha/report/?area=nonsense").status_code == 200
    options = client.get(f"/alpha/report/spots/?area={world.areas['lane'].code}").content.decode()
    assert world.areas["lane_building"].code in options


def test_a_wrong_code_opens_nothing_and_guessing_ends(world, client):
    cache.clear()
    receipt = reported(world)
    right = receipt.reporter.code
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    url = f"/alpha/track/?number={receipt.ticket.number}&code="
    for _ in range(10):
        assert client.get(url + wrong).status_code == 404
    last = client.get(url + right)
    assert last.status_code == 429
    assert "15 分钟" in last.content.decode()


def test_a_reporter_rates_once(world, client):
    receipt = walked(world, *TO_RATING)
    with scope(world.tenant):
        reporter = Reporter.objects.get()
        token = links.token_of(reporter, 0)
    status = client.get(f"/alpha/track/?number={receipt.ticket.number}&code={reporter.code}").content.decode()
    assert f"/alpha/r/{token}/" in status
    assert "灯已修好" in status
    assert "换了灯泡" not in status
    lacking = client.post(f"/alpha/r/{token}/", {"speed": "5", "comment": "很快"})
    assert lacking.status_code == 400
    assert "很快" in lacking.content.decode()
    stars = {"speed": "5", "attitude": "4", "result": "5", "solved": "true", "comment": "很快"}
    assert client.post(f"/alpha/r/{token}/", stars).status_code == 302
    again = client.post(f"/alpha/r/{token}/", stars)
    assert again.status_code == 409
    assert "已经评过" in again.content.decode()
    with scope(world.tenant):
        assert Rating.objects.count() == 1
        assert Ticket.objects.get().state == "closed"


def test_a_bad_rating_link_says_what_is_wrong(world, client):
    walked(world, *TO_RATING)
    with scope(world.tenant):
        token = links.token_of(Reporter.objects.get(), 0)
        from tickets.models import RatingLink

        RatingLink.objects.update(expires_at=timezone.now())
    assert client.get(f"/alpha/r/{token}/").status_code == 410
    assert client.get("/alpha/r/unknown/").status_code == 404
    assert client.get(f"/beta/r/{token}/").status_code == 404


def test_pages_run_under_the_strict_policy(world, client):
    answer = client.get("/alpha/report/")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    page = answer.content.decode()
    assert '<html lang="zh-hans"' in page
    assert "skip-link" in page
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*src=)", page)
