"""The governance app; its sub-packages are not apps of their own."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "治理平台"

    def ready(self) -> None:
        """Register checks, event kinds, and the grants that follow each migration."""
        import governance.accounts.kinds
        import governance.accounts.notice_lines
        import governance.accounts.subscribers
        import governance.celery  # so that tasks sent from this process find the broker
        import governance.clocks.gaps
        import governance.clocks.kinds
        import governance.clocks.sheet
        import governance.district.kinds
        import governance.events.kinds
        import governance.sheets.kinds
        import governance.web.openapi
        from governance import menu
        from governance.clocks.compiled_calendars import next_open
        from governance.clocks.seed import seed_calendar
        from governance.events.feed import add_missing_cursors
        from governance.events.notices import provide_office_hours
        from governance.events.text_brake import record_once
        from governance.messages.outbox import provide_alarm
        from governance.tenancy import checks
        from governance.tenancy.actions import seeds
        from governance.tenancy.owner import grant_runtime
        from governance.web import form_messages  # must be imported before the first form is created

        provide_office_hours(next_open)
        provide_alarm(record_once)
        seeds(seed_calendar)
        seeds(add_missing_cursors)
        post_migrate.connect(grant_runtime, sender=self, dispatch_uid="governance.grant_runtime")
