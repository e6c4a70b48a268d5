"""The code that opens a ticket: how it looks, what may be typed, and how often one may guess."""

import pytest

from governance.access.secrets import CLEAR
from tests.tickets.matters import reported
from tickets.portal import access

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(world):
    return reported(world)


def test_a_code_has_eight_characters_that_cannot_be_mistaken(receipt):
    code = receipt.reporter.code
    assert len(code) == 8
    assert set(code) <= set(CLEAR)
    assert set("0O1IL") & set(CLEAR) == set()


def track(client, number, code, address="198.51.100.7"):
    return client.get("/alpha/track/", {"number": number, "code": code}, REMOTE_ADDR=address).status_code


def test_a_code_may_be_typed_in_any_way(client, receipt):
    number, code = receipt.ticket.number, receipt.reporter.code
    wide = "".join(chr(ord(one) + 0xFEE0) for one in code)
    for typed in (code, code.lower(), f"{code[:4]}-{code[4:]}", f" {code[:4]} {code[4:]} ", wide):
        assert track(client, number, typed) == 200


def test_a_number_may_be_typed_in_any_way(client, receipt):
    number, code = receipt.ticket.number, receipt.reporter.code
    wide = "".join(chr(ord(one) + 0xFEE0) for one in number)
    for typed in (number.lower(), number.replace("-", ""), number.replace("-", " "), wide):
        assert track(client, typed, code) == 200


@pytest.mark.parametrize("typed", ["123456", "O0O0O0O0", "ABCDEFG", "ABCDEFGHJ", "查询码查询码查询"])
def test_a_text_that_can_be_no_code_is_not_counted_as_a_guess(client, receipt, typed):
    for _ in range(access.GUESSES + 1):
        assert track(client, receipt.ticket.number, typed) == 400
    assert track(client, receipt.ticket.number, receipt.reporter.code) == 200


def test_wrong_codes_are_counted_for_each_number_over_all_addresses(client, receipt, monkeypatch):
    """Each address has fewer tries then; the person who reported still opens the ticket."""
    monkeypatch.setattr(access, "NUMBER_UNDER_ATTACK", 6)
    number, code = receipt.ticket.number, receipt.reporter.code
    wrong = "22222222" if code != "22222222" else "33333333"
    for n in range(6):
        assert track(client, number, wrong, f"203.0.113.{n}") == 404
    assert [track(client, number, wrong, "203.0.113.9") for _ in range(3)] == [404, 404, 429]
    assert track(client, number, code) == 200
