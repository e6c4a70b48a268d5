"""Explain why a user may or may not see and move a ticket: explain_access USER TICKET --tenant SLUG."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.access import actors
from governance.access.models import User
from governance.access.permissions import ROLE_NAMES
from governance.errors import DomainError
from governance.management.tenants import add_tenant_argument, tenant_named
from governance.tenancy.scope import scope
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.rights import require_right
from tickets.workflow import moves_from


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="登录名")
        parser.add_argument("ticket", help="工单编号")
        add_tenant_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"没有用户 no user “{options['user']}”")
        tenant = tenant_named(options["tenant"])
        with scope(tenant):
            ticket = Ticket.objects.filter(number=options["ticket"]).first()
            if ticket is None:
                raise CommandError(f"没有工单 no ticket “{options['ticket']}”")
            self._explain(actors.of_user(user.pk, tenant.pk, timezone.now()), ticket)

    def _explain(self, actor: actors.Actor, ticket: Ticket) -> None:
        self.stdout.write(f"{ticket.number} {ticket.get_state_display()} {ticket.area_path}")
        if actor.member_id is None:
            self.stdout.write("不是本区县人员 not a member of this district")
        for grant in actor.grants:
            places = " ".join(grant.area_paths)
            self.stdout.write(
                f"  岗位 post: {ROLE_NAMES[grant.role]} 单位 unit {grant.unit_id} 辖区 {places}"
            )
        seen = Ticket.objects.visible_to(actor).filter(pk=ticket.pk).exists()
        self.stdout.write(f"可见 visible: {'是 yes' if seen else '否 no (404)'}")
        for move in moves_from(ticket.state):
            try:
                require_right(move, ticket, actor)
                self.stdout.write(f"  ✓ {move.verb} {move.label}")
            except DomainError as error:
                self.stdout.write(f"  ✗ {move.verb} {move.label}: {error}")
