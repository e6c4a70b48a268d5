"""Show names in clear: of a reporter, and of the parties of a mediation."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance.web import pages
from tickets.desk.forms import ReasonForm, UnmaskForm
from tickets.desk.views.ticket import find_page, render_page
from tickets.mediation import actions as mediation
from tickets.ticket import unmasking


@require_POST
@pages.desk
def unmask(request: HttpRequest, number: str) -> HttpResponse:
    """Show one reporter in clear, once."""
    found, at = find_page(request, number), timezone.now()
    form = UnmaskForm(request.POST)
    seen = None
    if form.is_valid():
        with pages.catching(form):
            chosen = form.cleaned_data
            seen = unmasking.unmask(
                found.ticket, chosen["reporter"], by=request.actor, at=at, reason=chosen["reason"]
            )
    status = getattr(form, "status", 400) if form.errors else 200
    return render_page(request, found, at, unmasked=seen, unmask_form=form, status=status)


@require_POST
@pages.desk
def unmask_parties(request: HttpRequest, number: str) -> HttpResponse:
    """Show the parties of a mediation in clear, once."""
    found, at = find_page(request, number), timezone.now()
    form = ReasonForm(request.POST)
    if form.is_valid():
        with pages.catching(form):
            mediation.unmask(found.ticket, by=request.actor, at=at, reason=form.cleaned_data["reason"])
    status = getattr(form, "status", 400) if form.errors else 200
    more = {"parties_unmasked": not form.errors, "parties_form": form}
    return render_page(request, found, at, status=status, **more)
