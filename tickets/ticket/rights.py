"""Check whether an actor may make a move on a ticket now: by the table of moves, extra rules, and posts."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Forbidden, IllegalMove, Invalid
from governance.tenancy.scope import current
from tickets.catalog import marks
from tickets.states import Asking, Demand, Outcome, Ruling, State
from tickets.ticket import accused
from tickets.ticket.models.ticket import Assistant, Ticket
from tickets.workflow import MOVES, NEAR_THE_PLACE, Move, moves_from

#: From `handling` a ticket can only go up if this level handles it itself: verb -> the state it came from.
UP_FROM = {"upgrade": State.REPORTED, "refer": State.ESCALATED}
#: Verbs that a centre may no longer use once the county's ruling is due.
BEFORE_RULING = frozenset({"dispatch", "take_up", "refer", "send_back", "split", "decline"})
#: Outcomes after which a closed ticket may be reopened.
WORKED_ON = frozenset({Outcome.FIXED, Outcome.EXPLAINED, Outcome.CANNOT, Outcome.NOT_OURS})


class RuleFacts:
    """Facts that the rules need besides the ticket's row; each is read when needed, or given by the caller.

    Without a time `at`, rules that depend on it are left to the action.
    """

    def __init__(
        self,
        ticket: Ticket,
        *,
        assistants: list[Assistant] | None = None,
        open_agreements: bool | None = None,
        asked_by: int | None = None,
        at: datetime | None = None,
    ) -> None:
        self.ticket, self.at = ticket, at
        if asked_by is not None:
            self.asked_by = asked_by
        if assistants is not None:
            self.assistants = assistants
        if open_agreements is not None:
            self.open_agreements = open_agreements

    @cached_property
    def assistants(self) -> list[Assistant]:
        """All the ticket's assistants."""
        return list(self.ticket.assistants.all()) if self.ticket.pk else []

    @cached_property
    def asked_by(self) -> int | None:
        """The member that made the open request, None if there is none."""
        if not self.ticket.pending:
            return None
        return self.ticket.approvals.filter(verdict="").values_list("asked_by_id", flat=True).first()

    @cached_property
    def open_agreements(self) -> bool:
        """Has a dispute an agreement that nobody followed up yet?"""
        agreements = self.ticket.agreements.filter(followed_at=None)
        return marks.is_dispute(self.ticket.category_id) and agreements.exists()


def check(
    ticket: Ticket, verb: str, *, by: Actor, expected: str = "", facts: RuleFacts | None = None
) -> Move:
    """The move, if this actor may make it now; raises Invalid for an unknown verb, IllegalMove, Forbidden.

    `expected` is the state that the actor saw; a different state means that a colleague was faster.
    """
    facts = facts or RuleFacts(ticket)
    move = MOVES.get(verb)
    if move is None:
        raise Invalid(_("没有“%(verb)s”这个动作") % {"verb": verb[:40]}, code="unknown_verb", field="verb")
    if expected and expected != ticket.state:
        raise IllegalMove(
            _("工单已变为“%(state)s”，请刷新后再办") % {"state": ticket.get_state_display()}, code="stale"
        )
    if not move.built:
        raise IllegalMove(_("“%(label)s”尚未开通") % {"label": move.label}, code="not_built")
    if ticket.state not in move.sources:
        raise IllegalMove(
            _("“%(state)s”的工单不能“%(label)s”") % {"state": ticket.get_state_display(), "label": move.label}
        )
    require_fit(move, facts)
    require_right(move, facts, by)
    return move


def available(ticket: Ticket, by: Actor, facts: RuleFacts | None = None) -> list[Move]:
    """The moves this actor may make now: the buttons of the page and the API's available_moves."""
    return offers(ticket, by, facts)[0]


#: Refusals that the page shows instead of the button, so that the member knows who or what is awaited.
WORTH_SAYING = frozenset({"own_work", "own_request", "assistants_open", "already_due"})


