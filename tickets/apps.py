"""The tickets app."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = "工单"

    def ready(self) -> None:
        """Register events, subscribers, sheets, setup checks and deadline handlers."""
        import tickets.catalog.category_sheet
        import tickets.catalog.level_sheet
        import tickets.catalog.pack
        import tickets.duties.kinds
        import tickets.duties.subscribers
        import tickets.duties.timers
        import tickets.handover.kinds
        import tickets.intake.kinds
        import tickets.intake.subscribers
        import tickets.lists.kinds
        import tickets.mediation.kinds
        import tickets.orders.kinds
        import tickets.orders.subscribers
        import tickets.orders.time_notices
        import tickets.orders.timers
        import tickets.privacy.kinds
        import tickets.privacy.subscribers
        import tickets.privacy.timers
        import tickets.questions.sheet
        import tickets.replies.pack
        import tickets.replies.sheet
        import tickets.ticket.kinds
        import tickets.ticket.notice_lines
        import tickets.today.kinds
        import tickets.today.notice_lines
        import tickets.whistles.kinds
        import tickets.whistles.notice_lines
        import tickets.whistles.subscribers
        import tickets.whistles.timers
        from governance.tenancy.actions import seeds
        from tickets import gaps, menu, territory
        from tickets.catalog.actions import seed

        seeds(seed)
