"""Write the whole installation, every district and every file, into one .tar.gz: once, or every night into a folder."""

import sys
import time
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.errors import DomainError
from governance.operations import backups

KEPT = 14
ZONE = ZoneInfo("Asia/Shanghai")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="要写的文件 a new .tar.gz")
        parser.add_argument(
            "--into", type=Path, metavar="FOLDER", help="写入此目录，文件名为时间 named by the time"
        )
        parser.add_argument("--keep", type=int, default=KEPT, help=f"目录中保留的份数 how many stay, {KEPT}")
        parser.add_argument(
            "--nightly", metavar="HH:MM", help="每天这个时刻写一份（北京时间）every day, never ends"
        )
        parser.add_argument("--no-media", action="store_true", help="不含照片等文件 without files")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["file"]) == bool(options["into"]) or (options["nightly"] and not options["into"]):
            raise CommandError(
                "请写一个文件名，或 --into 目录（可加 --nightly 时刻）name a file, or --into a folder"
            )
        if options["keep"] < 1:
            raise CommandError("--keep 至少为 1 at least 1")
        if not options["nightly"]:
            self._once(options)
            return
        hour, minute = _time_of_day(options["nightly"])
        while True:
            wait = backups.next_night(datetime.now(ZONE), hour, minute) - datetime.now(ZONE)
            time.sleep(wait.total_seconds())
            try:
                self._once(options)
            except Exception as error:
                print(f"备份失败 backup failed: {error}", file=sys.stderr, flush=True)

    def _once(self, options: dict[str, Any]) -> None:
        given = {"at": timezone.now(), "media": not options["no_media"]}
        try:
            if options["into"]:
                given["at"] = timezone.localtime(given["at"], ZONE)
                path, made = backups.backup_into(options["into"], keep=options["keep"], **given)
            else:
                path, made = options["file"], backups.backup(options["file"], **given)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{path}: {len(made.tables)} 张表 tables, {made.rows} 行 rows, {made.files} 个文件 files, "
            f"{path.stat().st_size >> 10} KB。FIELD_KEY 请另行保管 keep it apart"
        )
        self.stdout.flush()
        for name in made.vanished:
            self.stderr.write(f"备份期间被删除，未收入 was removed meanwhile: {name}")


def _time_of_day(text: str) -> tuple[int, int]:
    """The hour and minute of a text like 02:30; raises CommandError."""
    try:
        at = datetime.strptime(text, "%H:%M")
    except ValueError:
        raise CommandError(f"“{text}” 不是时刻，应写成 02:30 is no time of day") from None
    return at.hour, at.minute
