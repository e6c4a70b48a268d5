"""Write the whole installation, every district and every file, into one .tar.gz."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.errors import DomainError
from governance.operations import backups


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="要写的文件 a new .tar.gz")
        parser.add_argument("--no-media", action="store_true", help="不含照片等文件 without files")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = backups.backup(options["file"], at=timezone.now(), media=not options["no_media"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        size = options["file"].stat().st_size >> 10
        self.stdout.write(
            f"{options['file']}: {len(made.tables)} 张表 tables, {made.rows} 行 rows, {made.files} 个文件 files, "
            f"{size} KB。FIELD_KEY 请另行保管 keep it apart"
        )
        for name in made.vanished:
            self.stderr.write(f"备份期间被删除，未收入 was removed meanwhile: {name}")
