"""The duty list: the version in force, for all members; its versions, on the settings pages."""

from datetime import timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from governance.access.permissions import Permission
from governance.errors import Missing
from governance.sheets import uploads
from governance.sheets.layout import Table, table_of
from governance.sheets.uploaded import ACCEPTED, LIMITS, reads_table, table_in
from governance.web import pages
from grids import tree as territory
from tickets.duties import imports
from tickets.duties import queries as duty
from tickets.duties.actions import versions as duty_versions
from tickets.duties.models import DutyKind, DutyList

ITEMS = 50
FAULTS = 50
SHEET = "duties"  # the kind under which its faulty rows are kept
COUNTED_FOR = timedelta(days=365)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.desk
def in_force(request: HttpRequest) -> HttpResponse:
    """The list in force today with a search, and the pushes past it in the last year."""
    at = timezone.now()
    held = duty.in_force(at)
    context = {
        "version": held,
        **_items(request, held.pk if held else 0),
        "pushes": duty.pushes(at - COUNTED_FOR, at),
    }
    return pages.respond(request, "tickets/duties/list.html", context)


def _items(request: HttpRequest, version: int) -> dict[str, Any]:
    q, kind = request.GET.get("q", "").strip()[:60].replace("\x00", ""), request.GET.get("kind", "")
    page = Paginator(duty.items(version, q=q, kind=kind), ITEMS).get_page(request.GET.get("page"))
    return {"page": page, "q": q, "kind": kind, "kinds": DutyKind.choices}


@pages.desk
def export(request: HttpRequest) -> HttpResponse:
    """The list in force or, with `version`, a published version, as .xlsx."""
    held = duty.in_force(timezone.now())
    given = request.GET.get("version", "")
    pk = int(given) if given.isdecimal() and len(given) < 19 else (held.pk if held else 0)
    found = DutyList.objects.exclude(state=DutyList.State.DRAFT).filter(pk=pk).first()
    if found is None:
        raise Missing(_("该版本清单不存在"))
    response = HttpResponse(imports.exported(found), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{found.name}.xlsx")
    return response


class UploadForm(forms.Form):
    """A table of items, the name of the list, and its first day in force."""

    name = forms.CharField(label=gettext_lazy("清单名称"), max_length=100)
    valid_from = forms.DateField(
        label=gettext_lazy("施行日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label=gettext_lazy("文件（xlsx、xls、ods 或 csv）"),
        help_text=gettext_lazy("表头：事项编号、事项名称、清单类别、牵头单位、配合单位、法律依据、分类代码"),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    dry_run = forms.BooleanField(label=gettext_lazy("只检查，不保存"), required=False)


@reads_table(lambda request: pages.require_any(request, Permission.SETTINGS_EDIT))
@pages.desk_with(Permission.SETTINGS_EDIT)
def versions(request: HttpRequest) -> HttpResponse:
    """All versions.

    An upload is compared with the version in force and stored as a draft, or its faults are shown.
    """
    at = timezone.now()
    today = territory.local_day(at)
    form = UploadForm(request.POST or None, request.FILES or None, initial={"valid_from": today})
    done, taken = None, []
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            table = table_of(table_in(request), LIMITS, imports.WANTED)
            taken = table.words()
            done = _read(form, table, request, at)
            if done.version is not None:
                messages.success(request, " ".join([_("已存为草稿，请核对差异后发布。"), *taken]))
                return HttpResponseRedirect(_address(request, "duty-list", pk=done.version.pk))
    faults = done.report.faults if done else []
    if faults:  # stored after the rollback of this refusal
        request.afterwards.append(partial(uploads.keep_faulty, SHEET, table, faults, by=request.actor, at=at))
    context = {
        "form": form,
        "rows": DutyList.objects.select_related("published_by", "made_by"),
        "done": done,
        "taken": taken,
        "faults": faults[:FAULTS],
        "more_faults": max(len(faults) - FAULTS, 0),
    }
    status = 400 if faults else 200
    return pages.respond(request, "tickets/duties/versions.html", context, status=status)


@require_GET
@pages.desk_with(Permission.SETTINGS_EDIT)
def faulty_rows(request: HttpRequest) -> HttpResponse:
    """Download the faulty rows of the member's last file, in its layout; without them, back to the versions."""
    content = uploads.kept_faulty(SHEET, by=request.actor, at=timezone.now())
    if content is None:
        messages.warning(request, _("没有有误的行，或已过期，请重新上传文件。"))
        return HttpResponseRedirect(_address(request, "duty-lists"))
    response = HttpResponse(content, content_type=XLSX)
    name = _("%(sheet)s 有误的行") % {"sheet": _("履职清单")}
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx")
    return response


def _read(form: UploadForm, table: Table, request: HttpRequest, at: Any) -> imports.Outcome:
    given = form.cleaned_data
    return imports.import_duties(
        table.rows(LIMITS.most_rows),
        name=given["name"],
        valid_from=given["valid_from"],
        by=request.actor,
        at=at,
        dry_run=given["dry_run"],
    )


@pages.desk_with(Permission.SETTINGS_EDIT)
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version with its items; for a draft also what it would change."""
    found, at = _version(pk), timezone.now()
    draft = found.state == DutyList.State.DRAFT
    differences = imports.compare(imports.drafted(found), at) if draft else None
    context = {"version": found, "draft": draft, "differences": differences, **_items(request, found.pk)}
    return pages.respond(request, "tickets/duties/version.html", context)


def _version(pk: int) -> DutyList:
    found = DutyList.objects.filter(pk=pk).first()
    if found is None:
        raise Missing(_("该版本清单不存在"))
    return found


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft in force from its first day."""
    done = duty_versions.publish(_version(pk), by=request.actor, at=timezone.now())
    facts = {"name": done.name, "day": done.valid_from}
    messages.success(request, _("“%(name)s”已发布，自 %(day)s 起施行。") % facts)
    return HttpResponseRedirect(_address(request, "duty-lists"))


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft."""
    duty_versions.discard(_version(pk), by=request.actor, at=timezone.now())
    messages.success(request, _("草稿已删除。"))
    return HttpResponseRedirect(_address(request, "duty-lists"))


def _address(request: HttpRequest, name: str, **kwargs: Any) -> str:
    return reverse(f"ticket-settings:{name}", kwargs={"tenant": request.tenant.slug, **kwargs})
