"""Tickets as JSON. A list row is made of values, never of an instance."""

from datetime import datetime
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from governance.access.actors import Actor
from tickets.intake.actions import Receipt
from tickets.states import Channel, Demand, State, Tier
from tickets.ticket import rights as ticket_rights
from tickets.ticket.models.ticket import Ticket

#: The columns for `as_row` and for the cursor of the next page.
COLUMNS = (
    "id",
    "number",
    "title",
    "summary",
    "state",
    "state_since",
    "outcome",
    "tier",
    "channel",
    "category__code",
    "area__code",
    "holder_unit__code",
    "lead_unit__code",
    "due_at",
    "promised_at",
    "private",
    "created_at",
    "closed_at",
)


class RowOut(serializers.Serializer):
    """A ticket in a list."""

    number = serializers.CharField(help_text="工单编号")
    title = serializers.CharField()
    summary = serializers.CharField(help_text="公开摘要，未填为空")
    state = serializers.ChoiceField(choices=State.choices)
    state_since = serializers.DateTimeField()
    outcome = serializers.CharField(allow_null=True, help_text="办结方式，未办结为 null")
    tier = serializers.ChoiceField(choices=Tier.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    category = serializers.CharField(allow_null=True, help_text="事项分类代码")
    area = serializers.CharField(allow_null=True, help_text="区域代码")
    holder = serializers.CharField(allow_null=True, help_text="责任单位代码")
    lead = serializers.CharField(allow_null=True, help_text="承办单位代码")
    due_at = serializers.DateTimeField(allow_null=True, help_text="本环节期限")
    promised_at = serializers.DateTimeField(allow_null=True, help_text="承诺办结时间")
    overdue = serializers.BooleanField()
    private = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class AnsweredOut(serializers.Serializer):
    """An answered question of the category."""

    question = serializers.IntegerField(allow_null=True)
    asked = serializers.CharField()
    answer = serializers.CharField()


class MoveOut(serializers.Serializer):
    """A move that the caller may make now."""

    verb = serializers.CharField()
    label = serializers.CharField()
    needs = serializers.ListField(child=serializers.CharField(), help_text="必填项")


class DetailOut(RowOut):
    """One ticket with the moves that the caller may make now."""

    text = serializers.CharField()
    size = serializers.CharField(allow_null=True, help_text="小事或大事，未分为 null")
    matter = serializers.ChoiceField(choices=Demand.choices)
    address = serializers.CharField()
    lat = serializers.DecimalField(9, 6, allow_null=True)
    lng = serializers.DecimalField(9, 6, allow_null=True)
    duty_item = serializers.CharField(allow_null=True, help_text="履职事项编号")
    returns = serializers.IntegerField()
    reworks = serializers.IntegerField()
    ended_level = serializers.CharField(allow_null=True)
    source_number = serializers.CharField(help_text="来源系统的编号，没有为空")
    source_due_at = serializers.DateTimeField(allow_null=True, help_text="来源系统要求的办结时间")
    answers = AnsweredOut(many=True)
    available_moves = MoveOut(many=True)


class ReceiptOut(serializers.Serializer):
    """The receipt of a report."""

    number = serializers.CharField(help_text="工单编号")
    state = serializers.ChoiceField(choices=State.choices)
    due_at = serializers.DateTimeField(allow_null=True, help_text="本环节期限")
    code = serializers.CharField(help_text="查询码")
    track_url = serializers.URLField(help_text="查询进度的网址")


def as_row(row: dict[str, Any], at: datetime) -> dict[str, Any]:
    """One row of a list as JSON."""
    due = row["due_at"]
    return {
        "number": row["number"],
        "title": row["title"],
        "summary": row["summary"],
        "state": row["state"],
        "state_since": row["state_since"],
        "outcome": row["outcome"] or None,
        "tier": row["tier"],
        "channel": row["channel"],
        "category": row["category__code"],
        "area": row["area__code"],
        "holder": row["holder_unit__code"],
        "lead": row["lead_unit__code"],
        "due_at": due,
        "promised_at": row["promised_at"],
        "overdue": bool(due and due < at and row["state"] != "closed"),
        "private": row["private"],
        "created_at": row["created_at"],
        "closed_at": row["closed_at"],
    }


def as_detail(ticket: Ticket, actor: Actor, at: datetime) -> dict[str, Any]:
    """One ticket as JSON, with the moves that this actor may make."""
    return {
        "number": ticket.number,
        "title": ticket.title,
        "summary": ticket.summary,
        "text": ticket.text,
        "state": ticket.state,
        "state_since": ticket.state_since,
        "outcome": ticket.outcome or None,
        "size": ticket.size or None,
        "tier": ticket.tier,
        "matter": ticket.matter,
        "channel": ticket.channel,
        "category": ticket.category and ticket.category.code,
        "area": ticket.area and ticket.area.code,
        "address": ticket.address,
        "lat": ticket.lat,
        "lng": ticket.lng,
        "holder": ticket.holder_unit and ticket.holder_unit.code,
        "lead": ticket.lead_unit and ticket.lead_unit.code,
        "duty_item": ticket.duty_item and ticket.duty_item.code,
        "due_at": ticket.due_at,
        "promised_at": ticket.promised_at,
        "overdue": ticket.is_overdue(at),
        "private": ticket.private,
        "returns": ticket.returns,
        "reworks": ticket.reworks,
        "created_at": ticket.created_at,
        "closed_at": ticket.closed_at,
        "ended_level": ticket.ended_level or None,
        "source_number": ticket.source_number,
        "source_due_at": ticket.source_due_at,
        "answers": [
            {"question": row["question_id"], "asked": row["asked"], "answer": row["text"]}
            for row in ticket.answered
        ],
        "available_moves": [
            {"verb": move.verb, "label": str(move.label), "needs": list(move.needs)}
            for move in ticket_rights.available(ticket, actor, ticket_rights.RuleFacts(ticket, at=at))
        ],
    }


def as_receipt(receipt: Receipt, request: Request) -> dict[str, Any]:
    """The receipt for the system that reported: number, state, due time, code and tracking address."""
    ticket, reporter = receipt.ticket, receipt.reporter
    track = f"/{request._request.tenant.slug}/track/?number={ticket.number}&code={reporter.code}"
    return {
        "number": ticket.number,
        "state": ticket.state,
        "due_at": ticket.due_at,
        "code": reporter.code,
        "track_url": request.build_absolute_uri(track),
    }
