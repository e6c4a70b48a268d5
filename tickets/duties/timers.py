"""Deadline handlers of work admissions and consents."""

from datetime import datetime

from governance.access import actors
from governance.clocks.models import Deadline, Step
from governance.clocks.timer import handles
from tickets.duties.actions import admissions, consents
from tickets.duties.models import HeadConsent, WorkAdmission


@handles("tickets.workadmission")
def strike_admission(deadline: Deadline, admission: WorkAdmission, *, at: datetime) -> None:
    """Expire an admission on the day after its last day."""
    if deadline.purpose == admissions.EXPIRY:
        admissions.expire(admission, by=actors.system(deadline.tenant_id), at=at)


@handles("tickets.headconsent")
def strike_consent(deadline: Deadline, consent: HeadConsent, *, at: datetime) -> None:
    """Lapse a consent that was not answered in time: the street has not consented."""
    if deadline.step == Step.DUE:
        consents.lapse(consent, by=actors.system(deadline.tenant_id), at=at)
