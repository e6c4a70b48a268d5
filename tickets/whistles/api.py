"""REST API of whistles: blow, list, read, move."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Invalid, Missing
from governance.web.fields import as_form_data, client_id_of
from governance.web.pages import takes
from governance.web.resources import CURSOR, PhotoOut, Resource, after, page_of, require_scope
from governance.web.serializers import Strict, require_types
from grids.models import Area
from tickets.ticket import queries as ticket_queries
from tickets.ticket.decoding import MOST_BODY_OF_ONE
from tickets.whistles import actions, queries, rights
from tickets.whistles.actions import blowing
from tickets.whistles.actions import photos as whistle_photos
from tickets.whistles.forms import WhistleMoveForm, called_of
from tickets.whistles.models import Whistle
from tickets.whistles.rights import Offer
from tickets.whistles.workflow import MOVES, Part, WhistleKind


class PartyIn(Strict):
    """One summoned party: a unit, optionally one of its members, and the role."""

    unit = serializers.CharField(max_length=40)
    person = serializers.IntegerField(required=False, allow_null=True, default=None)
    role = serializers.ChoiceField(choices=Part.choices, required=False, default=Part.UNIT)


class BlowIn(Strict):
    """The reason, the place and the parties of a whistle; with `ticket`, the place is the ticket's."""

    kind = serializers.ChoiceField(choices=WhistleKind.choices)
    text = serializers.CharField(max_length=settings.MAX_TEXT_LENGTH)
    ticket = serializers.CharField(max_length=32, required=False, default="")
    area = serializers.CharField(max_length=20, required=False, default="")
    address = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    lat = serializers.DecimalField(9, 6, min_value=-90, max_value=90, required=False, default=None)
    lng = serializers.DecimalField(9, 6, min_value=-180, max_value=180, required=False, default=None)
    arrive_by = serializers.DateTimeField(required=False, default=None)
    units = serializers.ListField(child=serializers.CharField(max_length=40), required=False, default=list)
    parties = PartyIn(many=True, required=False, default=list)


class WhistleMoveIn(Strict):
    """A verb with its parameters; `party` is the party concerned, `expected` the state that the caller
    saw."""

    verb = serializers.CharField(max_length=40)
    expected = serializers.CharField(max_length=20, required=False)
    party = serializers.IntegerField(required=False)
    reason = serializers.CharField(required=False)
    text = serializers.CharField(required=False)
    code = serializers.CharField(max_length=6, required=False)
    lat = serializers.DecimalField(9, 6, required=False)
    lng = serializers.DecimalField(9, 6, required=False)
    units = serializers.ListField(child=serializers.CharField(), required=False)
    task = serializers.IntegerField(required=False)
    done = serializers.BooleanField(required=False)
    in_time = serializers.IntegerField(required=False, min_value=1, max_value=5)
    together = serializers.IntegerField(required=False, min_value=1, max_value=5)
    solved = serializers.IntegerField(required=False, min_value=1, max_value=5)
    needed = serializers.IntegerField(required=False, min_value=1, max_value=5)
    clear = serializers.IntegerField(required=False, min_value=1, max_value=5)


class WhistleRowOut(serializers.Serializer):
    """A whistle in a list."""

    number = serializers.CharField(help_text="哨号")
    kind = serializers.ChoiceField(choices=WhistleKind.choices)
    state = serializers.CharField()
    text = serializers.CharField()
    area = serializers.CharField(help_text="区域代码")
    address = serializers.CharField()
    blown_by = serializers.CharField(help_text="吹哨单位代码")
    ticket = serializers.CharField(allow_null=True, help_text="工单编号")
    summoned = serializers.IntegerField(help_text="召集的单位数")
    there = serializers.IntegerField(help_text="已到场的单位数")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class WhistlePartyOut(serializers.Serializer):
    """A summoned party."""

    id = serializers.IntegerField()
    unit = serializers.CharField(help_text="单位代码")
    person = serializers.IntegerField(allow_null=True)
    role = serializers.ChoiceField(choices=Part.choices)
    stage = serializers.CharField()
    overruled = serializers.BooleanField()
    reason = serializers.CharField()
    decision = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    on_site_at = serializers.DateTimeField(allow_null=True)
    left_at = serializers.DateTimeField(allow_null=True)
    seen_by = serializers.CharField()
    distance = serializers.IntegerField(allow_null=True, help_text="签到处距现场的米数")
    ratings = serializers.JSONField()


