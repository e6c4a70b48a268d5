"""Import people with their posts: one line a post; columns 登录名, 姓名, 手机, 单位, 角色, 辖区."""

from typing import Any

from django.utils import timezone

from governance.management.importing import ImportCommand
from governance.tables import Report, Row
from grids import imports
from grids.queries import local_day


class Command(ImportCommand):
    help = __doc__

    def bring_in(self, rows: list[Row], **options: Any) -> Report:
        return imports.import_people(rows, since=local_day(timezone.now()), dry_run=options["dry_run"])
