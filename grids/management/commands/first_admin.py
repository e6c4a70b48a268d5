"""Make the first administrator of a new district: first_admin bincheng li.na --name 李娜."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from governance.access import actors
from governance.access.models import User
from governance.access.permissions import Role
from governance.errors import DomainError
from governance.management.tenants import tenant_named
from governance.tenancy import config
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from grids.areas import records
from grids.models import Area, Level, Post, Unit, UnitKind
from grids.people import actions
from grids.tree import local_day
from grids.units import made


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tenant", help="区县地址名，如 bincheng")
        parser.add_argument("username", help="登录名，如 li.na")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--phone", default="", help="手机")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = tenant_named(options["tenant"])
        try:
            with transaction.atomic(), scope(tenant):
                password = self._make(tenant, options)
        except DomainError as error:
            raise CommandError(str(error)) from error
        told = f"的初始密码 {password}，首次登录须修改。" if password else "沿用原有密码。"
        self.stdout.write(f"区县管理员 {options['username']} {told}")
        self.stdout.write(f"请打开 /{tenant.slug}/desk/settings/gaps/，按“开通检查”完成各项设置。")

    def _make(self, tenant: Tenant, options: dict[str, Any]) -> str:
        """Make the district's area and its centre if they are missing, then the person with the post; its password."""
        if Post.objects.filter(role=Role.TENANT_ADMIN).exists():
            raise CommandError("该区县已有管理员，请由管理员在“人员”页添加")
        at, by = timezone.now(), actors.system(tenant.pk)
        if not Area.objects.exists():
            records.add_area(level=Level.DISTRICT, code=tenant.code, name=tenant.name)
            config.changed(tenant)
        made.make_units()
        centre = Unit.objects.get(kind=UnitKind.COUNTY_CENTER)
        given = {name: options[name] for name in ("username", "name", "phone")}
        known = User.objects.filter(username=options["username"]).exists()
        if known:  # works in another district, too, and keeps the password
            member, password = actions.enrol(**given, by=by, at=at), ""
        else:
            joined = actions.add_person(**given, by=by, at=at)
            member, password = joined.member, joined.password
        actions.post_person(member, centre, Role.TENANT_ADMIN, since=local_day(at), by=by, at=at)
        return password
