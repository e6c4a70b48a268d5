"""Open a ticket by number and code, and count wrong codes.

They are counted for each address, and for each number over all addresses. A number is never locked, or anybody could
lock out the person who reported: after many wrong codes each address gets fewer tries on it.
"""

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.web import limits
from governance.web.client_address import client_address
from tickets.portal.forms import FollowForm
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket

GUESSES, WINDOW = 10, 15 * 60  # wrong codes per network address and number, in seconds
GUESSES_IN_ALL = 60
NUMBER_UNDER_ATTACK, TRIES_THEN = (
    50,
    2,
)  # wrong codes on one number from all addresses; tries of each after that


def reporter_of(ticket: Ticket, reporter: Reporter) -> Actor:
    """The reporter as an actor."""
    return Actor(kind="reporter", tenant_id=ticket.tenant_id, reporter_id=reporter.pk)


def open_by_code(request: HttpRequest, form: FollowForm) -> tuple[Ticket, Reporter] | None:
    """The ticket and the reporter for number and code, or None with the reason in the form."""
    if not form.is_valid():
        return None
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    address = client_address(request)
    place = f"follow:{request.tenant.pk}"
    own, in_all, of_number = f"{place}:{address}:{number}", f"{place}:{address}", f"{place}::{number}"
    attacked = limits.reached({of_number: NUMBER_UNDER_ATTACK})
    keys = {own: TRIES_THEN if attacked else GUESSES, in_all: GUESSES_IN_ALL}
    if limits.reached(keys):
        form.add_error(None, _("查询码输错次数太多，请 15 分钟后再试。"))
        form.status = 429
        return None
    found = _of_code(number, code)
    if found is None:
        limits.count([*keys, of_number], WINDOW)
        form.add_error(None, _("工单编号或查询码有误，请核对。"))
        form.status = 404
    return found


def _of_code(number: str, code: str) -> tuple[Ticket, Reporter] | None:
    related = ("category", "area", "holder_unit", "lead_unit", "merged_into")
    ticket = Ticket.objects.filter(number=number).select_related(*related).first()
    if ticket is None:
        return None
    for reporter in ticket.reporters.filter(member=None).order_by("id"):
        if constant_time_compare(reporter.code, code):
            return ticket, reporter
    return None
