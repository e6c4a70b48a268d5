"""Import areas as the statistical bureau publishes them, with grids and buildings: csv or xlsx."""

from typing import Any

from governance.management.importing import ImportCommand
from governance.sheets.tables import Report, Row
from grids.areas import imports


class Command(ImportCommand):
    help = __doc__
    wanted = imports.WANTED

    def bring_in(self, rows: list[Row], **options: Any) -> Report:
        return imports.import_areas(rows, dry_run=options["dry_run"])
