"""Save, rename and delete views (常用视图), and choose their columns."""

import re
from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.errors import Conflict, Invalid
from governance.web import fields as web_fields
from tickets.lists import columns
from tickets.lists.filters import address_of
from tickets.lists.models.saved import SavedView
from tickets.lists.queries import MOST_VIEWS, own_view


def keep(*, name: str, query: Mapping[str, str], shown: str, shared: bool, by: Actor) -> SavedView:
    """Save the filters of an address under a name; a shared view is saved without search words.

    Raises Invalid or Conflict naming the field.
    """
    name = _named(name, by)
    if _has_a_number(query.get("q", "")):
        raise Invalid(_("电话号码不能存进常用视图"), code="personal", field="name")
    if SavedView.objects.filter(member_id=by.member_id).exclude(name="").count() >= MOST_VIEWS:
        raise Invalid(
            _("常用视图最多 %(n)d 个，请先删去不用的") % {"n": MOST_VIEWS}, code="too_many", field="name"
        )
    kept = {
        key: value for key, value in query.items() if not (shared and key == "q")
    }  # search words may name a person
    address = address_of(kept)
    if len(address) > 500:
        raise Invalid(_("筛选条件太多，存不下"), code="too_long", field="name")
    unit = by.unit_id if shared else None
    given = {"member_id": by.member_id, "name": name, "query": address, "columns": shown, "unit_id": unit}
    try:
        with transaction.atomic():
            return SavedView.objects.create(**given)
    except IntegrityError as error:  # the form was submitted twice
        raise _taken(name) from error


def rename(pk: int, name: str, *, by: Actor) -> SavedView:
    """Rename one of the actor's views. Raises Missing, Invalid or Conflict."""
    view = own_view(pk, by)
    if web_fields.trimmed(name) != view.name:
        view.name = _named(name, by)
        view.save(update_fields=["name"])
    return view


def drop(pk: int, *, by: Actor) -> None:
    """Delete one of the actor's views; raises Missing."""
    own_view(pk, by).delete()


def choose_columns(codes: Iterable[str], *, by: Actor, pk: int | None = None) -> bool:
    """Show these columns from now on: in the actor's view `pk` (then True), else in every list opened without
    a view."""
    shown = columns.read(codes)
    named = SavedView.objects.filter(member_id=by.member_id).exclude(name="")
    if pk and named.filter(pk=pk).update(columns=shown):
        return True
    with transaction.atomic():
        SavedView.objects.update_or_create(member_id=by.member_id, name="", defaults={"columns": shown})
    return False


def _named(name: str, by: Actor) -> str:
    name = web_fields.trimmed(name)
    if not name:
        raise Invalid(_("请填写名称"), code="required", field="name")
    if len(name) > 40:
        raise Invalid(_("名称最多 40 个字"), code="too_long", field="name")
    if SavedView.objects.filter(member_id=by.member_id, name=name).exists():
        raise _taken(name)
    return name


def _taken(name: str) -> Conflict:
    return Conflict(_("已有名为“%(name)s”的视图") % {"name": name}, code="taken", field="name")


def _has_a_number(words: str) -> bool:
    """Seven or more digits, even with spaces or hyphens between, may be a phone or an identity number."""
    return bool(re.search(r"\d{7,}", re.sub(r"[\s-]", "", words)))
