"""Answers to probes."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from governance.operations import health

pytestmark = pytest.mark.django_db


def test_a_full_disk_is_not_ready(client, monkeypatch):
    assert client.get("/readyz").json()["storage"] is True
    full = SimpleNamespace(total=1 << 40, used=1 << 40, free=health.LEAST_FREE - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: full)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["storage"]) == (503, False)
    assert client.get("/healthz").status_code == 200


def test_a_folder_that_cannot_be_written_is_not_ready(client, settings):
    settings.MEDIA_ROOT = Path("/proc/nothing")
    assert client.get("/readyz").status_code == 503


def test_the_metrics_answer(client):
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "governance_media_free_bytes" in answer.content.decode()


def test_a_visitor_sees_the_own_address(client, settings):
    settings.PROXY_COUNT = 1
    given = {"x-forwarded-for": "203.0.113.9, 198.51.100.7"}
    assert client.get("/client-address", headers=given).json() == {"address": "198.51.100.7", "forwarded": 2}
