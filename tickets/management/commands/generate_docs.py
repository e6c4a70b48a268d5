"""Write the documents that are generated from the code; with --check only list the stale ones."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tickets import documents


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="只检查是否过期，不写文件")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if stale := documents.stale(settings.BASE_DIR):
                raise CommandError(f"已过期 stale: {', '.join(stale)}；运行 make docs")
            return
        for name in documents.write(settings.BASE_DIR):
            self.stdout.write(name)
