"""Read an uploaded table before the transaction of its request opens: that may take seconds."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse

from governance.access import actors
from governance.errors import DomainError
from governance.sheets import reading
from governance.sheets.reading import Limits, Page
from governance.tenancy.scope import scope

FIELD = "file"
FORM = 1024 * 1024  # bytes of a body beside the file
ACCEPTED = ".xlsx,.xls,.ods,.csv"
LIMITS = Limits(most_bytes=5 * 1024 * 1024, most_rows=20_000)
View = Callable[..., HttpResponse]


def reads_table(check: Callable[..., object]) -> Callable[[View], View]:
    """Outermost decorator of a page with a form that takes a table in its field `file`.

    `check` gets the request, with its actor, and the arguments of the route; it raises Forbidden or Missing for an
    actor who may not use the page. Then the file is not read, and the view refuses the request itself.
    """

    def mark(view: View) -> View:
        view.prepare, view.most_body = partial(_read, check), LIMITS.most_bytes + FORM
        return view

    return mark


def _read(check: Callable[..., object], request: HttpRequest, arguments: dict[str, Any]) -> None:
    """Read the table of a member who may use the page; an error waits for the form."""
    request.table = []
    file = request.FILES.get(FIELD) if request.method == "POST" else None
    if file is None or not request.user.is_authenticated:
        return
    try:
        with scope(request.tenant):
            request.actor = actors.of_request(request)
            check(request, **arguments)
    except DomainError:
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