def offers(ticket: Ticket, by: Actor, facts: RuleFacts | None = None) -> tuple[list[Move], list[str]]:
    """The moves this actor may make now and that can succeed, and why others are withheld, each sentence once."""
    found, withheld, facts = [], {}, facts or RuleFacts(ticket)
    for move in moves_from(State(ticket.state)):
        try:
            require_fit(move, facts)
            require_right(move, facts, by)
            if foreseen := _FORESEEN.get(move.verb):
                foreseen(facts)
            if answers_a_request(move, ticket):
                _not_the_own_request(facts, by)
        except (Forbidden, IllegalMove) as error:
            if error.code in WORTH_SAYING:
                withheld[str(error)] = None
        else:
            found.append(move)
    return found, list(withheld)


# -- extra rules of the ticket


def require_fit(move: Move, facts: RuleFacts) -> None:
    """Raise IllegalMove if the state allows the verb but another rule of the ticket does not."""
    ticket = facts.ticket
    label = {"label": move.label}
    level = UP_FROM.get(move.verb)
    if level and ticket.state == State.HANDLING and ticket.came_from != level:
        raise IllegalMove(_("该事项不由本级自办，不能“%(label)s”") % label)
    if move.asks and ticket.pending:
        raise IllegalMove(
            _("已有一项“%(what)s”待批") % {"what": ticket.get_pending_display()}, code="pending"
        )
    if move.decides and ticket.pending != move.decides:
        raise IllegalMove(_("没有待批的“%(what)s”") % {"what": Asking(move.decides).label})
    if move.verb in BEFORE_RULING and ticket.ruling == Ruling.DUE:
        raise IllegalMove(_("已多次退单，只能由区县裁定"), code="ruling_due")
    if move.verb == "follow_up" and not facts.open_agreements:
        raise IllegalMove(_("没有待回访的协议"))
    if move.verb == "assist_waive" and not any(part.is_open for part in facts.assistants):
        raise IllegalMove(_("没有未办完的协办"), code="no_assistant")
    if special := _EXTRA_RULES.get(move.verb):
        special(ticket)


def tellable(ticket: Ticket) -> bool:
    """Could the ticket be shown to the public, whatever its age and end? No statement."""
    hidden = marks.categories() | marks.unlisted()
    told = not (ticket.private or ticket.against_unit_id or ticket.parent_id)
    return told and ticket.matter != Demand.ACCUSATION and ticket.category_id not in hidden


def _tellable(ticket: Ticket) -> None:
    if not tellable(ticket):
        raise IllegalMove(_("该事项不公开，不能填写公开摘要"), code="not_public")


def _returnable(ticket: Ticket) -> None:
    if ticket.ruling == Ruling.GIVEN:
        raise IllegalMove(_("区县已裁定由本单位承办，不能退单"), code="ruled")
    if ticket.returns >= current().setting("return_limit"):
        raise IllegalMove(
            _("已退单 %(n)d 次，只能由区县裁定") % {"n": ticket.returns}, code="return_limit", field="reason"
        )


def _transferable(ticket: Ticket) -> None:
    if ticket.ruling == Ruling.GIVEN:
        raise IllegalMove(_("区县已裁定由本单位承办，不能申请改派"), code="ruled")
    _another_dispatched(ticket)


def _another_dispatched(ticket: Ticket) -> None:
    if ticket.dispatched_by_id in {None, ticket.lead_unit_id}:
        raise IllegalMove(_("该事项由本单位自办，无需申请"), code="own_matter")


def _deferrable(ticket: Ticket) -> None:
    own = not ticket.pending and ticket.dispatched_by_id in {None, ticket.lead_unit_id}
    if ticket.pending != Asking.DEFERRAL and not own:
        raise IllegalMove(_("请承办单位先申请挂账"), code="not_asked")


def _extendable(ticket: Ticket) -> None:
    limit = current().setting("extension_limit")
    if ticket.extensions >= limit:
        raise IllegalMove(_("最多延期 %(n)d 次") % {"n": limit}, code="extension_limit", field="days")


