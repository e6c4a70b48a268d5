"""Import past tickets with their own dates; --map title=主题 names a column with another heading."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from governance.management.importing import ImportCommand
from governance.sheets.layout import Wanted
from governance.sheets.tables import Report, Row
from tickets.intake import imports


class Command(ImportCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--map", action="append", default=[], metavar="FIELD=HEADING")

    def fields(self, **options: Any) -> Sequence[Wanted]:
        return list((imports.COLUMNS | {field: (one,) for field, one in _mapped(options).items()}).values())

    def bring_in(self, rows: list[Row], **options: Any) -> Report:
        columns = _mapped(options)
        return imports.import_tickets(rows, at=timezone.now(), columns=columns, dry_run=options["dry_run"])


def _mapped(options: dict[str, Any]) -> dict[str, str]:
    """{field: heading} of the option --map."""
    pairs = [pair.partition("=") for pair in options["map"]]
    if any(not heading for _field, _sign, heading in pairs):
        raise CommandError("--map FIELD=HEADING")
    return {field: heading for field, _sign, heading in pairs}
