"""The governance app; its sub-packages are not apps of their own."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "治理平台"

    def ready(self) -> None:
        """Register checks, event kinds, and the grants that follow each migration."""
        from governance import celery  # so that tasks sent from this process find the broker
        from governance.access import kinds as access_kinds
        from governance.access import menu
        from governance.clocks import gaps, kinds
        from governance.clocks import sheet as day_sheet
        from governance.clocks.seed import seed_calendar
        from governance.events.feed import add_missing_cursors
        from governance.tenancy import checks
        from governance.tenancy.actions import seeds
        from governance.tenancy.owner import grant_runtime
        from governance.web import form_messages  # must be imported before the first form is created

        seeds(seed_calendar)
        seeds(add_missing_cursors)
        post_migrate.connect(grant_runtime, sender=self, dispatch_uid="governance.grant_runtime")
