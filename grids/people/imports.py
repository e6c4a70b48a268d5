"""Import people with their posts from a table of their sheet, as the platform's operator."""

from datetime import datetime

from governance.access import actors
from governance.sheets.storing import Preview, carry_out
from governance.sheets.tables import Row
from governance.tenancy.scope import current
from grids.people.sheet import SHEET

MOST = 20_000  # rows that one run of the command may add or change


def import_people(rows: list[Row], *, at: datetime, dry_run: bool = False) -> Preview:
    """Bring in the rows as the page of people does, all or none; returns what was done, or would be.

    Unlike on the page, a log-in of another district joins this one too. Raises Invalid for a table without rows.
    """
    by = actors.system(current().pk)
    preview, _print, _kept = carry_out(SHEET, rows, by=by, at=at, print_of=None, keep=not dry_run, most=MOST)
    return preview
