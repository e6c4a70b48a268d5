"""Restore a backup into this installation, all or nothing, after checking its digests."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.errors import DomainError
from governance.operations import backups


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="备份文件 a file made by backup")
        parser.add_argument("--replace", action="store_true", help="覆盖库中已有数据 replace what is there")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"没有文件 no such file: {options['file']}")
        try:
            put = backups.restore(options["file"], replace=options["replace"])
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"已恢复 restored: {len(put.tables)} 张表 tables, {put.rows} 行 rows, {put.files} 个文件 files "
            f"({put.made_at})"
        )
