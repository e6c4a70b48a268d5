"""The inbox of a member."""

from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance.events import notice_texts, notices
from governance.events.models import Notice
from governance.web import pages
from governance.web.context import unread_key

ROWS = 50


@pages.desk
def inbox(request: HttpRequest) -> HttpResponse:
    """The member's notices, newest first; `?digest=` opens the notices collected under one line."""
    given = request.GET.get("digest", "")
    digest = int(given) if given.isdecimal() and len(given) < 19 else None
    found = Notice.objects.filter(member_id=request.actor.member_id, digest=digest)
    page = Paginator(found.order_by("-created_at", "-pk"), ROWS).get_page(request.GET.get("page"))
    page.object_list = notice_texts.told(page.object_list, request.actor, timezone.now())
    return pages.respond(request, "tickets/desk/inbox.html", {"page": page, "digest": digest})


@require_POST
@pages.desk
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark one notice, or all, as read; with `open`, redirect to what the notice is about."""
    actor, tenant = request.actor, request.tenant
    chosen = [int(pk) for pk in request.POST.getlist("notice") if pk.isdecimal() and len(pk) < 19]
    notices.mark_read(actor.member_id, chosen or None, timezone.now())
    cache.delete(unread_key(tenant.pk, actor.member_id))
    opened = Notice.objects.filter(pk__in=chosen, member_id=actor.member_id).first()
    if opened and opened.address and request.POST.get("open"):
        return HttpResponseRedirect(f"/{tenant.slug}/{opened.address}")
    return HttpResponseRedirect(reverse("desk:inbox", kwargs={"tenant": tenant.slug}))
