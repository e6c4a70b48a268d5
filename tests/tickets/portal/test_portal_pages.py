"""The portal: a resident reports, follows and rates; invalid input stores nothing."""

import re

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from grids.areas import shapes
from tests.grids.areas.test_shapes import SQUARE, feature
from tests.pages import folded
from tests.tickets.matters import DESK, TO_RATING, form_of, picture, reported, walked
from tickets.models import Rating, RatingLink, Reporter, Ticket
from tickets.orders.actions import rating_links
from tickets.public import figures


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
    assert "已收到" in status.content.decode()
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
        ({"client_id": "x"}, "提交未成功"),
        ({"photos": SimpleUploadedFile("x.jpg", b"\xff\xd8broken")}, "不是可用的照片"),
    ):
        answer = client.post("/alpha/report/", form_of(world, address="幸福路 3 号", **wrong))
        page = answer.content.decode()
        assert answer.status_code == 400, wrong
        assert words in page
        assert "幸福路 3 号" in page
    with scope(world.tenant):
        assert not Ticket.objects.exists()


def test_all_faults_of_a_report_are_named_in_one_answer(world, client):
    set_limits(world, phone_proof=True)
    bad = [SimpleUploadedFile(f"{n}号.jpg", b"\xff\xd8broken") for n in (1, 2)]
    given = form_of(world, text="\u200b", client_id="x", photos=bad)
    del given["accepted"]
    page = client.post("/alpha/report/", given).content.decode()
    for words in ("请填写事情经过", "1号.jpg：", "2号.jpg：", "请先获取并填写短信验证码", "勾选"):
        assert words in page, words


def test_a_wrong_phone_and_an_unread_notice_are_named_together(world, client):
    ticket = reported(world).ticket
    given = form_of(world, phone="12", name="")
    del given["accepted"]
    for address, more in (("report", {}), ("report/follow", {"number": ticket.number})):
        page = client.post(f"/alpha/{address}/", given | more).content.decode()
        assert "电话应为" in page
        assert "勾选" in page


def set_limits(world, **most):
    Tenant.objects.filter(pk=world.tenant.pk).update(settings=most)


def send(world, client, **more):
    """Send the report form; returns (response, form data)."""
    given = form_of(world, **more)
    return client.post("/alpha/report/", given), given


def test_a_phone_reports_so_often_an_hour_and_loses_nothing_typed(world, client):
    set_limits(world, reports_per_phone=2)
    for _ in range(2):
        last, given = send(world, client)
        assert last.status_code == 302
    refused, _given = send(world, client, text="第三件,写了很久", phone="138 0000 1234")
    assert refused.status_code == 429
    page = refused.content.decode()
    assert "请稍后再提交" in page
    assert "第三件,写了很久" in page
    assert 'value="138 0000 1234"' in page
    assert client.post("/alpha/report/", given)["Location"] == last["Location"]  # a repeat is no new report
    assert send(world, client, phone="13900001234")[0].status_code == 302
    assert send(world, client, phone="")[0].status_code == 302
    with scope(world.tenant):
        assert Ticket.objects.count() == 4


def test_an_address_reports_so_often_an_hour(world, client):
    set_limits(world, reports_per_address=2)
    assert [send(world, client, phone="")[0].status_code for _ in range(3)] == [302, 302, 429]
    with scope(world.other):
        assert not Ticket.objects.exists()


def test_what_is_refused_for_itself_is_not_counted(world, client):
    set_limits(world, reports_per_address=1)
    assert send(world, client, text="")[0].status_code == 400
    assert send(world, client)[0].status_code == 302


