"""Check this installation: roles, row-level security, beat, oldest due deadline, storage, visitors' addresses."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.operations.doctor import examine


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(examine(timezone.now()))
        for finding in findings:
            self.stdout.write(f"{'✓' if finding.good else '✗'} {finding.name}: {finding.seen}")
        if not all(finding.good for finding in findings):
            raise CommandError("有不正常的项目 something is not well")
