"""Telephones in any spelling become one stored format, so that a search finds them."""

import pytest

from governance.errors import Invalid
from governance.text import telephones

WRITTEN = [
    "13800001234",
    "138 0000 1234",
    "138-0000-1234",
    "１３８００００１２３４",
    "+8613800001234",
    "008613800001234",
]


@pytest.mark.parametrize("text", [*WRITTEN, "＋86 138 0000 1234"])
def test_a_mobile_is_kept_in_one_way(text):
    assert telephones.valid(text) == telephones.plain(text) == telephones.mobile(text) == "13800001234"
    assert telephones.hash_of(text) == telephones.hash_of("13800001234")


def test_other_numbers_keep_their_country_and_nothing_is_no_number():
    assert telephones.valid("(0543) 318-6110") == "05433186110"
    assert telephones.valid("+1 415 555 0100") == "+14155550100"
    assert telephones.valid("  ") == telephones.hash_of("") == telephones.plain("不便透露") == ""


@pytest.mark.parametrize("text", ["123", "不便透露", "1380000123x", "1" * 16, "٠٣٨٠٠٠٠١٢٣"])
def test_what_cannot_be_called_is_refused(text):
    with pytest.raises(Invalid) as refused:
        telephones.valid(text)
    assert (refused.value.code, refused.value.field) == ("bad_phone", "phone")
    assert telephones.whole(text) == ""


def test_codes_go_to_mobiles_alone():
    with pytest.raises(Invalid, match="11 位手机号"):
        telephones.mobile("05433186110")


def test_a_number_is_shown_as_people_read_it():
    kept = ["05433201234", "01065201234", "13800001234", "12345", "+14155550100"]
    shown = ["0543-3201234", "010-65201234", "138 0000 1234", "12345", "+14155550100"]
    assert [telephones.shown(phone) for phone in kept] == shown
