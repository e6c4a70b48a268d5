"""Export the list to Excel: a short list at once, a long one in the background, to be fetched once."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from governance.web import pages
from tickets.duties.views.versions import XLSX
from tickets.lists import export_sheet, queries
from tickets.lists.actions import exports
from tickets.lists.models.exports import Export


@require_POST
@pages.desk
def take(request: HttpRequest) -> HttpResponse:
    """The filtered list as .xlsx; for a long list, redirect to the page that shows its progress."""
    query, at = QueryDict(request.POST.get("query", "")[:2000]), timezone.now()
    found = exports.take(query, by=request.actor, at=at)
    if isinstance(found, Export):
        return HttpResponseRedirect(reverse("desk:exports", kwargs={"tenant": request.tenant.slug}))
    return _sheet(found, at)


@pages.desk
def index(request: HttpRequest) -> HttpResponse:
    """The member's large exports of the last day with their progress."""
    found = queries.exports_of(request.actor)
    context = {"exports": found, "running": any(one.is_open for one in found)}
    return pages.respond(
        request, "tickets/lists/exports.html", context, fragment="tickets/lists/_exports.html"
    )


@require_POST
@pages.desk
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a large export; it is deleted afterwards."""
    return _sheet(exports.fetch(pk, by=request.actor), timezone.now())


def _sheet(content: bytes, at: datetime) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    name = _("工单 %(at)s") % {"at": export_sheet.moment(at).replace(":", "")}
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx")
    return response
