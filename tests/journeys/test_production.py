"""The journeys once with the settings of docker-compose.yml, behind a proxy with TLS."""

import pytest
import requests

from tests.journeys import test_browser, test_five_orders
from tests.production import Production, settings_of_compose

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """The platform as docker-compose.yml starts it, with the small world."""
    made = Production("production", tmp_path_factory.mktemp("production"))
    try:
        yield made.up()
    finally:
        made.down()


def test_the_settings_are_those_of_docker_compose():
    assert settings_of_compose()["PROXY_COUNT"] == "1"


def test_the_five_orders_over_https(stack):
    test_five_orders.test_every_state_clock_event_and_notice_of_the_main_walk(stack)


@pytest.mark.browser
def test_the_five_orders_in_a_browser_over_https(stack):
    test_browser.test_from_report_to_stars_in_a_browser(stack)


def test_the_platform_sees_the_visitor_and_not_the_proxy_or_a_made_up_address(stack):
    given = {"X-Forwarded-For": "203.0.113.9", "X_Forwarded_For": "203.0.113.9"}
    seen = requests.get(f"{stack.url}/client-address", headers=given, verify=stack.verify, timeout=20).json()
    assert seen == {"address": "127.0.0.1", "forwarded": 1}


def test_plain_http_is_sent_to_https_and_cookies_are_secure(stack):
    plain = requests.get(f"http://127.0.0.1:{stack.port}/login/", allow_redirects=False, timeout=20)
    assert (plain.status_code, plain.headers["Location"]) == (301, f"https://127.0.0.1:{stack.port}/login/")
    answer = requests.get(f"{stack.url}/login/", verify=stack.verify, timeout=20)
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_one_visitor_is_limited_by_the_own_address(stack):
    """Sixty wrong codes from one address end its tries; with a header of another address they go on counting."""
    ask = {"number": "ALPH-20261101-0001", "code": "22222222"}
    seen = []
    for n in range(62):
        headers = {"X-Forwarded-For": f"203.0.113.{n}"}
        url = f"{stack.url}/alpha/track/"
        answer = requests.get(
            url, {**ask, "number": f"A-{n}"}, headers=headers, verify=stack.verify, timeout=20
        )
        seen.append(answer.status_code)
    assert seen == [404] * 60 + [429] * 2
