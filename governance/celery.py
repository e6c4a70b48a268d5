"""The Celery app and its schedule."""

import logging.config
import os
from typing import Any

from celery import Celery, signals
from celery.schedules import crontab
from django.conf import settings
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")

app = Celery("governance", task_cls="governance.tenancy.tasks:PlatformTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "governance.clocks",
        "governance.events",
        "governance.messages",
        "governance.tenancy",
        "grids",
        "tickets",
        "tickets.lists",
        "tickets.privacy",
        "tickets.today",
    ]
)

# Deadlines must not wait behind deliveries: workers read the queue `clocks` first.
app.conf.task_queues = [Queue("clocks"), Queue("celery")]
app.conf.task_default_queue = "celery"
app.conf.task_routes = {"clocks.*": {"queue": "clocks"}, "tenancy.*": {"queue": "clocks"}}

app.conf.beat_schedule = {
    "fire due deadlines": {"task": "clocks.fire_due", "schedule": 5.0, "options": {"expires": 30}},
    "deliver what was missed": {"task": "events.sweep", "schedule": 15.0, "options": {"expires": 60}},
    "send texts": {"task": "messages.send_waiting", "schedule": 15.0, "options": {"expires": 60}},
    # UTC, like the days it seals; after half an hour no transaction of that day is still open
    "seal the log": {"task": "events.seal_yesterday", "schedule": crontab(hour=0, minute=30)},
    "contacts past their time": {"task": "tickets.anonymise", "schedule": crontab(hour=18, minute=0)},
    "the morning brief": {"task": "tickets.brief", "schedule": 300.0, "options": {"expires": 240}},
    "exported lists": {"task": "tickets.exports", "schedule": 300.0, "options": {"expires": 240}},
    "photos of refused forms": {
        "task": "tickets.photo_drafts",
        "schedule": 600.0,
        "options": {"expires": 540},
    },
    "places cut anew": {"task": "tickets.settle_places", "schedule": crontab(minute=20)},
    "beat is alive": {"task": "tenancy.heartbeat", "schedule": 10.0, "options": {"expires": 30}},
}


@signals.setup_logging.connect
def use_the_platforms_logging(**_kwargs: Any) -> None:
    """Give worker and beat the formatters of the settings, which mask personal data, instead of Celery's own."""
    logging.config.dictConfig(settings.LOGGING)
