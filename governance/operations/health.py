"""Health checks for probes, and metrics for Prometheus."""

import shutil
from datetime import datetime
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


def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Status 200 if the database answers. A missing cache is reported, but reports can still be taken."""
    state = readiness()
    return JsonResponse(state, status=200 if state["database"] else 503)


def readiness() -> dict[str, Any]:
    """The working parts: {"database": bool, "cache": bool}."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        database = True
    except DatabaseError:
        database = False
    cache.set("ready", 1, 5)
    return {"database": database, "cache": cache.get("ready") == 1}


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
