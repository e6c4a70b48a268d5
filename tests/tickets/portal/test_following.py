"""The page of a reported ticket, opened by number and code: answers, additions, withdrawal, merging."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from governance.access import actors
from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import picture
from tests.tickets.portal.own_matters import FIXED, finish, follower, keys_of, make, rate_page, stands
from tickets.intake import actions as intake
from tickets.models import Attachment, Remark
from tickets.orders.actions import judging, merging
from tickets.public import state_words
from tickets.states import Outcome, State
from tickets.ticket import photos

pytestmark = pytest.mark.django_db


def test_a_question_is_answered_and_the_work_goes_on(world, client, matter):
    keys, ticket = matter
    make(world, ticket, "community", "ask_resident", question="是哪一盏?")
    page = folded(client.get("/alpha/track/", keys))
    assert "是哪一盏?" in page
    assert "say-reply" in page
    answer = client.post("/alpha/track/reply/", {**keys, "text": "三单元门口那盏"})
    assert answer.status_code == 302
    assert stands(world, ticket).state == State.HANDLING
    with scope(world.tenant):
        assert Remark.objects.get(verb="reply").text == "三单元门口那盏"
    again = client.post("/alpha/track/reply/", {**keys, "text": "还有一盏"})
    assert again.status_code == 409
    assert "还有一盏" in folded(again)  # the input is shown again


def test_a_matter_is_taken_back_once(world, client, matter):
    keys, ticket = matter
    assert client.post("/alpha/track/withdraw/", {**keys, "text": ""}).status_code == 400
    assert client.post("/alpha/track/withdraw/", {**keys, "text": "自己修好了"}).status_code == 302
    assert stands(world, ticket).outcome == "withdrawn"
    assert "say-withdraw" not in folded(client.get("/alpha/track/", keys))


def test_a_withdrawal_that_comes_too_late_says_so_and_leads_on(world, client, matter):
    keys, ticket = matter
    make(world, ticket, "community", "resolve", outcome="fixed", answer="灯已修好", evidence="换了灯泡")
    late = client.post("/alpha/track/withdraw/", {**keys, "text": "自己修好了"})
    page = folded(late)
    assert late.status_code == 409
    assert "该事项当前状态为“正在核实”，不能再撤回。" in page
    assert 'action="/alpha/track/withdraw/"' not in page
    assert f'<a href="/alpha/track/?number={keys["number"]}&amp;code={keys["code"]}">' in page
    assert '<a href="#say-add">' in page


def test_a_wrong_code_moves_nothing(world, client, matter):
    keys, ticket = matter
    wrong = {**keys, "code": "000000" if keys["code"] != "000000" else "000001"}
    assert client.post("/alpha/track/withdraw/", {**wrong, "text": "不要了"}).status_code == 404
    assert client.post("/alpha/track/resolve/", {**keys, "text": "办好了"}).status_code == 404
    assert stands(world, ticket).state == State.HANDLING


def test_a_closed_matter_is_asked_for_again(world, client, matter):
    keys, ticket = matter
    make(world, ticket, "community", "resolve", **FIXED)
    make(world, ticket, "worker", "verify", done=True, text="亮了")
    with scope(world.tenant):
        judging.close(ticket, by=world.system, at=timezone.now())
    assert "say-reopen" in folded(client.get("/alpha/track/", keys))
    assert client.post("/alpha/track/reopen/", {**keys, "text": "又不亮了"}).status_code == 302
    after = stands(world, ticket)
    assert (after.state, after.reworks) == (State.HANDLING, 1)


def test_after_a_merge_the_reporter_sees_the_course_of_the_other(world, client, matter):
    keys, ticket = matter
    with scope(world.tenant):
        draft = intake.Draft(text="三单元路灯坏了", area=world.areas["lane_building"].code)
        other = intake.report(draft, by=world.actor("clerk"), at=timezone.now()).ticket
    make(world, ticket, "community", "merge", into=other, reason="同一盏灯")
    page = folded(client.get("/alpha/track/", keys))
    assert other.number in page
    assert "路灯不亮" in page


@pytest.mark.parametrize("private", [True, False])
def test_of_private_matters_merged_together_neither_sees_the_others_words_or_photos(world, client, private):
    receipts = []
    for words in ("楼上漏水,我住三零二", "楼上漏水,我住四零二"):
        with scope(world.tenant):
            draft = intake.Draft(
                text=words, area=world.areas["lane_building"].code, name="钱居民", private=private
            )
            made = intake.report(draft, by=world.actor("clerk"), at=timezone.now())
        make(world, made.ticket, "community", "triage_minor", reason="上门看看")
        make(world, made.ticket, "community", "note", text=f"已上门:{words}", public=True)
        with scope(world.tenant):
            photos.add(made.ticket, picture(), by=world.actor("community"), at=timezone.now())
        receipts.append(made)
    one, other = receipts
    make(world, one.ticket, "community", "merge", into=other.ticket, reason="同一处漏水")
    pages = [folded(client.get("/alpha/track/", keys_of(made))) for made in receipts]
    for page, own, foreign in zip(pages, ("三零二", "四零二"), ("四零二", "三零二"), strict=True):
        assert own in page
        assert (
            foreign not in page
        )  # neither the other's text nor an answer that reveals where the other lives
        hidden = not private and foreign == "四零二"  # the public notes of the ticket that took the other in
        assert ("可能涉及反映人的个人信息" in page) is hidden
        assert "/files/" not in page
    with scope(world.tenant):
        kept = list(Attachment.objects.values_list("pk", flat=True))
    assert len(kept) == 2
    for pk in kept:
        assert client.get(f"/alpha/files/{pk}/").status_code == 302  # redirected to the log-in


def test_who_only_follows_reads_no_answer_that_tells_who_reported(world, client, matter):
    keys, ticket = matter
    make(world, ticket, "community", "note", text="已与钱居民约定上门", public=True)
    make(world, ticket, "community", "note", text="三单元 502 室门口的灯已换", public=True)
    with scope(world.tenant):
        other = merging.follow(ticket, by=actors.public(world.tenant.pk), at=timezone.now())
    own = folded(client.get("/alpha/track/", keys))
    assert "已与钱居民约定上门" in own
    page = folded(client.get("/alpha/track/", {"number": keys["number"], "code": other.code}))
    assert "钱居民" not in page
    assert "502" not in page
    assert "可能涉及反映人的个人信息" in page


def test_the_question_stands_at_the_answer_and_the_answer_has_a_sender(world, client, matter):
    keys, ticket = matter
    make(world, ticket, "community", "ask_resident", question="是哪一盏?")
    page = folded(client.get("/alpha/track/", keys))
    asked = page[page.index('id="say-reply"') :]
    assert "是哪一盏?" in asked[: asked.index("</section>")]
    client.post("/alpha/track/reply/", {**keys, "text": "三单元门口那盏"})
    page = folded(client.get("/alpha/track/", keys))
    assert '<p class="remark-by">居民 · ' in page


def test_the_limit_of_a_step_is_not_told_as_the_day_of_repair(world, client, matter):
    keys, ticket = matter
    assert "最迟处理时间" not in folded(client.get("/alpha/receipt/", keys))
    finish(world, ticket)
    assert "本环节办理期限" not in folded(
        client.get("/alpha/receipt/", keys)
    )  # the next step is the resident's


def test_what_comes_to_mind_later_is_added_unasked_and_read_by_no_other_resident(world, client, matter, as_):
    keys, ticket = matter
    _joined, others = follower(world, ticket)
    assert "补充情况" in folded(client.get("/alpha/track/", keys))
    for given, words in ((keys, "忘了说是三层"), (others, "我家门口也不亮")):
        assert client.post("/alpha/track/add/", {**given, "text": words}).status_code == 302
    own, other = (folded(client.get("/alpha/track/", given)) for given in (keys, others))
    assert ("忘了说是三层" in own, "我家门口也不亮" in own) == (True, False)
    assert ("忘了说是三层" in other, "我家门口也不亮" in other) == (False, True)
    page = folded(as_("community").get(f"/alpha/desk/tickets/{ticket.number}/"))
    assert "忘了说是三层" in page
    assert "我家门口也不亮" in page
    assert stands(world, ticket).state == State.HANDLING
    for _turn in range(10):
        last = client.post("/alpha/track/add/", {**keys, "text": "再说一句"})
    assert last.status_code == 429
    assert "再说一句" in folded(last)


def test_a_question_is_answered_by_who_raised_the_matter_and_who_follows_adds(world, client, matter):
    keys, ticket = matter
    _joined, others = follower(world, ticket)
    make(world, ticket, "community", "ask_resident", question="是哪一盏?")
    own, other = (folded(client.get("/alpha/track/", given)) for given in (keys, others))
    assert ('id="say-reply"' in own, 'id="say-add"' in own) == (True, False)
    assert ('id="say-reply"' in other, 'id="say-add"' in other) == (False, True)
    assert client.post("/alpha/track/reply/", {**others, "text": "五单元那盏"}).status_code == 403
    assert client.post("/alpha/track/add/", {**others, "text": "我家门口也不亮"}).status_code == 302
    assert stands(world, ticket).state == State.AWAITING_RESIDENT
    assert client.post("/alpha/track/reply/", {**keys, "text": "三单元那盏"}).status_code == 302
    assert stands(world, ticket).state == State.HANDLING
    assert "三单元那盏" not in folded(client.get("/alpha/track/", others))


def test_who_raised_what_was_merged_in_answers_and_adds_there_unread_by_the_other(world, client, matter):
    keys, ticket = matter
    with scope(world.tenant):
        draft = intake.Draft(text="三单元路灯坏了", area=world.areas["lane_building"].code)
        other = intake.report(draft, by=world.actor("clerk"), at=timezone.now())
    _joined, others = follower(world, ticket)
    make(world, other.ticket, "community", "triage_minor", reason="换灯泡")
    make(world, ticket, "community", "merge", into=other.ticket, reason="同一盏灯")
    make(world, other.ticket, "community", "ask_resident", question="是哪一盏?")
    assert 'id="say-reply"' not in folded(client.get("/alpha/track/", others))
    assert client.post("/alpha/track/reply/", {**others, "text": "五单元那盏"}).status_code == 403
    assert 'id="say-reply"' in folded(client.get("/alpha/track/", keys))
    assert client.post("/alpha/track/reply/", {**keys, "text": "三单元那盏"}).status_code == 302
    assert stands(world, other.ticket).state == State.HANDLING
    assert client.post("/alpha/track/add/", {**keys, "text": "是第三盏"}).status_code == 302
    own = folded(client.get("/alpha/track/", keys))
    assert "三单元那盏" in own
    assert "是第三盏" in own
    theirs = folded(client.get("/alpha/track/", keys_of(other)))
    assert "三单元那盏" not in theirs
    assert "是第三盏" not in theirs


def test_photos_come_with_what_is_added_and_only_their_sender_and_the_units_see_them(
    world, client, matter, as_
):
    keys, ticket = matter
    _joined, others = follower(world, ticket)
    for given, colour in ((keys, "red"), (others, "blue"), (others, "red")):
        sent = {**given, "text": "这一盏", "photos": [picture(colour=colour)]}
        assert client.post("/alpha/track/add/", sent).status_code == 302
    with scope(world.tenant):
        kept = dict(Attachment.objects.filter(purpose="added").values_list("pk", "reporter"))
    assert len(kept) == 3
    for given, many in ((keys, 1), (others, 2)):
        page = folded(client.get("/alpha/track/", given))
        shown = {pk for pk in kept if re.search(rf"/{pk}/\?number=", page)}
        assert len(shown) == many
        for pk in kept:
            address = reverse("portal:own-photo", kwargs={"tenant": "alpha", "pk": pk})
            assert client.get(address, given).status_code == (200 if pk in shown else 404)
    desk = folded(as_("community").get(f"/alpha/desk/tickets/{ticket.number}/"))
    assert all(f"/files/{pk}/" in desk for pk in kept)
    assert desk.count("<small>居民补充</small>") == 3


def test_an_answer_takes_photos_and_one_that_is_none_keeps_nothing(world, client, matter):
    keys, ticket = matter
    make(world, ticket, "community", "ask_resident", question="是哪一盏?")
    bad = SimpleUploadedFile("a.jpg", b"not a photo", "image/jpeg")
    refused = client.post("/alpha/track/reply/", {**keys, "text": "这一盏", "photos": [bad, picture()]})
    assert refused.status_code == 400
    page = folded(refused)
    assert "a.jpg" in page
    assert "请重新选择照片" not in page
    assert "这一盏" in page
    assert stands(world, ticket).state == State.AWAITING_RESIDENT
    answer = {**keys, "text": "这一盏", "photos": [picture()]}
    assert client.post("/alpha/track/reply/", answer).status_code == 302
    assert stands(world, ticket).state == State.HANDLING
    with scope(world.tenant):
        assert Attachment.objects.get().purpose == "added"


def test_an_answer_without_text_and_with_a_bad_photo_names_both(world, client, matter):
    keys, ticket = matter
    make(world, ticket, "community", "ask_resident", question="是哪一盏?")
    bad = SimpleUploadedFile("a.jpg", b"not a photo", "image/jpeg")
    page = folded(client.post("/alpha/track/reply/", {**keys, "text": "", "photos": [bad]}))
    assert 'id="reply-text-error"' in page
    assert "a.jpg：这不是可用的照片" in page


def test_nobody_adds_more_photos_than_one_may_and_the_unit_keeps_its_room(world, client, matter, monkeypatch):
    keys, ticket = matter
    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    for colour, status in (("red", 302), ("blue", 409)):
        sent = {**keys, "text": "这一盏", "photos": [picture(colour=colour)]}
        assert client.post("/alpha/track/add/", sent).status_code == status
    with scope(world.tenant):
        assert Remark.objects.filter(verb="add").count() == 1
        photos.add(ticket, picture(), by=world.actor("community"), at=timezone.now(), purpose="evidence")


def test_residents_read_where_it_stands_in_their_own_words_and_are_asked_only_on_their_turn(
    world, client, matter, as_
):
    keys, ticket = matter
    _joined, others = follower(world, ticket)

    def read():
        own, other = (folded(client.get("/alpha/track/", given)) for given in (keys, others))
        listed = folded(client.get("/alpha/matters/"))
        for page in (own, other, listed):
            assert not re.search("待(分单|派单|接单|补充|核实|评单)|销号|挂账", page)
        marked = (re.findall(r'state-shape">.</span>([^<]*)</span>', page) for page in (own, other, listed))
        return [words[0] for words in marked]

    assert read() == ["正在办理"] * 3
    make(world, ticket, "community", "ask_resident", question="是哪一盏?")
    assert read() == ["请您补充", "等反映人补充", "等反映人补充"]
    client.post("/alpha/track/reply/", {**keys, "text": "三单元门口那盏"})
    make(world, ticket, "community", "resolve", **FIXED)
    assert read() == ["正在核实"] * 3
    assert "正在核实" in folded(client.get("/alpha/receipt/", keys))
    assert "待核实" in folded(as_("community").get(f"/alpha/desk/tickets/{ticket.number}/"))
    make(world, ticket, "worker", "verify", done=True, text="亮了")
    assert read() == ["请您评价", "等反映人评价", "等反映人评价"]  # who only follows does not rate
    with scope(world.tenant):
        author = ticket.reporters.order_by("id").first()
    token, _page = rate_page(world, client, author)
    stars = {"speed": "5", "attitude": "5", "result": "5", "solved": "true", "comment": ""}
    assert client.post(f"/alpha/r/{token}/", stars).status_code == 302
    assert read() == ["已办结·已解决"] * 3


def test_every_state_and_end_has_a_word_for_residents():
    for state in State:
        assert state_words.state_in_plain_words(state.value)
    ends = {state_words.state_in_plain_words("closed", outcome.value) for outcome in Outcome}
    assert len(ends) == len(Outcome)


def test_who_may_not_read_the_question_about_a_private_matter_is_not_asked(world, client):
    made = []
    for words in ("楼上漏水,我住三零二", "楼上漏水,我住四零二"):
        with scope(world.tenant):
            draft = intake.Draft(text=words, area=world.areas["lane_building"].code, private=True)
            made.append(intake.report(draft, by=world.actor("clerk"), at=timezone.now()))
    one, other = made
    make(world, other.ticket, "community", "triage_minor", reason="上门看看")
    make(world, one.ticket, "community", "merge", into=other.ticket, reason="同一处漏水")
    make(world, other.ticket, "community", "ask_resident", question="四零二何时有人?")
    page = folded(client.get("/alpha/track/", keys_of(one)))
    assert ("say-reply" in page, "say-add" in page, "请您补充" in page) == (False, True, False)
