"""A brake for floods of clock notices: above a limit in ten minutes they are only collected in digests."""

from datetime import datetime, timedelta

from governance.access import actors
from governance.events.kinds import BRAKED
from governance.events.log import record
from governance.events.models import NoticeBrake
from governance.tenancy.models import Tenant

WINDOW = timedelta(minutes=10)


def count_and_check(tenant: Tenant, count: int, at: datetime) -> bool:
    """Count notices that are about to be written; True while the brake is on.

    The brake goes off automatically after ten minutes below the limit. When it goes on, notices.braked is
    recorded once. Locks the district's brake row.
    """
    brake, limit = _locked(at), tenant.setting("notice_brake")
    if at >= brake.since + WINDOW:
        calm = brake.count <= limit or at >= brake.since + 2 * WINDOW
        brake.tripped_at = None if calm else brake.tripped_at
        brake.since, brake.count = at, 0
    brake.count += count
    if brake.tripped_at is None and brake.count > limit:
        brake.tripped_at = at
        record(BRAKED, tenant, by=actors.system(tenant.pk), at=at, limit=limit, minutes=WINDOW.seconds // 60)
    brake.save(update_fields=["since", "count", "tripped_at"])
    return brake.tripped_at is not None


def _locked(at: datetime) -> NoticeBrake:
    found = NoticeBrake.objects.select_for_update().first()
    if found is None:
        NoticeBrake.objects.bulk_create([NoticeBrake(since=at)], ignore_conflicts=True)
        found = NoticeBrake.objects.select_for_update().get()
    return found