def _supervisable(ticket: Ticket) -> None:
    if ticket.supervised:
        raise IllegalMove(_("已在督办中，请等待回复"), code="supervised")


def _answerable(ticket: Ticket) -> None:
    if not ticket.supervised:
        raise IllegalMove(_("没有待回复的督办"))


def _undoable_merge(ticket: Ticket) -> None:
    if ticket.merged_into_id is None:
        raise IllegalMove(_("该工单未并入其他工单"))


def _mergeable(ticket: Ticket) -> None:
    if ticket.parent_id is not None:
        raise IllegalMove(_("拆分出的工单不能并单"))


def _workable_again(ticket: Ticket) -> None:
    if ticket.state == State.CLOSED and (ticket.outcome not in WORKED_ON or ticket.parent_id is not None):
        raise IllegalMove(_("这样结束的工单不能重办"))


def _voidable(ticket: Ticket) -> None:
    if ticket.pending not in {"", Asking.VOID}:
        raise IllegalMove(
            _("已有一项“%(what)s”待批") % {"what": ticket.get_pending_display()}, code="pending"
        )


def _about_to_be_void(ticket: Ticket) -> None:
    if ticket.pending != Asking.VOID:
        raise IllegalMove(_("没有待批的“%(what)s”") % {"what": Asking.VOID.label})


def _mediable(ticket: Ticket) -> None:
    if not marks.is_dispute(ticket.category_id):
        raise IllegalMove(_("只有纠纷类事项可以调解"), code="no_dispute")


# -- refusals of the action that can be foreseen: such a move is not offered


def _all_assistants_done(facts: RuleFacts) -> None:
    if any(part.is_open for part in facts.assistants):
        raise IllegalMove(_("协办办结后方可办结，或先取消协办"), code="assistants_open")


def _still_in_time(facts: RuleFacts) -> None:
    promised = facts.ticket.promised_at
    if facts.at is not None and (promised is None or promised <= facts.at):
        raise IllegalMove(_("已到期，不能再申请延期"), code="already_due")


def _no_part_taken_up(facts: RuleFacts) -> None:
    if facts.ticket.parts.exclude(state=facts.ticket.before).exists():
        raise IllegalMove(_("拆分出的事项已在办理，不能撤销拆分"), code="part_taken_up")


_FORESEEN: dict[str, Callable[[RuleFacts], None]] = {
    "resolve": _all_assistants_done,
    "request_extension": _still_in_time,
    "unite": _no_part_taken_up,
}


def answers_a_request(move: Move, ticket: Ticket) -> bool:
    """Does the move decide the request that is open on the ticket?"""
    also = {"reassign": Asking.TRANSFER, "defer": Asking.DEFERRAL, "void": Asking.VOID}
    asked = move.decides or also.get(move.verb)
    return bool(asked) and ticket.pending == asked


def _not_the_own_request(facts: RuleFacts, by: Actor) -> None:
    if by.member_id is not None and facts.asked_by == by.member_id:
        raise Forbidden(_("本人提出的申请，由他人批复"), code="own_request")


def _not_back_to_the_accused(ticket: Ticket) -> None:
    below = State.REPORTED if ticket.state == State.ESCALATED else State.ESCALATED
    if accused.passed_over(ticket, below) != below:
        message = _("该事项反映的是%(unit)s，不能退回该单位或其上下级单位")
        raise IllegalMove(message % {"unit": ticket.against_unit.name}, code="against_it")


_EXTRA_RULES: dict[str, Callable[[Ticket], None]] = {
    "send_back": _not_back_to_the_accused,
    "return_ticket": _returnable,
    "request_transfer": _transferable,
    "request_deferral": _another_dispatched,
    "defer": _deferrable,
    "request_extension": _extendable,
    "summarize": _tellable,
    "supervise": _supervisable,
    "answer_supervision": _answerable,
    "merge": _mergeable,
    "unmerge": _undoable_merge,
    "reopen": _workable_again,
    "callback": _workable_again,
    "void": _voidable,
    "keep": _about_to_be_void,
    "mediate": _mediable,
    "sign": _mediable,
}


