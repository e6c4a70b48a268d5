"""Template tags and filters of all pages: URLs in the district, moments in words, form fields."""

from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from governance.clocks import words
from governance.tenancy.scope import current
from governance.text import bilingual
from governance.text.telephones import shown
from governance.web.map_tiles import tiles_of

register = template.Library()
register.filter("telephone", shown)
register.filter(bilingual.in_reader_language)


@register.simple_tag(takes_context=True)
def tenant_url(context: template.Context, name: str, **kwargs: Any) -> str:
    """The URL of a page of the present district."""
    return reverse(name, kwargs={"tenant": context["tenant"].slug, **kwargs})


@register.simple_tag(takes_context=True)
def here(context: template.Context, name: str) -> SafeString | str:
    """The attribute that marks a link to the present page."""
    match = getattr(context.get("request"), "resolver_match", None)
    return mark_safe('aria-current="page"') if match and match.view_name == name else ""


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The parameters of the present URL with changes.

    An empty value removes a parameter; every change removes the cursor.
    """
    given = context["request"].GET.copy()
    given.pop("cursor", None)
    for name, value in changes.items():
        if value in (None, ""):
            given.pop(name, None)
        else:
            given[name] = value
    return "?" + given.urlencode()


@register.inclusion_tag("components/_menu.html", takes_context=True)
def menu(context: template.Context, entries: Any, among: Any = ()) -> dict[str, Any]:
    """The menu entries of a face as links, in groups, with the current one marked.

    The current entry is the one with the longest path that begins the present path. A page that belongs to
    another page gives that page's URL as `belongs_to`. `among` are the entries of the whole menu, if these are
    some of it.
    """
    path, root = context.get("belongs_to") or context["request"].path, f"/{context['tenant'].slug}/"
    entries = list(entries)
    current_one = max(
        (root + one.path for one in (among or entries) if path.startswith(root + one.path)),
        key=len,
        default="",
    )
    groups = [
        (group, [(root + one.path, one.label, root + one.path == current_one) for one in those])
        for group, those in groupby(entries, key=attrgetter("group"))
    ]
    return {"groups": groups}


def _local(moment: datetime) -> datetime:
    tenant = current()
    return timezone.localtime(moment, ZoneInfo(tenant.zone)) if tenant else timezone.localtime(moment)


@register.filter
def when(moment: datetime | None) -> str:
    """11月21日 周六 09:30; a moment in another year also has the year."""
    if moment is None:
        return ""
    return words.dated(_local(moment), _local(timezone.now()))


@register.filter
def on_paper(moment: datetime | None) -> str:
    """2026年11月21日 09:30, for documents that are read years later."""
    if moment is None:
        return ""
    return date_format(
        _local(moment), "Y年n月j日 H:i" if (get_language() or "").startswith("zh") else "j F Y, H:i"
    )


@register.filter
def on_paper_day(moment: datetime | None) -> str:
    """2026年11月21日, the day of a document."""
    if moment is None:
        return ""
    zh = (get_language() or "").startswith("zh")
    return date_format(_local(moment), "Y年n月j日" if zh else "j F Y")


@register.filter
def day(value: date | datetime | None) -> str:
    """11月21日 周六"""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _local(value).date()
    if not (get_language() or "").startswith("zh"):
        return f"{value:%a %d %b %Y}"
    year = f"{value.year}年" if value.year != _local(timezone.now()).year else ""
    return f"{year}{value.month}月{value.day}日 周{words.WEEKDAYS[value.weekday()]}"


@register.filter
def iso(moment: datetime | None) -> str:
    """The moment for an HTML datetime attribute."""
    return moment.isoformat(timespec="minutes") if moment else ""


@register.inclusion_tag("components/_field.html")
def field(bound: Any, hint: str = "") -> dict[str, Any]:
    """A form field with its label, help and errors, linked for screen readers."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "textarea")
    described = [f"{bound.auto_id}-help"] if hint or bound.help_text else []
    if bound.errors:
        described.append(f"{bound.auto_id}-error")
    attrs: dict[str, Any] = {
        "class": CLASSES.get(kind, "form-control") + (" is-invalid" if bound.errors else "")
    }
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    many = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    if many:
        widget.attrs.setdefault("class", "form-check-input")
    return {
        "bound": bound,
        "control": bound if many else bound.as_widget(attrs=attrs),
        "kind": "group" if many else kind,
        "hint": hint or bound.help_text,
    }


@register.simple_tag(takes_context=True)
def tiles(context: template.Context) -> SafeString:
    """Attributes of a map: the layers under it, one per line, and the line that is written on it."""
    found = tiles_of(context["tenant"])
    return format_html('data-tiles="{}" data-tiles-note="{}"', "\n".join(found.layers), found.note)


CLASSES = {"select": "form-select", "checkbox": "form-check-input", "file": "form-control"}


@register.simple_tag(takes_context=True)
def without(context: template.Context, name: str) -> str:
    """The parameters of the present URL without one of them."""
    return query(context, **{name: ""})


@register.filter
def get_item(given: Any, name: str) -> str:
    """The value of a name in a mapping, empty if there is none."""
    return given.get(name, "")
