"""The setup check (开通检查) with its buttons: open and close the district, load a pack, empty it after trying out."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.permissions import Permission
from governance.district import actions as configuring
from governance.district import packs, trial
from governance.tenancy import gaps as questions
from governance.web import pages


class OpeningForm(forms.Form):
    """Whether to open the district although something is missing."""

    despite = forms.BooleanField(label=gettext_lazy("我已知晓上述必须完善的事项，仍先行开放"), required=False)


class EmptyingForm(forms.Form):
    """The district's name, typed to confirm that it is to be emptied."""

    name = forms.CharField(label=gettext_lazy("输入本区县名称以确认"), max_length=100)


@pages.desk_with(Permission.SETTINGS_EDIT)
def gaps(request: HttpRequest) -> HttpResponse:
    """Show what the district still lacks before work can begin, and open it to residents or close it."""
    form = OpeningForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            return _switch(request, despite=form.cleaned_data["despite"])
    return _checked(request, timezone.now(), form=form)


def _checked(request: HttpRequest, at: datetime, **more: Any) -> HttpResponse:
    found, offered = questions.run_checks(at), packs.offers()
    grave = sum(1 for gap in found if gap.count and gap.grave)
    missing, well = [gap for gap in found if gap.count], [gap for gap in found if not gap.count]
    page = {
        "missing": missing,
        "well": well,
        "grave": grave,
        "advised": len(missing) - grave,
        "offers": offered,
        "lacks": any(offer.adds for offer in offered),
        "emptying": EmptyingForm() if trial.possible(request.tenant) else None,
        "form": OpeningForm(),
        **more,
    }
    return pages.respond(request, "governance/settings/gaps.html", page)


def _switch(request: HttpRequest, *, despite: bool) -> HttpResponse:
    """Close the district if the button for that was pressed, else open it."""
    given = {"by": request.actor, "at": timezone.now()}
    if "close" in request.POST:
        configuring.close_to_residents(request.tenant, **given)
        messages.success(request, _("已暂停对居民开放；本区县人员仍可使用居民页面。"))
    else:
        configuring.open_to_residents(request.tenant, despite=despite, **given)
        messages.success(request, _("已对居民开放，居民现在可以反映问题。"))
    return HttpResponseRedirect(request.path)


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def load_pack(request: HttpRequest, slug: str) -> HttpResponse:
    """Load a pack of standard content, and show the page on which it stands."""
    pack = packs.offer(slug).pack
    count = packs.load(slug, tenant=request.tenant, by=request.actor, at=timezone.now())
    told = {"pack": pack.label, "n": count}
    messages.success(request, _("%(pack)s：已新增 %(n)d 项。") % told if count else _("没有需要新增的内容。"))
    return HttpResponseRedirect(f"/{request.tenant.slug}/desk/{pack.path}")


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def empty(request: HttpRequest) -> HttpResponse:
    """Empty the district of its test data, after its name was typed."""
    form, at = EmptyingForm(request.POST), timezone.now()
    if form.is_valid():
        with pages.catching(form):
            name = form.cleaned_data["name"]
            count = trial.empty(request.tenant, name=name, by=request.actor, at=at)
            messages.success(request, _("试用数据已清空，共 %(n)d 条记录。") % {"n": count})
            return HttpResponseRedirect(reverse("settings:gaps", kwargs={"tenant": request.tenant.slug}))
    response = _checked(request, at, emptying=form)
    response.status_code = getattr(form, "status", 400)
    return response
