"""Import a category tree of up to three levels: columns 一级分类, 二级分类, 三级分类."""

from typing import Any

from governance.management.importing import ImportCommand
from governance.sheets.tables import Report, Row
from tickets.catalog import imports as category_imports


class Command(ImportCommand):
    help = __doc__
    wanted = category_imports.WANTED

    def bring_in(self, rows: list[Row], **options: Any) -> Report:
        return category_imports.import_categories(rows, dry_run=options["dry_run"])
