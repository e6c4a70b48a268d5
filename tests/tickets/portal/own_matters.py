"""A resident's own matter for tests of its pages: its state, moves on it, its finish and its rating page."""

from django.utils import timezone

from governance.access import actors
from governance.tenancy.scope import scope
from tests.pages import folded
from tickets.models import Ticket
from tickets.orders import actions
from tickets.orders.actions import merging, rating_links

FIXED = {"outcome": "fixed", "answer": "已办好", "evidence": "现场处理"}


def stands(world, ticket):
    with scope(world.tenant):
        return Ticket.objects.get(pk=ticket.pk)


def make(world, ticket, who, verb, **given):
    with scope(world.tenant):
        actions.VERBS[verb](ticket, by=world.actor(who), at=timezone.now(), **given)


def keys_of(receipt):
    return {"number": receipt.ticket.number, "code": receipt.reporter.code}


def follower(world, ticket):
    """Add a follower to the ticket; returns (the reporter row, {number and the follower's code})."""
    with scope(world.tenant):
        joined = merging.follow(
            ticket, by=actors.public(world.tenant.pk), at=timezone.now(), name="", phone=""
        )
        return joined, {"number": ticket.number, "code": joined.code}


def finish(world, ticket):
    make(world, ticket, "community", "resolve", **FIXED)
    make(world, ticket, "worker", "verify", done=True, text="亮了")


def rate_page(world, client, reporter):
    with scope(world.tenant):
        token = rating_links.token_of(reporter, 0)
    return token, folded(client.get(f"/alpha/r/{token}/"))
