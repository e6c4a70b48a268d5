"""Base of the import commands: file, district, dry run, and a report that names every faulty row."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.errors import DomainError
from governance.management.tenants import add_tenant_argument, tenant_named
from governance.sheets import fault_sheet, tables
from governance.sheets.layout import Table, Wanted
from governance.tenancy.scope import scope

SHOWN = 20


class ImportCommand(BaseCommand):
    """Read a table, say what was taken for what, run `bring_in` in the district's scope, and print the report."""

    #: The accepted headings of each field, from the module that imports it.
    wanted: Sequence[Wanted] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="xlsx, xls, ods 或 csv (UTF-8, GBK)")
        add_tenant_argument(parser)
        parser.add_argument("--dry-run", action="store_true", help="只检查，不保存")
        parser.add_argument("--errors", metavar="FILE", help="把有误的行按原表格式写入这个 xlsx")

    def bring_in(self, rows: list[tables.Row], **options: Any) -> tables.Report:
        """Import the rows, in the open scope."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = tenant_named(options["tenant"])
        try:
            table = tables.open_table(options["file"], self.fields(**options))
            for sentence in table.words():
                self.stdout.write(sentence)
            with scope(tenant):
                report = self.bring_in(table.rows(), **options)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.tell(report.faults, report.words(), table, options)

    def fields(self, **options: Any) -> Sequence[Wanted]:
        """The accepted headings of each field, with those that the options add."""
        return self.wanted

    def tell(self, faults: list[tables.Fault], summary: str, table: Table, options: dict[str, Any]) -> None:
        """Print the faulty rows and the summary, and write the sheet of faulty rows if one is wanted."""
        for fault in faults[:SHOWN]:
            self.stderr.write(f"第 {fault.line} 行：{fault.reason}")
        if len(faults) > SHOWN:
            self.stderr.write(f"… 另有 {len(faults) - SHOWN} 行有误")
        if faults and options["errors"]:
            fault_sheet.write_faults(Path(options["errors"]), faults, table)
            self.stdout.write(f"有误的行已写入 {options['errors']}")
        self.stdout.write(("[试运行] " if options["dry_run"] else "") + summary)
