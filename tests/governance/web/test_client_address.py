"""The address that limits count by: with and without proxies, and with headers that a visitor made up."""

import pytest
from django.test import RequestFactory

from governance.web.client_address import UNKNOWN, client_address
from tickets.portal import access

VISITOR, OTHER, PROXY = "198.51.100.7", "198.51.100.8", "10.0.0.2"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "address"),
    [
        (0, None, VISITOR, VISITOR),
        (0, "203.0.113.9", VISITOR, VISITOR),
        (1, VISITOR, PROXY, VISITOR),
        (1, f"203.0.113.9, {VISITOR}", PROXY, VISITOR),
        (2, f"203.0.113.9, {VISITOR}, 10.0.0.1", PROXY, VISITOR),
        (2, VISITOR, PROXY, PROXY),
        (1, None, PROXY, PROXY),
        (1, "unknown", PROXY, PROXY),
        (1, f"{VISITOR}:50000", PROXY, VISITOR),
        (1, "2001:db8:1:2:3:4:5:6", PROXY, "2001:db8:1:2::"),
        (1, "[2001:db8:1:2::9]:443", PROXY, "2001:db8:1:2::"),
        (1, "fe80::1%eth0", PROXY, "fe80::"),
        (0, None, f"::ffff:{VISITOR}", VISITOR),
        (0, None, "", UNKNOWN),
    ],
)
def test_the_address_of_a_visitor(settings, proxies, forwarded, peer, address):
    settings.PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded is not None else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)
    assert client_address(request) == address


@pytest.mark.django_db
def test_one_visitor_does_not_use_up_the_tries_of_another(world, client, settings, monkeypatch):
    """Both come through one proxy; the first puts a new address in front of its own each time."""
    settings.PROXY_COUNT = 1
    monkeypatch.setattr(access, "GUESSES_IN_ALL", 3)

    def guess(address, made_up=""):
        forwarded = f"{made_up}, {address}" if made_up else address
        given = {"number": "ALPH-20261101-0001", "code": "22222222"}
        headers = {"x-forwarded-for": forwarded}
        answer = client.get("/alpha/track/", given, headers=headers, REMOTE_ADDR=PROXY)
        return answer.status_code

    assert [guess(VISITOR, f"203.0.113.{n}") for n in range(5)] == [404, 404, 404, 429, 429]
    assert guess(OTHER) == 404
