"""Import people with their posts: the sheet of the page 人员, one row per post; one faulty row and nothing is stored."""

import csv
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from governance.errors import DomainError
from governance.management.importing import ImportCommand
from governance.management.tenants import tenant_named
from governance.sheets import tables
from governance.tenancy.scope import scope
from grids.people import actions as people_actions
from grids.people import imports as people_imports
from grids.people.sheet import SHEET


class Command(ImportCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--passwords", metavar="FILE", type=Path, help="为没有密码的人员生成初始密码，写入此 CSV"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        tenant, path = tenant_named(options["tenant"]), options["passwords"]
        if path and path.exists():
            raise CommandError(f"{path}: 文件已存在，请换一个文件名 file exists")
        try:
            table = tables.open_table(options["file"], SHEET.wanted())
            for sentence in table.words():
                self.stdout.write(sentence)
            with _removed_on_failure(path), scope(tenant):
                preview = people_imports.import_people(
                    table.rows(), at=timezone.now(), dry_run=options["dry_run"]
                )
                if path and not preview.faults and not options["dry_run"]:
                    self._hand_out(path)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.tell(preview.faults, preview.words(), table, options)
        if preview.faults:
            raise CommandError("有误的行改正后再导入整份文件；本次未保存任何一行")

    def _hand_out(self, path: Path) -> None:
        """Write first passwords into a file that only its owner can read; each must be changed at the first
        log-in."""
        given = people_actions.give_first_passwords()
        if not given:
            return
        try:
            private = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except OSError as error:  # the import is rolled back then
            raise CommandError(f"{path}: {error.strerror}") from error
        with open(private, "w", encoding="utf-8-sig") as file:
            csv.writer(file).writerows([("登录名", "姓名", "初始密码"), *given])
        self.stdout.write(f"{len(given)} 个初始密码已写入 {path}，首次登录须修改")


@contextmanager
def _removed_on_failure(path: Path | None) -> Iterator[None]:
    """Remove the file of passwords if the import is rolled back after it was written."""
    try:
        yield
    except BaseException:
        if path:
            path.unlink(missing_ok=True)
        raise
