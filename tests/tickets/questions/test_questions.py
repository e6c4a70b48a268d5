"""Additional questions of a category, their answers, and answers that stop the report."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.errors import Conflict, Forbidden, Invalid
from governance.events.models import Event
from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.calls import TICKETS, refused
from tests.tickets.matters import DESK, form_of, statements
from tickets.intake import actions as intake
from tickets.models import Answer, Question, Ticket
from tickets.privacy.actions import requests as privacy
from tickets.questions import actions as setting
from tickets.questions import queries as question_queries

SETTINGS = "/alpha/desk/settings/categories/"
STOP = {"stop_on": "是", "stop_text": "请立即拨打 119，再离开现场", "danger": True}


@pytest.fixture
def ask(world):
    """Return a function that adds a question to a category: ask("leak", "漏多久了", kind="number")."""

    def put(category, text, kind="yes_no", **more):
        with scope(world.tenant):
            given = {"text": text, "kind": kind, **more}
            by = world.actor("admin", timezone.now())
            return setting.keep(world.categories[category], by=by, at=timezone.now(), **given)

    return put


def only(world):
    with scope(world.tenant):
        return Ticket.objects.get()


def answers(world):
    with scope(world.tenant):
        return list(Answer.objects.values_list("asked", "text"))


def test_a_category_asks_what_those_above_it_ask_and_its_own(world, ask):
    ask("top", "是否涉及多户？")
    ask("leak", "漏了几天？", kind="number")
    ask("lamp", "灯杆编号？", kind="text", active=False)
    with scope(world.tenant):
        assert [one.text for one in question_queries.questions_of("0102")] == ["是否涉及多户？", "漏了几天？"]
        assert [one.text for one in question_queries.questions_of("0101")] == ["是否涉及多户？"]
        assert question_queries.questions_of("") == ()


def test_the_form_asks_takes_and_shows(world, client, ask, as_):
    yes, count = ask("lamp", "整条路都不亮吗？", required=True), ask("lamp", "几盏？", kind="number")
    page = folded(client.post("/alpha/report/questions/", {"category": "0101"}))
    assert "整条路都不亮吗？" in page
    unanswered = client.post("/alpha/report/", form_of(world))
    assert unanswered.status_code == 400
    assert f'name="q{yes.pk}"' in folded(unanswered)
    wrong = client.post("/alpha/report/", form_of(world, **{f"q{yes.pk}": "no", f"q{count.pk}": "许多"}))
    assert wrong.status_code == 400
    assert "应填数字" in folded(wrong)
    good = client.post("/alpha/report/", form_of(world, **{f"q{yes.pk}": "no", f"q{count.pk}": "3"}))
    assert good.status_code == 302
    assert answers(world) == [("整条路都不亮吗？", "no"), ("几盏？", "3")]
    ask("lamp", "整条街都不亮吗？", pk=yes.pk)  # a new wording; old answers keep the old one
    number = only(world).number
    for page in (f"{DESK}tickets/{number}/", f"{DESK}tickets/{number}/print/"):
        shown = folded(as_("community").get(page))
        assert "整条路都不亮吗？" in shown
        assert "整条街都不亮吗？" not in shown


def test_without_scripts_a_button_brings_the_questions_and_loses_nothing(world, client, ask):
    asked = ask("lamp", "几盏？", kind="number")
    page = client.post("/alpha/report/", form_of(world, fill="1", text="灯不亮了", q1="2"))
    words = folded(page)
    assert page.status_code == 200
    assert f'name="q{asked.pk}"' in words
    assert "灯不亮了" in words
    assert "没有保存" not in words


def test_an_answer_that_says_stop_shows_the_lines_first_and_leaves_a_way(world, client, ask):
    asked = ask("lamp", "有人触电吗？", **STOP)
    given = {f"q{asked.pk}": "yes"}
    shown = folded(client.post("/alpha/report/questions/", {"category": "0101", **given}))
    assert 'role="alert"' in shown
    assert 'href="tel:119">119</a>，再离开现场' in shown
    assert 'href="tel:120"' in shown
    body = form_of(world, **given)
    refusal = client.post("/alpha/report/", body)
    assert refusal.status_code == 400
    assert "请立即拨打" in folded(refusal)
    with scope(world.tenant):
        assert not Ticket.objects.exists()
    assert client.post("/alpha/report/", {**body, "despite": "on"}).status_code == 302
    assert only(world).tier == "emergency"


def test_a_stop_without_danger_leaves_the_tier_as_it_is(world, client, ask):
    asked = ask("lamp", "在小区里面吗？", stop_on="是", stop_text="小区内的灯请先找物业")
    body = form_of(world, despite="on", **{f"q{asked.pk}": "yes"})
    assert client.post("/alpha/report/", body).status_code == 302
    assert only(world).tier == "ordinary"


def test_staff_are_asked_the_same(world, ask, as_):
    asked = ask("lamp", "有人触电吗？", required=True, **STOP)
    clerk = as_("clerk")
    body = {**form_of(world), "channel": "hotline"}
    assert clerk.post(f"{DESK}tickets/new/", body).status_code == 400
    assert clerk.post(f"{DESK}tickets/new/", {**body, f"q{asked.pk}": "yes"}).status_code == 400
    filled = clerk.post(f"{DESK}tickets/new/", {**body, "fill": "1"})
    assert f'name="q{asked.pk}"' in folded(filled)
    assert clerk.post(f"{DESK}tickets/new/", {**body, f"q{asked.pk}": "no"}).status_code == 302
    assert answers(world) == [("有人触电吗？", "no")]


def test_systems_read_the_questions_and_answer_them(world, call, ask):
    yes = ask("leak", "路面塌了吗？", required=True, **STOP)
    kind = ask("leak", "哪里漏？", kind="choice", options=["管道", "井盖"])
    listed = call.get("/alpha/api/v1/categories/").json()["results"]
    (leak,) = [one for one in listed if one["code"] == "0102"]
    assert leak["parent"] == "01"
    assert [one["id"] for one in leak["questions"]] == [yes.pk, kind.pk]
    assert leak["questions"][0]["stop"]["danger"] is True
    assert leak["questions"][1]["options"] == ["管道", "井盖"]

    def send(*given, **more):
        rows = [{"question": pk, "answer": text} for pk, text in given]
        return call.post(TICKETS, call.body(category="0102", answers=rows, **more))

    missing = send()
    refused(missing, 400, "required", "answers")
    assert missing.json()["question"] == yes.pk
    assert "路面塌了吗？" in missing.json()["detail"]
    refused(send((yes.pk, "no"), (kind.pk, "别处")), 400, "unknown_choice", "answers")
    refused(send((yes.pk, "no"), (2**62, "x")), 400, "unknown_question", "answers")
    refused(send((yes.pk, "yes")), 400, "stopped", "despite")
    made = send((yes.pk, "yes"), (kind.pk, "井盖"), despite=True)
    assert made.status_code == 201, made.content
    detail = call.get(f"{TICKETS}{made.json()['number']}/").json()
    assert detail["tier"] == "emergency"
    assert [one["answer"] for one in detail["answers"]] == ["yes", "井盖"]


def test_a_repeat_with_other_answers_is_another_matter(walk, ask):
    asked = ask("lamp", "几盏？", kind="number")
    given = {"text": "灯不亮", "area": walk.areas["lane"].code, "category": "0101", "client_id": uuid.uuid4()}
    by, at = walk.actor("clerk"), timezone.now()
    first = intake.report(intake.Draft(**given, answers=((asked.pk, "2"),)), by=by, at=at)
    again = intake.report(intake.Draft(**given, answers=((asked.pk, "2"),)), by=by, at=at)
    assert (again.created, again.ticket.pk) == (False, first.ticket.pk)
    with pytest.raises(Conflict):
        intake.report(intake.Draft(**given, answers=((asked.pk, "3"),)), by=by, at=at)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": " "}, "text"),
        ({"kind": "choice", "options": ["一个"]}, "options"),
        ({"kind": "choice", "options": ["一", "一"]}, "options"),
        ({"kind": "choice", "options": ["一|二", "三"]}, "options"),
        ({"kind": "number", "stop_on": "3", "stop_text": "停"}, "stop_on"),
        ({"stop_on": "也许", "stop_text": "停"}, "stop_on"),
        ({"stop_on": "是"}, "stop_text"),
    ],
)
def test_a_question_that_does_not_hold_is_named(ask, given, field):
    with pytest.raises(Invalid) as error:
        ask("lamp", given.pop("text", "几盏？"), **given)
    assert error.value.field == field


def test_a_choice_may_stop_on_an_option_that_reads_yes(walk, ask):
    options = ["是", "否", "不清楚"]
    made = ask("lamp", "有人受伤吗？", kind="choice", options=options, **STOP)
    assert made.stop_on == "是"
    assert question_queries.questions_of("0101")[0].stop_on == "是"


def test_a_category_has_a_question_once(walk, ask):
    retired, other = ask("lamp", "几盏？", active=False), ask("lamp", "哪里？")
    ask("leak", "几盏？")
    for pk in (None, other.pk):
        with pytest.raises(Conflict) as error:
            ask("lamp", " 几盏？ ", pk=pk)
        assert (error.value.code, error.value.field) == ("text_taken", "text")
    assert ask("lamp", "几盏？", pk=retired.pk, active=True).active


def test_an_administrator_adds_changes_sorts_and_retires(world, as_):
    admin, url = as_("admin"), f"{SETTINGS}0101/questions/"
    for text in ("第一问", "第二问"):
        body = {"text": text, "kind": "choice", "options": "甲\n乙\n", "active": "on"}
        assert admin.post(url, body).status_code == 302
    with scope(world.tenant):
        first, second = Question.objects.all()
        assert first.options == ["甲", "乙"]
    assert admin.post(f"{url}{second.pk}/move/", {"to": "up"}).status_code == 302
    page = folded(admin.get(f"{url}?edit={first.pk}"))
    assert page.index("第二问") < page.index("第一问")
    body = {"text": "第一问", "kind": "yes_no", "stop_on": "否", "stop_text": "先找物业"}
    assert admin.post(f"{url}?edit={first.pk}", body).status_code == 302
    with scope(world.tenant):
        assert [one.text for one in question_queries.questions_of("0101")] == ["第二问"]
        first.refresh_from_db()
        assert (first.active, first.options, first.stop_on) == (False, [], "no")
        assert Event.objects.filter(kind="settings.changed").count() == 4
    assert admin.get(f"{url}?edit=999").status_code == 404
    assert as_("clerk").get(url).status_code == 403


def test_only_who_sets_may_set(walk):
    with pytest.raises(Forbidden):
        setting.keep(
            walk.categories["lamp"], by=walk.actor("clerk"), at=timezone.now(), text="x", kind="text"
        )


def test_free_text_goes_when_the_time_of_contacts_is_over(world, ask, client):
    words, count = ask("lamp", "谁家门口？", kind="text"), ask("lamp", "几盏？", kind="number")
    body = form_of(world, name="", phone="", **{f"q{words.pk}": "老钱家", f"q{count.pk}": "3"})
    assert client.post("/alpha/report/", body).status_code == 302
    with scope(world.tenant):
        long_ago = timezone.now().replace(year=2020)
        Ticket.objects.update(state="closed", outcome="fixed", closed_at=long_ago)
    assert privacy.anonymise(world.tenant, at=timezone.now()) == 1
    assert answers(world) == [("谁家门口？", ""), ("几盏？", "3")]
    assert privacy.anonymise(world.tenant, at=timezone.now()) == 0


@pytest.mark.servers
def test_answers_cost_one_statement_whatever_their_number(world, ask, as_):
    asked = [ask("lamp", f"第{n}问", kind="text") for n in range(8)]

    def made(some):
        with scope(world.tenant):
            given = {"text": "灯不亮", "area": world.areas["lane"].code, "category": "0101"}
            draft = intake.Draft(**given, answers=tuple((one.pk, "答") for one in some))
            by = world.actor("clerk", timezone.now())
            with CaptureQueriesContext(connection) as sent:
                number = intake.report(draft, by=by, at=timezone.now()).ticket.number
            return number, len(sent)

    made([])  # fills the caches of the process
    (_none, plain), (first, one), (second, eight) = made([]), made(asked[:1]), made(asked)
    assert (one - plain, eight - plain) == (1, 1)
    officer = as_("community")
    officer.get(f"{DESK}tickets/{first}/")
    counts = {number: statements(officer, f"{DESK}tickets/{number}/") for number in (first, second)}
    assert len(set(counts.values())) == 1, counts


def test_where_there_is_danger_a_place_is_asked_for(world, client, ask):
    asked = ask("lamp", "有人触电吗？", **STOP)
    given = {f"q{asked.pk}": "yes", "despite": "on", "area": ""}
    refusal = client.post("/alpha/report/", form_of(world, **given))
    assert refusal.status_code == 400
    assert "请填写具体地点" in folded(refusal)
    assert "请填写具体地点" in folded(client.post("/alpha/report/", form_of(world, **given, text="")))
    assert client.post("/alpha/report/", form_of(world, **given, address="团结路口")).status_code == 302
    assert only(world).tier == "emergency"
