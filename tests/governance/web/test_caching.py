"""No page with personal data is kept by a browser: the default, not each view's care."""

import pytest
from django.urls import reverse

from tests.governance.tenancy.test_routes import (  # noqa: F401 - a fixture
    OPENED_BY,
    ROUTES,
    address,
    is_setting,
    log_in,
    samples,
    token_for,
)

#: Routes whose answer may be kept by the reader's own browser for a while, each with its reason.
KEPT = {
    "schema": "describes the API",
    "portal:spots": "names of grids and buildings",
    "portal:map-data": "public figures",
    "portal:map-areas": "outlines",
    "desk:map-areas": "outlines",
    "desk:map-data": "points without words, for a minute",
    "desk:columns": "names of columns",
    "portal:initials": "pinyin initials of communities and categories",
    "desk:initials": "pinyin initials of units, for the search in lists",
    "desk:place": "the small map of a ticket: outlines and its point",
    "desk:photo": "a photo that the reader has opened",
    "portal:file": "the same",
    "desk:whistle-photo": "the same",
}


@pytest.mark.django_db
def test_every_page_forbids_caching_unless_it_is_listed(world, client, samples):  # noqa: F811
    headers = {"Authorization": f"Bearer {token_for(world, 'county', world.tenant)}"}
    kept = set()
    for route in ROUTES:
        log_in(client, world, OPENED_BY.get(route.name, "admin" if is_setting(route) else "county"))
        answer = client.get(address(route, samples), headers=headers if route.is_api else {})
        said = answer.headers.get("Cache-Control", "")
        assert said, route.name
        if "no-store" not in said:
            assert "private" in said, route.name
            kept.add(route.name)
    assert kept <= set(KEPT), kept - set(KEPT)


@pytest.mark.django_db
def test_log_in_and_errors_are_not_kept(world, client):
    for path in (reverse("login"), "/", "/alpha/nothing/", "/password/", "/admin/"):
        assert "no-store" in client.get(path)["Cache-Control"], path
