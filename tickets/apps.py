"""The tickets app."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = "工单"

    def ready(self) -> None:
        """Register events, subscribers, sheets, setup checks and deadline handlers."""
        from governance.tenancy.actions import seeds
        from tickets import gaps, menu, territory
        from tickets.catalog import category_sheet, level_sheet, service_levels
        from tickets.duties import subscribers as duty_subscribers
        from tickets.orders import subscribers, timers
        from tickets.questions import sheet as question_sheet
        from tickets.replies import sheet as reply_sheet
        from tickets.ticket import notice_lines
        from tickets.whistles import notice_lines as whistle_notice_lines
        from tickets.whistles import subscribers as whistle_subscribers
        from tickets.whistles import timers as whistle_timers

        seeds(service_levels.seed)
