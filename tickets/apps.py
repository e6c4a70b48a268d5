"""The tickets app."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = "工单"

    def ready(self) -> None:
        """Register events, subscribers, sheets, setup checks and deadline handlers."""
        from governance.tenancy.actions import seeds
        from tickets import (  # noqa: F401 - registration needs loaded models
            category_sheet,
            duty_subscribers,
            gaps,
            level_sheet,
            levels,
            menu,
            places,
            question_sheet,
            reply_sheet,
            subscribers,
            telling,
            timers,
            whistle_subscribers,
            whistle_telling,
            whistle_timers,
        )

        seeds(levels.seed)
