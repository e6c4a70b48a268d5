"""The privacy notice (个人信息处理告知): public pages, and a settings page to publish a new version."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.permissions import Permission
from governance.errors import Missing
from governance.web import pages
from tickets.privacy import notice
from tickets.privacy.actions import notice as actions
from tickets.privacy.models import PrivacyNotice


@pages.page
def in_force(request: HttpRequest) -> HttpResponse:
    """The version in force."""
    return _shown(request, notice.in_force())


@pages.page
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version, in force or not."""
    found = notice.version(number)
    if found is None:
        raise Missing(_("该版本不存在"))
    return _shown(request, found)


def _shown(request: HttpRequest, told: notice.Version) -> HttpResponse:
    newest = notice.newest()
    others = [number for number in range(newest, -1, -1) if number != told.number]
    context = {"told": told, "newest": newest, "others": others}
    return render(request, "tickets/privacy/notice.html", context)


class NoticeForm(forms.Form):
    """The text of a new version."""

    text = forms.CharField(
        label=gettext_lazy("告知内容"),
        max_length=settings.MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 20}),
        help_text=gettext_lazy(
            "写明谁在处理、为了什么、处理哪些信息、谁能看到、保存多久、有哪些权利和怎样行使"
        ),
    )


@pages.desk_with(Permission.SETTINGS_EDIT)
def publish(request: HttpRequest) -> HttpResponse:
    """List the versions and publish a new one, starting from the text in force."""
    form = NoticeForm(request.POST or None, initial={"text": notice.in_force().text})
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            made = actions.publish(form.cleaned_data["text"], by=request.actor, at=timezone.now())
            messages.success(request, _("第 %(number)d 版已发布。") % {"number": made.number})
            return HttpResponseRedirect(request.path)
    rows = PrivacyNotice.objects.select_related("published_by")
    return pages.respond(request, "tickets/privacy/notice_settings.html", {"form": form, "rows": rows})
