"""The JSON renderer writes the same as the framework's own, only faster."""

import json
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import gettext_lazy
from rest_framework.renderers import JSONRenderer as Framework

from governance.web.renderers import JSONRenderer
from tickets.states import State


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        datetime(2026, 11, 21, 9, 30, 0, 123456, tzinfo=UTC),
        datetime(2026, 11, 21, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
        date(2026, 11, 21),
        Decimal("37.380000"),
        uuid.UUID(int=7),
        gettext_lazy("待分单"),
        State.REPORTED,
        '水管 "漏水"\n</script>',
        1.5,
        None,
        {1: [True, {"a": ()}]},
    ],
)
def test_every_value_is_written_as_the_framework_writes_it(value):
    assert JSONRenderer().render({"v": value}) == Framework().render({"v": value})


def test_no_content_is_no_body():
    assert JSONRenderer().render(None) == b""


def test_what_cannot_be_written_is_refused():
    with pytest.raises(TypeError):
        JSONRenderer().render({"v": object()})
    assert json.loads(JSONRenderer().render({"v": {"nested": [1]}})) == {"v": {"nested": [1]}}
