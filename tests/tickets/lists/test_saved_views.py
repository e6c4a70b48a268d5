"""Saved views of the list, own or shared with the unit, and the choice of columns."""

import pytest

from governance.errors import Invalid
from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import DESK, reported, statements
from tickets.lists import columns, filters
from tickets.lists.actions import saved
from tickets.models import SavedView

LIST = DESK + "tickets/"
KEEP = LIST + "views/"


def kept(world, name="county"):
    with scope(world.tenant):
        return list(SavedView.objects.filter(member=world.members[name]).order_by("pk"))


def test_a_view_keeps_the_filters_and_opens_them_again(world, as_):
    client = as_("county")
    answer = client.post(KEEP, {"name": "水务超期", "query": "overdue=1&tier=urgent&cursor=x&foo=1"})
    (view,) = kept(world)
    assert (view.query, view.unit_id) == ("overdue=1&tier=urgent", None)
    assert answer["Location"] == f"{LIST}?overdue=1&tier=urgent&view={view.pk}"
    page = folded(client.get(answer["Location"]))
    assert f'view={view.pk}" aria-current="page">水务超期' in page


def test_views_of_others_are_seen_only_where_they_are_shared(world, as_):
    client = as_("head")
    client.post(KEEP, {"name": "我的", "query": "mine=1"})
    client.post(KEEP, {"name": "科室共用", "query": "near=1", "shared": "on"})
    page = folded(as_("member").get(LIST))
    assert ("科室共用" in page, "我的</a>" in page) == (True, False)
    assert "科室共用" not in folded(as_("parks_head").get(LIST))
    shared = next(view for view in kept(world, "head") if view.unit_id)
    assert as_("member").post(f"{KEEP}{shared.pk}/drop/").status_code == 404
    assert as_("member").post(f"{KEEP}{shared.pk}/rename/", {"name": "别的"}).status_code == 404


def test_a_view_is_renamed_and_dropped(world, as_):
    client = as_("county")
    client.post(KEEP, {"name": "甲", "query": "overdue=1"})
    (view,) = kept(world)
    client.post(f"{KEEP}{view.pk}/rename/", {"name": "乙", "query": "overdue=1"})
    assert [one.name for one in kept(world)] == ["乙"]
    answer = client.post(f"{KEEP}{view.pk}/drop/", {"query": "overdue=1"})
    assert answer["Location"] == f"{LIST}?overdue=1"
    assert kept(world) == []


@pytest.mark.parametrize(
    ("name", "query", "status", "words"),
    [
        ("甲", "overdue=1", 409, "已有名为“甲”的视图"),
        ("", "overdue=1", 400, "请填写"),
        ("电话", "q=13800001234", 400, "电话号码不能存进常用视图"),
        ("错", "state=nonsense", 400, "nonsense"),
    ],
)
def test_what_does_not_hold_is_told_on_the_list(world, as_, name, query, status, words):
    client = as_("county")
    client.post(KEEP, {"name": "甲", "query": ""})
    answer = client.post(KEEP, {"name": name, "query": query})
    assert answer.status_code == status
    assert words in folded(answer)
    assert len(kept(world)) == 1


def test_there_are_only_so_many_views(world, monkeypatch):
    monkeypatch.setattr(saved, "MOST_VIEWS", 1)
    with scope(world.tenant):
        by = world.actor("county")
        saved.keep(name="甲", query={}, shown="", shared=False, by=by)
        with pytest.raises(Invalid) as refusal:
            saved.keep(name="乙", query={}, shown="", shared=False, by=by)
        assert refusal.value.code == "too_many"


def test_columns_are_chosen_for_every_list_and_for_one_view(world, as_):
    reported(world)
    client = as_("community")
    assert 'columnheader">来源' not in folded(client.get(LIST))
    client.post(LIST + "columns/", {"column": ["channel", "state", "nonsense"]})
    page = folded(client.get(LIST))
    assert ('columnheader">来源' in page, 'columnheader">地点' in page) == (True, False)
    client.post(KEEP, {"name": "甲", "query": "state=reported"})
    (view,) = [one for one in kept(world, "community") if one.name]
    client.post(LIST + "columns/", {"column": ["due"], "view": view.pk, "query": "state=reported"})
    assert 'columnheader">来源' not in folded(client.get(f"{LIST}?view={view.pk}"))
    assert 'columnheader">来源' in folded(client.get(LIST))
    client.post(LIST + "columns/", {"usual": "1"})
    assert 'columnheader">地点' in folded(client.get(LIST))


def test_every_column_can_be_shown(world, as_):
    reported(world)
    client = as_("community")
    client.post(LIST + "columns/", {"column": list(columns.EVERY)})
    page = folded(client.get(LIST))
    assert page.count('role="columnheader"') == len(columns.EVERY) + 3
    assert page.count('role="cell"') == len(columns.EVERY) + 3


def test_every_filter_of_an_address_is_kept(world):
    class Asked(dict):
        def get(self, name, default=None):
            names.add(name)
            return default

    names = set()
    with scope(world.tenant):
        filters.filters_of(Asked())
    assert names == set(filters.PARAMETERS)


def test_the_usual_columns_are_kept_as_nothing():
    assert columns.read(reversed(columns.USUAL)) == ""
    assert columns.read(["due", "place", "x"]) == "place,due"
    assert [column.code for column in columns.chosen("")] == list(columns.USUAL)


@pytest.mark.parametrize("query", ["", "?q=%E6%A5%BC%E9%81%93%E7%81%AF"])
def test_the_list_sends_five_statements_at_most_with_many_views(world, as_, query):
    client = as_("community")
    reported(world)
    for name in "甲乙丙":
        client.post(KEEP, {"name": name, "query": "overdue=1"})
    client.get(LIST + query)
    assert statements(client, LIST + query) <= 5


def test_what_is_shared_keeps_no_words_and_nothing_keeps_a_number(walk):
    actor = walk.actor("county")
    given = {"shown": "", "by": actor}
    for words in ("张三 13800001234", "138 0000 1234", "370101199001011234"):
        with pytest.raises(Invalid):
            saved.keep(name="x", query={"q": words}, shared=False, **given)
    assert (
        "q="
        not in saved.keep(name="共用", query={"q": "张三", "state": "reported"}, shared=True, **given).query
    )
    assert "q=" in saved.keep(name="自用", query={"q": "漏水"}, shared=False, **given).query
