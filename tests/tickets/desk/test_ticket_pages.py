"""The ticket page: contents, moves, photos and unmasking."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from governance.access import actors
from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import DESK, TO_HANDLING, picture, reported, walked
from tickets.models import Ticket
from tickets.orders.actions import merging
from tickets.ticket import photos


def test_the_ticket_page_masks_who_reported(world, as_):
    number = reported(world).ticket.number
    page = as_("community").get(f"{DESK}tickets/{number}/").content.decode()
    assert "钱*" in page
    assert "138****1234" in page
    assert "13800001234" not in page
    assert "钱居民" not in page


def test_the_card_and_the_paper_tell_followers_from_the_reporter(world, as_):
    ticket = reported(world).ticket
    card = f"{DESK}tickets/{ticket.number}/"
    assert "关注人" not in as_("community").get(card).content.decode()
    with scope(world.tenant):
        by = actors.public(world.tenant.pk)
        merging.follow(ticket, by=by, at=timezone.now(), name="郑居民", notice_version=0)
    page = folded(as_("community").get(card))
    assert '反映人</p><p class="mb-1">钱*' in page
    assert '关注人</p><p class="mb-1">郑*' in page
    paper = folded(as_("community").get(f"{card}print/"))
    assert paper.count("（关注人）") == 1


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
    assert "待派单（街道）" in answer.content.decode()
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


def test_the_place_is_told_down_to_the_grid(world, as_):
    number = reported(world).ticket.number
    for page in ("", "print/"):
        words = as_("community").get(f"{DESK}tickets/{number}/{page}").content.decode()
        assert "东街道 · 里巷社区 · 里巷社区第一网格 · 1号楼" in " ".join(words.split())


def test_a_form_says_what_must_follow_and_by_when(world, as_):
    number = reported(world).ticket.number
    page = as_("community").get(f"{DESK}tickets/{number}/?move=triage_major").content.decode()
    assert re.search(r"提交后上级须在 \S+ 周\S \d\d:\d\d 前派单。", page)
    page = as_("community").get(f"{DESK}tickets/{number}/?move=triage_minor").content.decode()
    assert "前办结。" in page
    major = [("community", "triage_major", {"reason": "大事"}), ("center", "refer", {"reason": "需部门办"})]
    number = walked(world, *major).ticket.number
    page = as_("county").get(f"{DESK}tickets/{number}/?move=dispatch").content.decode()
    assert re.search(r"提交后承办单位须在 \S+ 周\S \d\d:\d\d 前接单。", page)
