"""Account for every minute of a ticket's promises: explain_clock TICKET --tenant SLUG."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.clocks import queries
from governance.management.tenants import add_tenant_argument, tenant_named
from governance.tenancy.scope import scope
from tickets.models import Ticket


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ticket", help="工单编号")
        add_tenant_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with scope(tenant_named(options["tenant"])):
            ticket = Ticket.objects.filter(number=options["ticket"]).first()
            if ticket is None:
                raise CommandError(f"没有工单 no ticket “{options['ticket']}”")
            for story in queries.explain(ticket, at=timezone.now()):
                self._tell(story)

    def _tell(self, story: queries.Story) -> None:
        self.stdout.write(f"{story.purpose_label}: {story.budget_words}, {story.phrase}")
        for part in story.segments:
            self.stdout.write(
                f"  {part.state} {part.start:%m-%d %H:%M} - {part.end or '…'} {part.reason} +{part.used}"
            )
        for step in story.steps:
            fired = f"已触发 {step.fired_at:%m-%d %H:%M}" if step.fired_at else "未到"
            self.stdout.write(f"  · {step.step} {step.due_at:%m-%d %H:%M} {fired}")
