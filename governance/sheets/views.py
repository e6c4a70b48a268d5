"""Pages shared by all settings sheets: export, import, preview and confirmation."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from governance.errors import Conflict, DomainError, Invalid, Missing
from governance.sheets import uploads
from governance.sheets.columns import local
from governance.sheets.registry import Sheet, sheet_for
from governance.sheets.storing import Preview
from governance.sheets.uploaded import ACCEPTED, reads_table, table_in
from governance.sheets.writing import written
from governance.web import pages

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200  # lines of each kind


class FileForm(forms.Form):
    """The file to import."""

    file = forms.FileField(
        label=gettext_lazy("文件（xlsx、xls、ods 或 csv）"),
        help_text=gettext_lazy("不超过 5 MB、20000 行；先导出，在 Excel 或 WPS 中修改后再导入"),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        allow_empty_file=True,  # the reader of the file reports this
    )


@reads_table(lambda request, slug: sheet_for(slug, request.actor))
@pages.desk
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a file and go on to the preview of its changes."""
    sheet, at = sheet_for(slug, request.actor), timezone.now()
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            made = uploads.look_at(sheet, table_in(request), by=request.actor, at=at)
            return HttpResponseRedirect(_address(request, "preview", slug=slug, pk=made.pk))
    return _page(request, sheet, form=form)


def _page(request: HttpRequest, sheet: Sheet, *, status: int = 200, **more: Any) -> HttpResponse:
    back = reverse(sheet.page, kwargs={"tenant": request.tenant.slug})
    context = {"sheet": sheet, "belongs_to": back, **more}
    return pages.respond(request, sheet.template, context, status=status)


@require_GET
@pages.desk
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """Download the setting as .xlsx."""
    sheet, at = sheet_for(slug, request.actor), timezone.now()
    content = uploads.export(sheet, by=request.actor, at=at)
    return _file(content, f"{sheet.label} {local(at).replace(':', '')}")


@require_GET
@pages.desk
def template(request: HttpRequest, slug: str) -> HttpResponse:
    """Download the sheet without rows: headings, lists of choices, and a sheet that explains the columns."""
    sheet = sheet_for(slug, request.actor)
    return _file(written(sheet, ()), _("%(sheet)s 空白模板") % {"sheet": sheet.label})


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx")
    return response


@require_GET
@pages.desk
def preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show what a file would change."""
    sheet = sheet_for(slug, request.actor)
    try:
        found = uploads.waiting(sheet, pk, by=request.actor, at=timezone.now())
    except (Missing, Conflict) as error:
        return _refused(request, sheet, error)
    return _previewed(request, sheet, pk, Preview.from_json(found.preview))


def _refused(request: HttpRequest, sheet: Sheet, error: DomainError) -> HttpResponse:
    """Show why the upload cannot be used, with the upload form and a link to a newer upload."""
    more = {"refused": str(error), "newer": error.extra.get("newer")}
    return _page(request, sheet, status=error.status, form=FileForm(), **more)


def _previewed(
    request: HttpRequest, sheet: Sheet, pk: int, found: Preview, *, status: int = 200, **more: Any
) -> HttpResponse:
    groups = [
        (label, new, lines[:SHOWN], len(lines))
        for label, new, lines in ((_("新增"), True, found.added), (_("修改"), False, found.changed))
        if lines
    ]
    context = {
        "pk": pk,
        "preview": found,
        "groups": groups,
        "faults": found.faults[:SHOWN],
        "more_faults": max(len(found.faults) - SHOWN, 0),
        "missing": found.missing[:SHOWN],
        "shown": SHOWN,
        "form": FileForm(),
        **more,
    }
    return _page(request, sheet, status=status, **context)


@require_POST
@pages.desk
def confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Apply the previewed changes, or show what has changed since."""
    sheet, at = sheet_for(slug, request.actor), timezone.now()
    try:
        verdict = uploads.confirm(sheet, pk, by=request.actor, at=at)
    except (Invalid, Missing, Conflict) as error:  # the file now changes too much, or is no longer waiting
        return _refused(request, sheet, error)
    if not verdict.done:
        request.afterwards.append(partial(uploads.show_again, pk, verdict, by=request.actor))
        more = {"changed_since": verdict.changed, "failed": not verdict.changed}
        return _previewed(request, sheet, pk, verdict.preview, status=409, **more)
    told = {"a": len(verdict.preview.added), "c": len(verdict.preview.changed)}
    messages.success(request, _("已更新：新增 %(a)d 行，修改 %(c)d 行。") % told)
    return HttpResponseRedirect(reverse(sheet.page, kwargs={"tenant": request.tenant.slug}))


@require_GET
@pages.desk
def faults(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Download the faulty lines as .xlsx."""
    sheet, at = sheet_for(slug, request.actor), timezone.now()
    found = uploads.waiting(sheet, pk, by=request.actor, at=at)
    return _file(uploads.faulty(found), _("%(sheet)s 有误的行") % {"sheet": sheet.label})


def _address(request: HttpRequest, name: str, **kwargs: Any) -> str:
    return reverse(f"sheets:{name}", kwargs={"tenant": request.tenant.slug, **kwargs})
