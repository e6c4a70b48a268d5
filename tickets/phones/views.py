"""A resident's own tickets (我的事项): prove a phone by a code, then list all that was reported with it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.errors import TooOften
from governance.text.telephones import PhoneField
from governance.web import pages
from governance.web.fields import DigitsField
from governance.web.pages import unkept
from tickets.phones import actions, queries
from tickets.phones.models import PhoneProof
from tickets.phones.session import (
    COOKIE,
    home_address,
    prove,
    proven,
    remember,
    remember_asked,
    send,
)

ROWS = 20


class PhoneForm(forms.Form):
    """The phone, and the code once it was sent."""

    phone = PhoneField(label=gettext_lazy("手机号"))
    code = DigitsField(
        label=gettext_lazy("短信验证码"),
        max_length=6,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


def send_code(request: HttpRequest) -> tuple[PhoneForm, PhoneProof | None]:
    """Send a code to the phone in the form; the form says why not, and the proof is None then."""
    form, proof = PhoneForm(request.POST), None
    if form.is_valid():
        with pages.catching(form, TooOften):
            proof = send(request, form.cleaned_data["phone"])
    return form, proof


@require_POST
@pages.page
def send_for_report(request: HttpRequest) -> HttpResponse:
    """Send a code for the phone in the report form; returns a fragment of that form."""
    form, proof = send_code(request)
    response = unkept(render(request, "tickets/phones/_code.html", {"form": form, "asked": form}))
    remember_asked(request, response, proof)
    return response


@pages.page
def mine(request: HttpRequest) -> HttpResponse:
    """The tickets reported with the proven phone; without a proof, the form to prove it in two steps."""
    if request.method == "POST":
        return _door(request)
    proof = proven(request)
    if proof is None:
        return unkept(render(request, "tickets/phones/prove.html", {"form": PhoneForm()}))
    page = Paginator(queries.my_reports(proof.phone), ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "matters": [queries.my_matter(row) for row in page.object_list], "proof": proof}
    return unkept(render(request, "tickets/phones/my_matters.html", context))


def _door(request: HttpRequest) -> HttpResponse:
    """First the phone, then the code; "send" requests another code."""
    form, proof = PhoneForm(request.POST), None
    sent = "code" in request.POST
    if form.is_valid():
        phone, code = form.cleaned_data["phone"], form.cleaned_data["code"]
        with pages.catching(form, TooOften):
            if code and "send" not in request.POST:
                _proof, secret = prove(request, phone, code)
                return _let_in(request, secret)
            proof = send(request, phone)
            sent = True
    context: dict[str, Any] = {"form": form, "sent": sent}
    response = unkept(pages.respond(request, "tickets/phones/prove.html", context))
    remember_asked(request, response, proof)
    return response


def _let_in(request: HttpRequest, secret: str) -> HttpResponse:
    response = HttpResponseRedirect(reverse("portal:mine", kwargs={"tenant": request.tenant.slug}))
    remember(request, response, secret)
    return response


@require_POST
@pages.page
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the phone in this browser."""
    actions.forget(request.COOKIES.get(COOKIE, ""))
    response = HttpResponseRedirect(home_address(request))
    response.delete_cookie(COOKIE, path=home_address(request), samesite="Lax")
    messages.success(request, _("已退出，这台设备不再显示您的事项。"))
    return response
