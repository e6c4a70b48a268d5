"""Photos of a ticket: add them, and look at them."""

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from governance.errors import Missing
from governance.web import pages
from tickets.desk.forms import PhotoForm
from tickets.desk.views.ticket import address_of, find_page, render_page
from tickets.mediation import actions as mediation
from tickets.ticket import kept_photos, photos
from tickets.ticket.decoding import MOST_BODY
from tickets.ticket.models.photos import Attachment
from tickets.ticket.models.ticket import Ticket


@pages.takes(MOST_BODY)
@require_POST
@pages.desk
def add_photos(request: HttpRequest, number: str) -> HttpResponse:
    """Add photos to a ticket."""
    found, at = find_page(request, number), timezone.now()
    form = PhotoForm(request.POST, kept_photos.files_of(request))
    if form.is_valid():
        with pages.catching(form):
            given = form.cleaned_data
            photos.add_all(found.ticket, given["photos"], by=request.actor, at=at, purpose=given["purpose"])
            kept_photos.done(request)
            messages.success(request, _("照片已添加。"))
            return HttpResponseRedirect(address_of(request, number) + "#photos")
    kept_photos.keep(request, form)
    return render_page(request, found, at, photo_form=form, status=getattr(form, "status", 400))


@pages.desk
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A file of a ticket, for members that can see the ticket."""
    kept = Attachment.objects.filter(pk=pk, ticket__in=Ticket.objects.visible_to(request.actor)).first()
    if kept is None or (
        kept.purpose == "agreement" and not mediation.may_see_scan(kept.ticket, request.actor)
    ):
        raise Missing(_("该照片不存在"))
    return pages.picture(settings.MEDIA_ROOT / kept.path)
