"""One compiled tree answers everything that is asked of the categories."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.tenancy import config
from tickets.catalog import choices, marks, service_levels
from tickets.catalog.tree import tree
from tickets.duties import queries as duty_queries
from tickets.models import Category
from tickets.orders.actions import judging

pytestmark = pytest.mark.django_db


def test_everything_about_categories_takes_one_statement(walk):
    leak = Category.objects.get(code="0102")
    service_levels.policy_of(walk.tenant, "resolve", "", None)
    config.changed(walk.tenant)
    with CaptureQueriesContext(connection) as sent:
        choices.leaves()
        choices.every()
        marks.is_dispute(leak.pk)
        marks.unlisted()
        judging.needs_eyes(leak.pk)
        duty_queries.duty_unit_of(leak.pk)
        assert [node.code for node in tree().upwards(leak.pk)] == ["0102", "01"]
    assert len([one for one in sent.captured_queries if "tickets_category" in one["sql"]]) == 1


def test_a_mark_holds_for_the_categories_below(walk):
    Category.objects.filter(code="01").update(dispute=True, unlisted=True)
    config.changed(walk.tenant)
    below = [node for node in tree().nodes.values() if node.code.startswith("01")]
    assert len(below) > 2
    assert all(node.dispute and node.unlisted for node in below)
    assert not any(node.dispute for node in tree().nodes.values() if not node.code.startswith("01"))


def test_a_category_out_of_use_is_no_choice_but_keeps_its_place(walk):
    Category.objects.filter(code="0102").update(active=False)
    config.changed(walk.tenant)
    assert "0102" not in dict(choices.every())
    assert [node.code for node in tree().upwards(tree().by_code["0102"].id)] == ["0102", "01"]


def test_nothing_is_above_no_category(walk):
    assert tree().upwards(None) == []
    assert not marks.is_dispute(None)
    assert judging.needs_eyes(None)
