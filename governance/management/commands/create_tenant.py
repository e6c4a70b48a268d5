"""Create a district: create_tenant SLUG --name 名称 --code 371602."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from governance.errors import DomainError
from governance.tenancy.actions import create_tenant


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="地址名，如 bincheng")
        parser.add_argument("--name", required=True, help="名称，如 滨城区")
        parser.add_argument("--code", required=True, help="6 或 12 位区划代码")
        parser.add_argument("--prefix", default="", help="工单编号前缀，2-8 个大写字母")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                tenant = create_tenant(
                    slug=options["slug"], name=options["name"], code=options["code"], prefix=options["prefix"]
                )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已建立 {tenant.name} /{tenant.slug}/ ({tenant.code})，尚未对居民开放。")
        told = f"first_admin {tenant.slug} 登录名 --name 姓名"
        self.stdout.write(f"下一步：{told}，建立首位区县管理员，由其完成设置并开放。")