class WhistleOut(serializers.Serializer):
    """One whistle with its parties, and the moves that the caller may make now."""

    number = serializers.CharField(help_text="哨号")
    kind = serializers.ChoiceField(choices=WhistleKind.choices)
    state = serializers.CharField()
    text = serializers.CharField()
    address = serializers.CharField()
    lat = serializers.DecimalField(9, 6, allow_null=True)
    lng = serializers.DecimalField(9, 6, allow_null=True)
    arrive_by = serializers.DateTimeField(allow_null=True)
    result = serializers.CharField()
    area = serializers.CharField(help_text="区域代码")
    ticket = serializers.CharField(allow_null=True, help_text="工单编号")
    blown_by = serializers.CharField(help_text="吹哨单位代码")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    code = serializers.CharField(allow_null=True, help_text="签到码，只给在现场出示它的街道")
    parties = WhistlePartyOut(many=True)
    tasks = serializers.ListField(child=serializers.DictField())
    photos = serializers.ListField(child=serializers.DictField())
    clocks = serializers.ListField(child=serializers.DictField())
    available_moves = serializers.ListField(child=serializers.DictField())


class WhistleViewSet(Resource):
    """Whistles, by their public number."""

    subject = "吹哨"
    parameters = {"list": ("show", "cursor")}

    lookup_field = "number"
    lookup_value_regex = "[^/]+"
    serializer_class = BlowIn

    def _whistle(self, number: str) -> Whistle:
        found = queries.find(self.request._request.actor, number)
        if found is None:
            raise Missing(_("该吹哨不存在"))
        return found

    @extend_schema(
        summary="查询吹哨",
        parameters=[OpenApiParameter("show", str, enum=list(queries.SCOPES)), CURSOR],
        responses=page_of(WhistleRowOut),
    )
    def list(self, request: Request) -> Response:
        """Up to 50 whistles, newest first; `next` opens the following page."""
        actor = request._request.actor
        require_scope(actor, Permission.TICKET_READ, scope="tickets:read")
        last = after(request.query_params.get("cursor", ""))
        show = request.query_params.get("show", "all")
        if show not in queries.SCOPES:
            raise Invalid(
                _("“%(value)s”不是可选的值") % {"value": show[:40]}, code="unknown_choice", field="show"
            )
        found = queries.page(actor, show, before=last)
        following = str(found.next) if found.next else None
        return Response({"results": [as_row(row) for row in found.rows], "next": following})

    @extend_schema(summary="吹哨", request=BlowIn, responses={201: WhistleOut})
    def create(self, request: Request) -> Response:
        """Blow a whistle."""
        shape = BlowIn(data=request.data)
        shape.is_valid(raise_exception=True)
        given, actor, at = dict(shape.validated_data), request._request.actor, timezone.now()
        number, code = given.pop("ticket"), given.pop("area")
        policy.require(actor, Permission.TICKET_STREET)
        area = Area.objects.filter(code=code, valid_to=None).first() if code else None
        if code and area is None:
            raise Invalid(_("没有代码为 %(code)s 的区域") % {"code": code}, code="unknown_area", field="area")
        called = called_of(given.pop("parties"), given.pop("units"))
        summons = blowing.Summons(**given, area=area, parties=called)
        if number:
            ticket = ticket_queries.detail(actor, number)
            if ticket is None:
                raise Missing(_("该工单不存在"))
            made = blowing.blow_on(ticket, summons, by=actor, at=at)
        else:
            made = blowing.blow(summons, by=actor, at=at)
        return Response(self._detail(made.number), status=status.HTTP_201_CREATED)

    @extend_schema(summary="查看一次吹哨", responses=WhistleOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One whistle with its parties and the moves that the caller may make now."""
        return Response(self._detail(number))

    @extend_schema(
        summary="办理一步",
        request=WhistleMoveIn,
        responses={200: WhistleOut, 409: OpenApiResponse(description="illegal_move")},
    )
    @action(detail=True, methods=["post"])
    def moves(self, request: Request, number: str) -> Response:
        """Make one move of a whistle."""
        move_by_name(self._whistle(number), dict(request.data), by=request._request.actor, at=timezone.now())
        return Response(self._detail(number))

    @extend_schema(
        summary="添加照片",
        request={"multipart/form-data": {"type": "object"}},
        responses={201: PhotoOut, 409: OpenApiResponse(description="illegal_move, too_many")},
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    @takes(MOST_BODY_OF_ONE)
    def photos(self, request: Request, number: str) -> Response:
        """Add one photo: field `photo`, and `shows` = arrival or result.

        With a `client_id` (UUID) of its own the photo can be sent again: it is stored once.
        """
        upload = request.FILES.get("photo")
        found = self._whistle(number)
        if upload is None:
            raise Invalid(_("请选择照片"), code="required", field="photo")
        shows, by = request.data.get("shows", "result"), request._request.actor
        more = {"shows": shows, "client_id": client_id_of(request.data.get("client_id"))}
        kept = whistle_photos.add(found, upload, by=by, at=timezone.now(), **more)
        return Response({"id": kept.pk, "sha256": kept.sha256}, status=status.HTTP_201_CREATED)

    def _detail(self, number: str) -> dict[str, Any]:
        return as_detail(self._whistle(number), self.request._request.actor, timezone.now())


def move_by_name(whistle: Whistle, body: dict[str, Any], *, by: Actor, at: Any) -> Whistle:
    """Make the move named in a request body.

    A move that is not allowed is refused first; only then are missing fields reported (ValidationError, by
    field).
    """
    verb = str(body.pop("verb", ""))
    rights.check(whistle, verb, by=by, expected=str(body.get("expected", "")))
    offers = {offer.move.verb: offer for offer in rights.available(whistle, by)}
    offer = offers.get(verb, Offer(MOVES[verb], []))
    form = WhistleMoveForm(as_form_data(body), whistle=whistle, offer=offer)
    require_types(WhistleMoveIn, body, form.fields)
    if not form.is_valid():
        raise serializers.ValidationError(form.errors.get_json_data())
    return actions.VERBS[verb](whistle, by=by, at=at, **form.given())


def as_row(row: dict[str, Any]) -> dict[str, Any]:
    """One row of the list as JSON."""
    return {
        "number": row["number"],
        "kind": row["kind"],
        "state": row["state"],
        "text": row["text"],
        "area": row["area__code"],
        "address": row["address"],
        "blown_by": row["blown_by__code"],
        "ticket": row["ticket_number"],
        "summoned": row["summoned"],
        "there": row["there"],
        "created_at": row["created_at"],
        "ended_at": row["ended_at"],
    }


PARTY = (
    "role",
    "stage",
    "overruled",
    "reason",
    "decision",
    "answered_at",
    "on_site_at",
    "left_at",
    "seen_by",
    "distance",
)


def as_detail(whistle: Whistle, actor: Actor, at: Any) -> dict[str, Any]:
    """One whistle as JSON; `code`, the check-in code, is only included for the street that shows it on
    site."""
    sheet = queries.sheet(whistle, at)
    shows = whistle.is_open and policy.can(actor, Permission.TICKET_STREET, whistle)
    plain = ("number", "kind", "state", "text", "address", "lat", "lng", "arrive_by", "result")
    return {
        **{name: getattr(whistle, name) for name in plain},
        "area": whistle.area.code,
        "ticket": whistle.ticket.number if whistle.ticket and whistle.sees_ticket else None,
        "blown_by": whistle.blown_by.code,
        "created_at": whistle.created_at,
        "ended_at": whistle.ended_at,
        "code": whistle.code if shows else None,
        "parties": [
            {
                "id": party.pk,
                "unit": party.unit.code,
                "person": party.member_id,
                **{name: getattr(party, name) for name in PARTY},
                "ratings": party.stars,
            }
            for party in sheet.parties
        ],
        "tasks": [
            {"id": task.pk, "text": task.text, "party": task.party_id, "done_at": task.done_at}
            for task in sheet.tasks
        ],
        "photos": [
            {key: row[key] for key in ("id", "shows", "unit", "created_at")} for row in whistle.pictures
        ],
        "clocks": [
            {key: getattr(clock, key) for key in ("purpose", "unit_id", "state", "outcome", "due_at")}
            for clock in sheet.clocks
        ],
        "available_moves": [
            {
                "verb": offer.move.verb,
                "label": str(offer.move.label),
                "needs": list(offer.move.needs),
                "parties": [party.pk for party in offer.parties],
            }
            for offer in rights.available(whistle, actor)
        ],
    }
