"""Moves of a reporter on their ticket: answer, add, withdraw, have it done again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.errors import Conflict, IllegalMove
from governance.tenancy.scope import current
from tickets.orders.actions import resident_questions, with_photos
from tickets.portal.access import reporter_of
from tickets.portal.forms import FollowForm
from tickets.public import state_words
from tickets.ticket import rights as ticket_rights
from tickets.ticket.forms import PhotosField, lost_photos
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket

UNDO_FOR = timedelta(minutes=10)  # to withdraw a mistaken report at once (domain.md B10)
#: verb -> (heading, label of the text, button, name of the action's field)
SAYINGS: dict[str, tuple[Any, Any, Any, str]] = {
    "reply": (gettext_lazy("补充说明"), gettext_lazy("补充内容"), gettext_lazy("提交补充"), "text"),
    "add": (gettext_lazy("补充情况"), gettext_lazy("补充内容"), gettext_lazy("提交补充"), "text"),
    "withdraw": (gettext_lazy("撤回反映"), gettext_lazy("撤回原因"), gettext_lazy("确认撤回"), "reason"),
    "reopen": (gettext_lazy("要求重办"), gettext_lazy("哪里没有办好"), gettext_lazy("提交重办"), "reason"),
}
#: (heading, label of the text, button) for a follower that withdraws
LEAVING = (gettext_lazy("不再关注"), gettext_lazy("不再关注的原因"), gettext_lazy("不再关注"))


class SayForm(FollowForm):
    """Number and code, and the resident's text."""

    text = forms.CharField(max_length=settings.MAX_TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))
    photos = PhotosField(
        label=gettext_lazy("照片"),
        required=False,
        help_text=gettext_lazy("最多 20 张，每张不超过 15 MB，合计不超过 60 MB"),
    )

    def __init__(self, *args: Any, verb: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{verb}-%s"  # one page shows several of these forms
        if verb not in with_photos.WITH_PHOTOS:
            del self.fields["photos"]
        self.fields["text"].label = SAYINGS[verb][1]
        for name in ("number", "code"):
            self.fields[name].widget = forms.HiddenInput()

    def lost_photos(self) -> int:
        """The number of photos sent with a form that was not stored."""
        return lost_photos(self)


def available_moves(ticket: Ticket, reporter: Reporter, at: datetime) -> list[dict[str, Any]]:
    """The moves that this reporter can make now, each with its form.

    The author answers an open question with `reply`; `add` is for followers, and for the author while no
    question is open.
    """
    if reporter.left_at is not None:
        return []
    by = reporter_of(ticket, reporter)
    verbs = {move.verb for move in ticket_rights.available(ticket, by)}
    if whole := ticket.merged_into:
        verbs |= {move.verb for move in ticket_rights.available(whole, by)} & set(with_photos.WITH_PHOTOS)
    if "reply" in verbs:
        unread = whole and whole.private  # a question on another reporter's private ticket
        answers = not unread and resident_questions.is_author(whole or ticket, reporter.pk)
        verbs.discard("add" if answers else "reply")
    window = timedelta(days=current().setting("reopen_days"))
    if ticket.closed_at and at > ticket.closed_at + window:
        verbs.discard("reopen")
    initial = {"number": ticket.number, "code": reporter.code}
    return [saying_of(verb, SayForm(initial=initial, verb=verb)) for verb in SAYINGS if verb in verbs]


def undo_of(ticket: Ticket, reporter: Reporter, at: datetime, *, author: bool) -> SayForm | None:
    """The form to withdraw a fresh report, with the reason filled in; None if that is not possible."""
    fresh = at <= reporter.created_at + UNDO_FOR
    if not fresh or all(one["verb"] != "withdraw" for one in available_moves(ticket, reporter, at)):
        return None
    reason = _("提交后随即撤回") if author else _("关注后随即取消")
    initial = {"number": ticket.number, "code": reporter.code, "text": reason}
    return SayForm(initial=initial, verb="withdraw")


def saying_of(verb: str, form: SayForm) -> dict[str, Any]:
    heading, _asked, button, _field = SAYINGS[verb]
    return {"verb": verb, "heading": heading, "button": button, "form": form}


def as_follower(saying: dict[str, Any]) -> dict[str, Any]:
    """The same move in the wording for a follower."""
    if saying["verb"] != "withdraw":
        return saying
    heading, asked, button = LEAVING
    saying["form"].fields["text"].label = asked
    return saying | {"heading": heading, "button": button}


#: What a resident reads when a move is no longer possible, instead of the staff's words for states and moves.
_TOO_LATE = {
    "reply": gettext_lazy("该事项当前状态为“%(state)s”，无需补充说明。仍有情况反映的，请用“补充情况”。"),
    "add": gettext_lazy("该事项当前状态为“%(state)s”，不能再补充。未办好的，可要求重办或重新反映。"),
    "withdraw": gettext_lazy("该事项当前状态为“%(state)s”，不能再撤回。"),
    "reopen": gettext_lazy("该事项当前状态为“%(state)s”，不能要求重办。情况有变化的，请重新反映。"),
}


@contextmanager
def in_residents_words(verb: str, ticket: Ticket) -> Iterator[None]:
    """Say a refusal of a resident's move in residents' words; raises Conflict instead of IllegalMove."""
    try:
        yield
    except IllegalMove as error:
        ticket.refresh_from_db(fields=["state", "outcome"])
        state = state_words.state_in_plain_words(ticket.state, ticket.outcome)
        raise Conflict(_TOO_LATE[verb] % {"state": state}, code=error.code) from error