# -- the actor's posts


def require_right(move: Move, facts: RuleFacts, by: Actor) -> None:
    """Raise Forbidden with the reason unless the actor may make the move in the ticket's state."""
    ticket = facts.ticket
    if ticket.against_unit_id in by.line:
        raise Forbidden(_("该事项反映的是您的单位或其上下级单位，您须回避"), code="sealed")
    by = accused.in_the_centres_place(ticket, by)
    if by.is_system:
        if not move.system and not by.extra.get("history"):
            raise Forbidden(_("平台不会自动“%(label)s”") % {"label": move.label})
    elif by.kind == "reporter":
        if not move.reporter:
            raise Forbidden(_("反映人不能“%(label)s”") % {"label": move.label})
    elif not (move.assistant and assistant_part(facts, by, move)):
        _by_post(move, ticket, by)
        if personal := _PERSONAL.get(move.verb):
            personal(ticket, by)


def _another_verifies(ticket: Ticket, by: Actor) -> None:
    if current().setting("verify_by_other") and by.member_id == ticket.handled_by_id is not None:
        raise Forbidden(_("您是办理人，须由他人核实"), code="own_work")


def _another_reads_out(ticket: Ticket, by: Actor) -> None:
    if by.member_id == ticket.handled_by_id is not None:
        raise Forbidden(_("办理人不能代居民评价自己办理的事项"), code="own_work")


def _worked_on_by_the_own_street(ticket: Ticket, by: Actor) -> None:
    if ticket.state == State.HANDLING and ticket.dispatched_by_id not in by.unit_ids:
        raise Forbidden(_("事项不是由您的街道办理的"))


def _another_holds(ticket: Ticket, by: Actor) -> None:
    if ticket.holder_unit_id in by.unit_ids_with(Permission.TICKET_HANDLE):
        raise Forbidden(_("事项就在本单位办理，不必催办"), code="own_matter")


#: Rules about the person, beyond the rights of the posts.
_PERSONAL: dict[str, Callable[[Ticket, Actor], None]] = {
    "verify": _another_verifies,
    "rate": _another_reads_out,
    "refer": _worked_on_by_the_own_street,
    "urge": _another_holds,
}


def _by_post(move: Move, ticket: Ticket, by: Actor) -> None:
    rights = move.who.get(getattr(ticket, move.who_at))
    if rights is None:
        if move.assistant:
            raise Forbidden(_("您的单位不是该事项的协办单位，或协办已办结"))
        raise Forbidden(_("“%(label)s”由平台自动进行") % {"label": move.label})
    if move.decides or (ticket.pending == Asking.DEFERRAL and move.verb == "defer"):
        _approver(rights[0], ticket, by)
    else:
        _any_of(rights, ticket, by)
    if move.near:
        _near(ticket, by)


def _any_of(rights: tuple[Permission, ...], ticket: Ticket, by: Actor) -> None:
    for permission in rights[:-1]:
        if policy.can(by, permission, ticket):
            return
    policy.require(by, rights[-1], ticket)


def _approver(permission: Permission, ticket: Ticket, by: Actor) -> None:
    if ticket.pending_unit_id not in by.unit_ids_with(permission):
        raise Forbidden(_("这项申请不由您的单位批复"))


def _near(ticket: Ticket, by: Actor) -> None:
    if not by.has_role(*NEAR_THE_PLACE) and ticket.holder_unit_id not in by.unit_ids:
        raise Forbidden(_("由事发地的网格或社区核实"))


def assistant_part(facts: RuleFacts, by: Actor, move: Move) -> Assistant | None:
    """The open part of the assistant in the actor's unit, if the verb fits its stage; else None."""
    units = by.unit_ids_with(move.assistant) if move.assistant else ()
    for part in facts.assistants if units else ():
        accepted = part.accepted_at is not None
        staged = {"assist_accept": not accepted, "assist_finish": accepted}.get(move.verb, True)
        if part.unit_id in units and part.is_open and staged:
            return part
    return None
