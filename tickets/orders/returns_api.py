"""REST API of the way back: closed tickets that came from another system, for its answer there."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.web.resources import (
    CURSOR,
    Resource,
    choice,
    moment_after,
    moment_cursor,
    page_of,
    require_scope,
)
from tickets.states import UNANSWERED, Channel, Outcome
from tickets.ticket.models.ratings import Rating
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.ticket import Ticket

PAGE = 100
COLUMNS = (
    "pk",
    "number",
    "source_number",
    "source_due_at",
    "channel",
    "result",
    "ended",
    "answer",
    "solved",
)
ANSWERS = ("resolve", "self_resolve", "decline")


class ReturnOut(serializers.Serializer):
    """A closed ticket as the system that it came from needs it."""

    source_number = serializers.CharField(help_text="来源系统的编号")
    source_due_at = serializers.DateTimeField(allow_null=True)
    channel = serializers.ChoiceField(choices=Channel.choices)
    number = serializers.CharField(help_text="工单编号")
    outcome = serializers.ChoiceField(choices=Outcome.choices, help_text="办结方式")
    answer = serializers.CharField(allow_null=True, help_text="对居民公开的答复，没有为 null")
    solved = serializers.BooleanField(allow_null=True, help_text="反映人评价是否解决，未评价为 null")
    closed_at = serializers.DateTimeField()


class ReturnViewSet(Resource):
    """Closed tickets with a number of another system, by the time of closing."""

    subject = "工单"
    parameters = {"list": ("channel", "cursor")}
    serializer_class = ReturnOut

    @extend_schema(
        summary="取回办结结果",
        parameters=[OpenApiParameter("channel", str, enum=list(Channel.values), description="来源"), CURSOR],
        responses=page_of(ReturnOut),
    )
    def list(self, request: Request) -> Response:
        """Up to 100 closed tickets, the earliest closed first.

        Results come about a minute after the end. `next` is null on an empty page; keep the last one and ask again
        later. A ticket that is reopened and closed again comes again; a merged one comes with the result of the one
        that it went to. The token needs the scope tickets:read.
        """
        actor, asked = request._request.actor, request.query_params
        require_scope(actor, Permission.TICKET_READ, scope="tickets:read")
        found = _ended(actor)
        if channel := choice(asked.get("channel", ""), Channel.values, "channel"):
            found = found.filter(channel=channel)
        if last := moment_after(asked.get("cursor", "")):
            moment, pk = last
            found = found.filter(Q(ended__gt=moment) | Q(ended=moment, pk__gt=pk))
        rows = list(found.order_by("ended", "pk").values(*COLUMNS)[:PAGE])
        following = moment_cursor(rows[-1]["ended"], rows[-1]["pk"]) if rows else None
        return Response({"results": [_as_return(row) for row in rows], "next": following})


def _ended(actor: Actor) -> QuerySet[Ticket]:
    """The visible tickets with a number of another system that have ended; a merged one ends with the one it went to.

    Answer and rating are those of the last ending: none for a ticket that ended without an answer.
    """
    seen = Ticket.objects.visible_to(actor)
    merged = Q(merged_into=None) | Q(merged_into__in=seen)
    found = seen.filter(merged, ~Q(source_number=""), state="closed").annotate(
        whole=Coalesce("merged_into_id", "pk"),
        ended=Case(When(merged_into=None, then=F("closed_at")), default=F("merged_into__closed_at")),
        result=Coalesce("merged_into__outcome", "outcome"),
        rounds=Coalesce("merged_into__reworks", "reworks"),
    )
    answers = Remark.objects.filter(
        ticket=OuterRef("whole"), verb__in=ANSWERS, visibility=Remark.Visibility.PUBLIC
    ).order_by("-at", "-id")
    ratings = Rating.objects.filter(
        Q(proven=True) | Q(aloud_by__isnull=False), ticket=OuterRef("whole"), round=OuterRef("rounds")
    ).order_by("-id")
    told = Case(
        When(result__in=UNANSWERED, then=Value(None)),
        default=Subquery(answers.values("text")[:1]),
        output_field=TextField(null=True),
    )
    return found.filter(ended__lt=_complete_until()).annotate(
        answer=told, solved=Subquery(ratings.values("solved")[:1])
    )


def _complete_until() -> datetime:
    """The moment before which no ticket can still end unseen: a running request may commit a moment before now.

    It is a minute before the oldest running transaction of this database began. One statement.
    """
    with connection.cursor() as sql:
        sql.execute(
            "SELECT least(min(xact_start), clock_timestamp()) - interval '1 minute' FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return sql.fetchone()[0]


def _as_return(row: dict[str, Any]) -> dict[str, Any]:
    renamed = {"outcome": row["result"], "closed_at": row["ended"]}
    return {name: renamed.get(name, row.get(name)) for name in ReturnOut().fields}
