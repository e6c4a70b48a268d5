"""English names and questions of a district: readers of English see them, all others the Chinese."""

import pytest
from django.utils import timezone, translation

from governance.errors import Invalid
from governance.tenancy.scope import scope
from governance.text.bilingual import in_reader_language
from tests.tickets.matters import DESK, form_of, statements
from tickets.catalog import actions as catalog
from tickets.catalog import choices
from tickets.models import Answer, Question, Reporter, Ticket
from tickets.questions import actions as setting

SETTINGS = f"{DESK}settings/categories/"
ENGLISH = {"accept-language": "en"}
KIND = {"text_en": "Which lamp?", "options_en": ["Street", "Garden"]}
STOP = {"stop_on": "路灯", "stop_text": "请拨打 95598", "stop_text_en": "Please call 95598", "danger": True}


@pytest.fixture
def named(world):
    """Give the lamps an English name and two questions, the first with English; returns the first."""
    with scope(world.tenant):
        by = {"by": world.actor("admin", timezone.now()), "at": timezone.now()}
        lamp = world.categories["lamp"]
        catalog.change_category(lamp, name=lamp.name, name_en="Street lights", **by)
        kind = {"text": "哪种灯？", "kind": "choice", "options": ["路灯", "景观灯"], **KIND, **STOP}
        asked = setting.keep(lamp, **kind, **by)
        setting.keep(lamp, text="几盏？", kind="number", **by)
    return asked


def both(client, method, address, data=None):
    """Request a page in Chinese, English, Chinese; returns (both Chinese pages, the English page)."""
    call = getattr(client, method)
    pages = [call(address, data, headers=headers).content.decode() for headers in (None, ENGLISH, None)]
    return (pages[0] + pages[2]), pages[1]


def test_english_is_read_where_it_was_given():
    with translation.override("en"):
        assert (
            in_reader_language("灯", "Lamp"),
            in_reader_language("灯", ""),
            in_reader_language(None, None),
        ) == ("Lamp", "灯", None)
    assert in_reader_language("灯", "Lamp") == "灯"


def test_the_report_form_asks_in_the_readers_language(world, client, named):
    name = world.categories["lamp"].name
    chinese, english = both(client, "get", "/alpha/report/")
    assert f">{name}</option>" in chinese
    assert "Street lights" not in chinese
    assert ">Street lights</option>" in english
    assert f'label="{world.categories["top"].name}"' in english  # no English: the Chinese name
    given = {"category": "0101", f"q{named.pk}": "路灯"}
    chinese, english = both(client, "post", "/alpha/report/questions/", given)
    assert "哪种灯？" in chinese
    assert "Which lamp?" not in chinese
    for word in (
        "Which lamp?",
        "Garden",
        'value="路灯"',
        "几盏？",
        'href="tel:95598">95598</a>',
        "Please call",
    ):
        assert word in english
    assert "请拨打" not in english


def test_an_english_answer_is_the_districts_own_and_both_read_it(world, client, named, as_):
    body = form_of(world, despite="on", **{f"q{named.pk}": "景观灯"})
    assert client.post("/alpha/report/", body, headers=ENGLISH).status_code == 302
    with scope(world.tenant):
        ticket = Ticket.objects.get()
        assert list(Answer.objects.values_list("asked", "text")) == [("哪种灯？", "景观灯")]
    page = f"{DESK}tickets/{ticket.number}/"
    for address in (page, f"{page}print/"):
        chinese, english = both(as_("community"), "get", address)
        assert "景观灯" in chinese
        assert "Garden" not in chinese
        assert "Which lamp?" in english
        assert "Garden" in english
        assert "Street lights" in english
    for address in (f"{DESK}tickets/", "/alpha/matters/"):
        chinese, english = both(as_("community"), "get", address)
        assert "Street lights" not in chinese
        assert "Street lights" in english
    with scope(world.tenant):
        code = ticket.reporters.get().code
    follow = f"/alpha/track/?number={ticket.number}&code={code}"
    assert "Garden" in client.get(follow, headers=ENGLISH).content.decode()
    assert (
        "Street lights"
        in client.get(f"/alpha/report/follow/?number={ticket.number}", headers=ENGLISH).content.decode()
    )


def test_a_question_worded_anew_is_told_as_it_was_asked(world, client, named):
    body = form_of(world, despite="on", **{f"q{named.pk}": "景观灯"})
    assert client.post("/alpha/report/", body).status_code == 302
    with scope(world.tenant):
        Question.objects.filter(pk=named.pk).update(text="哪一种？", text_en="What sort?")
        mine = Reporter.objects.select_related("ticket").get()
    page = client.get(
        f"/alpha/track/?number={mine.ticket.number}&code={mine.code}", headers=ENGLISH
    ).content.decode()
    assert "哪种灯？" in page
    assert "What sort?" not in page


def test_english_costs_no_statement(world, client, named):
    client.post("/alpha/report/", form_of(world, despite="on", **{f"q{named.pk}": "景观灯"}))
    statements(client, "/alpha/matters/")  # fills the caches, which serve both languages
    chinese = statements(client, "/alpha/matters/")
    client.cookies["django_language"] = "en"
    assert statements(client, "/alpha/matters/") == chinese


@pytest.mark.parametrize(
    ("english", "field"),
    [(["Street"], "options_en"), (["A", "A"], "options_en"), (["A", "B|C"], "options_en")],
    ids=["too few", "twice the same", "with the sign"],
)
def test_english_options_stand_beside_the_options(world, named, english, field):
    with scope(world.tenant):
        more = {"by": world.actor("admin", timezone.now()), "at": timezone.now(), "pk": named.pk}
        with pytest.raises(Invalid) as refused:
            setting.keep(world.categories["lamp"], options_en=english, **more)
        assert refused.value.field == field
        kept = setting.keep(world.categories["lamp"], kind="text", stop_on="", **more)
        assert (kept.options_en, kept.stop_text_en, kept.text_en) == ([], "", "Which lamp?")


def test_the_settings_pages_keep_it(world, as_, named):
    admin = as_("admin")
    page = admin.get(f"{SETTINGS}0101/").content.decode()
    assert 'value="Street lights"' in page
    given = {"name": "路灯", "name_en": "Lamps", "tier": "ordinary", "matter": "help", "active": "on"}
    assert admin.post(f"{SETTINGS}0101/", given).status_code == 302
    address = f"{SETTINGS}0101/questions/?edit={named.pk}"
    assert "Street\nGarden" in admin.get(address).content.decode()
    given = {
        "text": "哪种灯？",
        "text_en": "Which?",
        "kind": "choice",
        "options": "路灯\n景观灯",
        "active": "on",
    }
    assert admin.post(address, {**given, "options_en": "Road\nPark"}).status_code == 302
    with scope(world.tenant):
        kept = Question.objects.select_related("category").get(pk=named.pk)
        assert (kept.text_en, kept.options_en, kept.category.name_en) == ("Which?", ["Road", "Park"], "Lamps")
        with translation.override("en"):
            assert ("0101", "Lamps") in choices.every()


def test_systems_read_both(call, named):
    found = call.get("/alpha/api/v1/categories/").json()["results"]
    lamp = next(one for one in found if one["code"] == "0101")
    assert lamp["name_en"] == "Street lights"
    asked = lamp["questions"][0]
    assert (asked["options"], asked["options_en"]) == (["路灯", "景观灯"], ["Street", "Garden"])
    assert (asked["text_en"], asked["stop"]["text_en"]) == ("Which lamp?", "Please call 95598")