def test_with_the_cache_away_reports_are_taken(world, client, settings):
    set_limits(world, reports_per_phone=1)
    settings.CACHES = {
        "default": {"BACKEND": "governance.web.cache.ForgivingCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert [send(world, client)[0].status_code for _ in range(3)] == [302, 302, 302]


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


def test_a_complaint_about_the_community_passes_it_by(world, client, as_):
    page = client.get("/alpha/report/").content.decode()
    assert "是否反映社区（村）、街道（乡镇）、区县中心或其工作人员" in page
    answer = client.post("/alpha/report/", form_of(world, against="committee", text="居委会推来推去"))
    assert answer.status_code == 302, answer.content.decode()
    with scope(world.tenant):
        ticket = Ticket.objects.select_related("holder_unit", "against_unit").get()
        assert (ticket.against_unit.code, ticket.holder_unit.code) == ("lane", "east_center")
        assert ticket.private
    assert as_("community").get(f"{DESK}tickets/{ticket.number}/").status_code == 404
    nowhere = client.post("/alpha/report/", form_of(world, against="committee", area="", text="推来推去"))
    assert nowhere.status_code == 400
    assert "请选择是哪个社区" in nowhere.content.decode()
    above = client.post("/alpha/report/", form_of(world, against="command_center"))
    assert above.status_code == 302
    with scope(world.tenant):
        assert Ticket.objects.get(against_unit__code="east_center").holder_unit.kind == "county_center"


def test_a_complaint_about_the_county_centre_needs_no_community(world, client, as_):
    answer = client.post("/alpha/report/", form_of(world, against="county_center", area="", text="推来推去"))
    assert answer.status_code == 302, answer.content.decode()
    with scope(world.tenant):
        ticket = Ticket.objects.get()
        assert (ticket.against_unit.code, ticket.state) == ("county_center", "referred")
    assert "区县领导" in client.get(answer["Location"]).content.decode()
    assert as_("county").get(f"{DESK}tickets/{ticket.number}/").status_code == 404
    assert as_("leader").get(f"{DESK}tickets/{ticket.number}/").status_code == 200


def test_a_pinned_place_finds_its_community(world, client):
    with scope(world.tenant):
        features = [feature(world.areas["lane"].code, SQUARE)]
        shapes.take_in(features, datum="WGS-84", by=world.system, at=timezone.now())
    lat, lng = "36.05", "117.05"
    found = client.post("/alpha/report/place/", {"lat": lat, "lng": lng})
    assert found.json() == {"code": world.areas["lane"].code, "name": world.areas["lane"].name}
    assert client.post("/alpha/report/place/", {"lat": "x", "lng": "1"}).status_code == 400
    assert send(world, client, area="", lat=lat, lng=lng)[0].status_code == 302
    with scope(world.tenant):
        assert Ticket.objects.get().area.code == world.areas["lane"].code
    assert send(world, client, area="", lat="36.3", lng="117.3")[0].status_code == 302
    with scope(world.tenant):
        assert Ticket.objects.latest("id").area.level == "district"


def test_the_long_choices_have_two_steps_and_letters_for_residents(world, client):
    page = client.get("/alpha/report/").content.decode()
    assert 'data-groups="先选街道（乡镇）"' in page
    assert 'content="/alpha/report/initials/"' in page
    letters = client.get("/alpha/report/initials/").json()
    assert (letters["荷"], letters["灯"]) == ("h", "d")  # a community and a category
    assert "钱" not in letters  # no name of a person


def test_a_point_outside_the_district_is_refused_and_removed_from_the_form(world, client):
    with scope(world.tenant):
        features = [feature(world.areas["district"].code, SQUARE)]
        shapes.take_in(features, datum="WGS-84", by=world.system, at=timezone.now())
    there = {"lat": "37.4", "lng": "118.01"}
    answer = client.post("/alpha/report/place/", there).json()
    assert (answer["code"], "不在本区县范围内" in answer["outside"]) == ("", True)
    refused = send(world, client, **there)[0]
    assert refused.status_code == 400
    page = refused.content.decode()
    assert "该位置不在本区县范围内" in page
    assert "118.01" not in page
    with scope(world.tenant):
        assert not Ticket.objects.exists()
    assert send(world, client, lat="36.05", lng="117.05")[0].status_code == 302


def test_a_wrong_code_opens_nothing_and_guessing_ends(world, client):
    cache.clear()
    receipt = reported(world)
    right = receipt.reporter.code
    wrong = "22222222" if right != "22222222" else "33333333"
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
        token = rating_links.token_of(reporter, 0)
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
        token = rating_links.token_of(Reporter.objects.get(), 0)
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


def test_what_a_chinese_keyboard_writes_in_full_width_is_meant_plainly(world, client):
    assert send(world, client, phone="１３８－００００　１２３４")[0].status_code == 302
    with scope(world.tenant):
        reporter = Reporter.objects.select_related("ticket").get()
        assert reporter.phone == "13800001234"
    number = "".join(chr(ord(one) + 0xFEE0) for one in reporter.ticket.number)
    keys = {"number": f" {number} ", "code": f"{reporter.code[:3]} {reporter.code[3:]}"}
    assert client.get("/alpha/track/", keys).status_code == 200


def test_photos_that_have_to_be_chosen_again_are_told_and_the_wrong_one_named(world, client):
    broken = SimpleUploadedFile("二号.jpg", b"\xff\xd8broken")
    page = send(world, client, photos=[picture(), broken])[0].content.decode()
    assert "二号.jpg：这不是可用的照片" in page
    assert 'id="id_photos-error"' in page
    assert "请重新选择照片" not in page
    assert "请重新选择照片" not in send(world, client, text="", photos=[picture()])[0].content.decode()
    assert "请重新选择照片" not in send(world, client, text="")[0].content.decode()
    broken = SimpleUploadedFile("IMG_1.HEIC", b"\x00\x00\x00\x18ftypheic" + b"x" * 64)
    assert "HEIC" in send(world, client, photos=[broken])[0].content.decode()


def test_what_was_done_is_said_in_its_own_words(world, client):
    receipt = reported(world)
    keys = {"number": receipt.ticket.number, "code": receipt.reporter.code}
    page = client.post("/alpha/track/withdraw/", {**keys, "text": "修好了"}, follow=True).content.decode()
    assert "已撤回，不再办理。" in page
    assert "没有公开的答复" in page
    assert "已收到您的反映" not in client.get("/alpha/receipt/", keys).content.decode()


def test_before_it_is_sent_the_form_says_who_takes_it_and_by_when(world, client):
    asked = {"area": world.areas["lane"].code, "category": "0101"}
    told = client.post("/alpha/report/next/", asked).content.decode()
    assert "里巷" in told
    assert "受理后 7 个工作日内办结" in told
    above = client.post("/alpha/report/next/", {**asked, "against": "committee"}).content.decode()
    assert "里巷" not in above
    assert client.post("/alpha/report/next/", {"area": "000"}).content.decode().strip() == ""
    with scope(world.tenant):
        assert not Ticket.objects.exists()


def test_who_reported_sees_the_own_photos_and_nobody_else(world, client):
    location = send(world, client, photos=[picture()])[0]["Location"]
    page = client.get(location.replace("/receipt/", "/track/")).content.decode()
    address = re.search(r'src="(/alpha/track/photos/[^"]+)"', page)[1].replace("&amp;", "&")
    shown = client.get(address)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in shown["Cache-Control"]
    stranger = reported(world)
    other = f"?number={stranger.ticket.number}&code={stranger.reporter.code}"
    assert client.get(address.partition("?")[0] + other).status_code == 404
    assert client.get(address.partition("?")[0]).status_code == 404


def test_home_has_one_action_three_ways_and_figures_of_everybody(world, client):
    page = client.get("/alpha/").content.decode()
    assert page.count("home-hero") == 1
    assert "居民诉求办理平台" in page
    order = [
        page.index(one) for one in ("/alpha/elder/", "home-hero", "tel:110", "home-tiles", "诉求办理流程")
    ]
    assert order == sorted(order)
    assert "大家的事" not in page  # too few to tell
    for _n in range(figures.LEAST):
        reported(world)
    cache.clear()
    assert "5 件" in folded(client.get("/alpha/"))


def test_residents_read_their_own_five_words(world, client):
    receipt = walked(world, *TO_RATING)
    told = {"number": receipt.ticket.number, "code": receipt.reporter.code}
    for page in (folded(client.get("/alpha/")), folded(client.get("/alpha/track/", told))):
        for word in ("提交", "分派", "受理", "办理", "评价"):
            assert f"<b>{word}</b>" in page
        for word in ("点单", "分单", "派单", "接单", "评单"):
            assert word not in page


def test_the_door_has_one_way_in_for_staff(client, world):
    page = client.get("/").content.decode()
    assert page.count('href="/login/"') == 1
    assert "/desk/" not in page
