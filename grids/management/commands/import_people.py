"""Import people with their posts: one row per post; columns 登录名, 姓名, 手机, 单位, 角色, 辖区."""

import csv
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from governance.management.importing import ImportCommand
from governance.sheets.tables import Report, Row
from grids.people import actions as people_actions
from grids.people import imports as people_imports
from grids.tree import local_day


class Command(ImportCommand):
    help = __doc__
    wanted = people_imports.WANTED

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--passwords", metavar="FILE", help="为没有密码的人员生成初始密码，写入此 CSV")

    def bring_in(self, rows: list[Row], **options: Any) -> Report:
        report = people_imports.import_people(
            rows, since=local_day(timezone.now()), dry_run=options["dry_run"]
        )
        if options["passwords"] and not options["dry_run"]:
            self._hand_out(options["passwords"])
        return report

    def _hand_out(self, path: str) -> None:
        """Write first passwords into a file that only its owner can read; each must be changed at the first
        log-in."""
        given = people_actions.give_first_passwords()
        try:
            private = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except OSError as error:  # the import is rolled back then
            raise CommandError(f"{path}: {error.strerror}") from error
        with open(private, "w", encoding="utf-8-sig") as file:
            csv.writer(file).writerows([("登录名", "姓名", "初始密码"), *given])
        self.stdout.write(f"{len(given)} 个初始密码已写入 {path}，首次登录须修改")
