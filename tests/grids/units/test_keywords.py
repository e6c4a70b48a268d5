"""A mistyped keyword of an action that changes some fields fails."""

import pytest
from django.utils import timezone

from grids.areas import actions as areas
from grids.units import actions as units
from tickets.catalog import actions as catalog
from tickets.questions import actions as questions


@pytest.mark.django_db
def test_a_mistyped_keyword_fails(walk):
    given = {"by": walk.actor("admin"), "at": timezone.now()}
    lamp = walk.categories["lamp"]
    with pytest.raises(TypeError):
        units.change_unit(walk.units["water"], nmae="水务", **given)
    with pytest.raises(TypeError):
        areas.change_area(walk.areas["lane"], nmae="里巷", **given)
    with pytest.raises(TypeError):
        catalog.change_category(lamp, name=lamp.name, teir="urgent", **given)
    with pytest.raises(TypeError):
        questions.keep(lamp, txt="多久了", **given)
