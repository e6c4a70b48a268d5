"""Account for every minute of a ticket's clocks: explain_clock TICKET --tenant SLUG."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.clocks import report
from governance.management.tenants import add_tenant_argument, tenant_named
from governance.tenancy.scope import scope
from tickets.ticket.history import clocks_of
from tickets.ticket.models.ticket import Ticket


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
            for story in clocks_of(ticket, timezone.now()):
                self.stdout.write("\n".join(report.lines(story)))
