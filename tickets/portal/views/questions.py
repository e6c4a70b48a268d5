"""The questions of a category, as a fragment of the report form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from governance.web import pages
from governance.web.pages import unkept
from tickets.intake.forms import ReportForm


@require_POST
@pages.page
def while_reporting(request: HttpRequest) -> HttpResponse:
    """The questions of the chosen category with the answers so far, and the advice on those answers."""
    form = ReportForm(initial=request.POST.dict(), category=request.POST.get("category", ""))
    context = {"form": form, "lines": request.tenant.setting("emergency_lines")}
    return unkept(render(request, "tickets/intake/_questions.html", context))
