"""A reported matter for tests of the portal."""

import pytest
from django.utils import timezone

from governance.tenancy.scope import scope
from tickets.intake import actions as intake
from tickets.orders import actions


@pytest.fixture
def matter(world):
    """({number and code of the receipt}, a minor ticket that its community handles)."""
    with scope(world.tenant):
        draft = intake.Draft(
            text="路灯不亮", area=world.areas["lane_building"].code, name="钱居民", phone="13800001234"
        )
        receipt = intake.report(draft, by=world.actor("clerk"), at=timezone.now())
        lead = world.actor("community")
        actions.VERBS["triage_minor"](receipt.ticket, by=lead, at=timezone.now(), reason="换灯泡")
        return {"number": receipt.ticket.number, "code": receipt.reporter.code}, receipt.ticket
