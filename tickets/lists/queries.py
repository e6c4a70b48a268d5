"""Saved views that a member sees, and the exports that a member ordered."""

from collections.abc import Iterable

from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.errors import Missing
from tickets.lists.models.exports import Export
from tickets.lists.models.saved import SavedView

MOST_VIEWS = 30


def exports_of(by: Actor) -> list[Export]:
    """The exports that the actor ordered, the newest first; 20 at most."""
    return list(Export.objects.filter(member_id=by.member_id).order_by("-created_at", "-pk")[:20])


def views_seen_by(actor: Actor) -> list[SavedView]:
    """The actor's own views, the nameless one included, then those shared with the actor's units.

    One statement.
    """
    own = Q(member_id=actor.member_id)
    shared = Q(unit_id__in=sorted(actor.unit_ids))
    first = Case(When(own, then=Value(0)), default=Value(1))
    found = SavedView.objects.filter(own | shared).select_related("member")
    return list(found.order_by(first, "name", "pk")[: MOST_VIEWS * 3])


def open_view(views: Iterable[SavedView], wanted: str, by: Actor) -> SavedView | None:
    """The named view with the id `wanted`, else the actor's nameless view, else None."""
    named = next((view for view in views if view.name and str(view.pk) == wanted), None)
    return named or next((view for view in views if not view.name and view.member_id == by.member_id), None)


def own_view(pk: int, by: Actor) -> SavedView:
    """The actor's own named view; raises Missing."""
    found = SavedView.objects.filter(pk=pk, member_id=by.member_id).exclude(name="").first()
    if found is None:
        raise Missing(_("该常用视图不存在"))
    return found
