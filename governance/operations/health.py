"""Health checks for probes, and metrics for Prometheus."""

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from governance.clocks.timer import oldest_due_age
from governance.tenancy.tasks import heartbeat_at
from governance.web.client_address import client_address

PROBE, LEAST_FREE = 64 * 1024, 64 * 1024 * 1024  # bytes written to find out; bytes that must stay free


def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Status 200 if the database answers and files can be written.

    A missing cache is reported, but reports can still be taken.
    """
    state = readiness()
    return JsonResponse(state, status=200 if state["database"] and state["storage"] else 503)


def readiness() -> dict[str, Any]:
    """The working parts: {"database": bool, "cache": bool, "storage": bool}."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        database = True
    except DatabaseError:
        database = False
    cache.set("ready", 1, 5)
    return {"database": database, "cache": cache.get("ready") == 1, "storage": can_write_files()}


def can_write_files() -> bool:
    """Write a small file where photos are kept, and delete it: False on a full or read-only disk."""
    folder = Path(settings.MEDIA_ROOT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * PROBE)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError:
        return False
    return shutil.disk_usage(folder).free > LEAST_FREE


def own_address(request: HttpRequest) -> JsonResponse:
    """The visitor's own address as limits count it, and the number of proxies that forwarded this request."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    entries = [entry for entry in forwarded.split(",") if entry.strip()]
    return JsonResponse({"address": client_address(request), "forwarded": len(entries)})


def beat_age(at: datetime) -> float | None:
    """Seconds since the last heartbeat, which needs beat and a worker; None if there was none."""
    seen = heartbeat_at()
    return (at - seen).total_seconds() if seen else None


def metrics(request: HttpRequest) -> HttpResponse:
    """Gauges for Prometheus; alert on the age of the oldest due deadline."""
    at, registry = timezone.now(), CollectorRegistry()
    Gauge(
        "governance_oldest_due_deadline_seconds",
        "Age of the oldest deadline not yet fired",
        registry=registry,
    ).set(oldest_due_age(at))
    age = beat_age(at)
    Gauge("governance_beat_age_seconds", "Seconds since the last heartbeat", registry=registry).set(
        -1 if age is None else age
    )
    free = shutil.disk_usage(settings.MEDIA_ROOT if settings.MEDIA_ROOT.exists() else settings.BASE_DIR).free
    Gauge("governance_media_free_bytes", "Free space where files are kept", registry=registry).set(free)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
