"""Read an uploaded table before the transaction of its request opens: that may take seconds."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from governance.errors import DomainError
from governance.sheets import reading
from governance.sheets.reading import Limits, Page

FIELD = "file"
FORM = 1024 * 1024  # bytes of a body beside the file
ACCEPTED = ".xlsx,.xls,.ods,.csv"
LIMITS = Limits(most_bytes=5 * 1024 * 1024, most_rows=20_000)
View = Callable[..., HttpResponse]


def reads_table(view: View) -> View:
    """Outermost decorator of a page with a form that takes a table in its field `file`."""
    view.prepare, view.most_body = _read, LIMITS.most_bytes + FORM
    return view


def _read(request: HttpRequest) -> None:
    """Read the table of a user that is logged in; an error waits for the form."""
    request.table = []
    file = request.FILES.get(FIELD) if request.method == "POST" else None
    if file is None or not request.user.is_authenticated:
        return
    try:
        if file.size > LIMITS.most_bytes:
            raise reading.too_large(LIMITS)
        request.table = reading.load(file.read(), file.name, LIMITS)
    except DomainError as error:
        request.table = error


def table_in(request: HttpRequest) -> list[Page]:
    """The sheets of the uploaded table; raises what was wrong with the file."""
    found: Any = request.table
    if isinstance(found, DomainError):
        raise found
    return found
