"""A reporter's own data: look at it, copy it, have it corrected or deleted."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.errors import Missing
from governance.text.telephones import PhoneField
from governance.web import pages
from tickets.portal import access
from tickets.portal.forms import FollowForm
from tickets.privacy.actions import requests as privacy
from tickets.privacy.models import DataRequest


class AskForm(FollowForm):
    """A resident's request to correct or delete stored data."""

    kind = forms.ChoiceField(label=gettext_lazy("请求"), choices=DataRequest.Kind.choices)
    name = forms.CharField(label=gettext_lazy("正确的姓名"), max_length=60, required=False)
    phone = PhoneField(label=gettext_lazy("正确的电话"), required=False)
    text = forms.CharField(
        label=gettext_lazy("说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("number", "code"):
            self.fields[name].widget = forms.HiddenInput()


@pages.page
def own(request: HttpRequest) -> HttpResponse:
    """A reporter's stored data, opened by number and code, with a form to request correction or deletion."""
    given = request.POST if request.method == "POST" else request.GET
    keys = FollowForm(given)
    found = access.open_by_code(request, keys) if "number" in given else None
    if found is None:
        if "number" not in given:
            raise Missing(_("请从“查进度”打开要办的事项"))
        return pages.respond(request, "tickets/portal/find.html", {"form": keys})
    ticket, reporter = found
    form = AskForm(request.POST) if request.method == "POST" else AskForm(initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            asked = {key: form.cleaned_data[key] for key in ("kind", "name", "phone", "text")}
            by = access.reporter_of(ticket, reporter)
            privacy.ask(reporter, **asked, by=by, at=timezone.now())
            messages.success(request, _("请求已提交，将在 15 个工作日内答复。"))
            address = reverse("portal:privacy", kwargs={"tenant": request.tenant.slug})
            query = urlencode({"number": ticket.number, "code": reporter.code})
            return HttpResponseRedirect(f"{address}?{query}")
    asked = reporter.data_requests.order_by("-asked_at")
    context = {"ticket": ticket, "reporter": reporter, "form": form, "asked": asked}
    return pages.unkept(pages.respond(request, "tickets/portal/privacy.html", context))


@require_POST
@pages.page
def copy(request: HttpRequest) -> HttpResponse:
    """A copy of a reporter's stored data (PIPL art. 45), opened by number and code: `as=page` to read and print, else
    JSON for programs."""
    keys = FollowForm(request.POST)
    found = access.open_by_code(request, keys)
    if found is None:
        return pages.respond(request, "tickets/portal/find.html", {"form": keys})
    given = privacy.copy_of(*found)
    if request.POST.get("as") == "page":
        context = {"copy": given, "ticket": found[0], "now": timezone.now(), "keys": keys}
        return pages.unkept(pages.respond(request, "tickets/portal/privacy_copy.html", context))
    response = JsonResponse(given, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{found[0].number}.json"'
    return pages.unkept(response)
