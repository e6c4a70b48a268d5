"""REST API of tickets for other systems: report, list, read, move (design 6)."""

import dataclasses
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from governance.access.permissions import Permission
from governance.errors import Invalid, Missing
from governance.text import telephones
from governance.web.fields import as_form_data, client_id_of
from governance.web.pages import takes
from governance.web.resources import PhotoOut, Resource, page_of, require_scope
from governance.web.serializers import Strict, require_types
from grids import coordinates
from grids.areas import outlines
from tickets.duties import proposals, refusals
from tickets.duties.api import as_proposal
from tickets.intake import actions as intake
from tickets.intake import similar as likeness
from tickets.lists.filters import PARAMETERS, filters_of
from tickets.orders import actions
from tickets.orders.actions.summarizing import LONGEST as LONGEST_SUMMARY
from tickets.orders.forms import MoveForm
from tickets.orders.serializing import COLUMNS, DetailOut, ReceiptOut, RowOut, as_detail, as_receipt, as_row
from tickets.questions.queries import answered
from tickets.questions.rules import LONGEST
from tickets.states import Channel, Demand, Tier
from tickets.ticket import photos, queries
from tickets.ticket import rights as ticket_rights
from tickets.ticket.decoding import MOST_BODY_OF_ONE
from tickets.ticket.history import clocks_of
from tickets.ticket.models.ticket import Ticket


class ReporterIn(Strict):
    """The reporter; every field may be left out."""

    name = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    anonymous = serializers.BooleanField(required=False, default=False)
    notice_version = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, allow_null=True, default=None
    )

    def validate_phone(self, value: str) -> str:
        return telephones.valid(value)


class AnswerIn(Strict):
    """An answer to a question of the category; `question` is an id from `categories/`."""

    question = serializers.IntegerField()
    answer = serializers.CharField(max_length=LONGEST, allow_blank=True)


class ReportIn(Strict):
    """A report from another system."""

    client_id = serializers.UUIDField()
    text = serializers.CharField(max_length=settings.MAX_TEXT_LENGTH)
    title = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    category = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    area = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    address = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    lat = serializers.DecimalField(
        max_digits=9,
        decimal_places=6,
        min_value=-90,
        max_value=90,
        required=False,
        allow_null=True,
        default=None,
    )
    lng = serializers.DecimalField(
        max_digits=9,
        decimal_places=6,
        min_value=-180,
        max_value=180,
        required=False,
        allow_null=True,
        default=None,
    )
    datum = serializers.ChoiceField(choices=coordinates.DATUMS, required=False, default=coordinates.WGS84)
    channel = serializers.ChoiceField(
        choices=[Channel.API, Channel.HOTLINE, Channel.GRID, Channel.DESK],
        required=False,
        default=Channel.API,
    )
    source_number = serializers.CharField(
        max_length=40, required=False, allow_blank=True, default="", help_text="来源系统的编号，如热线工单号"
    )
    source_due_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="来源系统要求的办结时间"
    )
    matter = serializers.ChoiceField(choices=Demand.choices, required=False, allow_blank=True, default="")
    tier = serializers.ChoiceField(choices=Tier.choices, required=False, allow_blank=True, default="")
    private = serializers.BooleanField(required=False, default=False)
    against = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    said_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    reporter = ReporterIn(required=False, default=dict)
    answers = AnswerIn(many=True, required=False, default=list)
    despite = serializers.BooleanField(required=False, default=False)


class MoveIn(Strict):
    """A verb with its parameters; `expected` is the state that the caller saw."""

    verb = serializers.CharField(max_length=40)
    expected = serializers.CharField(max_length=20, required=False)
    reason = serializers.CharField(required=False)
    text = serializers.CharField(required=False)
    unit = serializers.CharField(required=False)
    assistants = serializers.ListField(child=serializers.CharField(), required=False)
    person = serializers.IntegerField(required=False)
    outcome = serializers.CharField(required=False)
    answer = serializers.CharField(required=False)
    evidence = serializers.CharField(required=False)
    done = serializers.BooleanField(required=False)
    public = serializers.BooleanField(required=False)
    summary = serializers.CharField(max_length=LONGEST_SUMMARY, required=False, allow_blank=True)
    speed = serializers.IntegerField(required=False, min_value=1, max_value=5)
    attitude = serializers.IntegerField(required=False, min_value=1, max_value=5)
    result = serializers.IntegerField(required=False, min_value=1, max_value=5)
    solved = serializers.BooleanField(required=False)
    contacted = serializers.BooleanField(required=False)
    satisfied = serializers.BooleanField(required=False)
    assistant = serializers.CharField(required=False)
    leader = serializers.IntegerField(required=False)
    days = serializers.IntegerField(required=False, min_value=1)
    until = serializers.DateField(required=False)
    question = serializers.CharField(required=False)
    parts = serializers.ListField(child=serializers.JSONField(), required=False)
    into = serializers.CharField(required=False)
    refusal = serializers.CharField(required=False)
    duty_item = serializers.CharField(required=False)
    area = serializers.CharField(required=False)
    address = serializers.CharField(required=False, max_length=200)
    category = serializers.CharField(required=False)
    kind = serializers.CharField(required=False)
    units = serializers.ListField(child=serializers.CharField(), required=False)
    held_at = serializers.DateTimeField(required=False)
    place = serializers.CharField(required=False)
    mediators = serializers.CharField(required=False)
    parties = serializers.CharField(required=False)
    session_result = serializers.CharField(required=False)
    terms = serializers.CharField(required=False)
    signed_on = serializers.DateField(required=False)
    signers = serializers.CharField(required=False)
    due_on = serializers.DateField(required=False)
    agreement = serializers.IntegerField(required=False)
    kept = serializers.BooleanField(required=False)
    no_agreement = serializers.CharField(required=False)


def _community_of(given: dict[str, Any]) -> str:
    """The code of the community around the point of a report without an area, as the form finds it; else empty."""
    if given["lat"] is None or given["lng"] is None:
        return ""
    found = outlines.community_at(*map(float, coordinates.stored(given["lat"], given["lng"], given["datum"])))
    return found.code if found else ""


LIST_PARAMETERS = {
    "state": "状态，逗号分隔 states, comma separated",
    "category": "分类代码 category code",
    "area": "区域代码，含下级 area code, subtree included",
    "holder": "责任单位代码 code of the holding unit",
    "mine": "1 = 本单位负责的 held by the caller's units",
    "assigned": "1 = 指派给本人的 assigned to the caller",
    "touched": "1 = 本人经手的 handled by the caller",
    "open": "1 = 未办结的 open",
    "todo": "1 = 待本单位办理的 waiting for the caller's units",
    "approving": "1 = 待本单位批复的 waiting for their decision",
    "verifying": "1 = 待核实的 waiting to be verified",
    "returned": "1 = 退回重派的 returned, to be dispatched again",
    "overdue": "1 = 已超期的 overdue",
    "near": "1 = 临期的 warned of by their clock",
    "today": "1 = 今日到期的 due today",
    "tier": "紧急程度 tier",
    "channel": "来源 channel",
    "q": "编号或关键词 number or words",
    "created_after": "ISO 8601",
    "created_before": "ISO 8601",
    "since": "现在的状态从此以后 in its present state since, ISO 8601",
    "bbox": "西,南,东,北 west,south,east,north",
    "order": "due = 按期限排列 by due time",
    "cursor": "翻页标记 from `next`",
}


REPORT_EXAMPLE = OpenApiExample(
    "登记一件工单",
    request_only=True,
    value={
        "client_id": "0d0c9f0e-5b7e-4f0c-9d5e-2f6a1f6b7c11",
        "text": "幸福路与团结路口东北角井盖缺失，有行人险些踩空。",
        "area": "371602001001",
        "category": "0101",
        "address": "幸福路与团结路口东北角",
        "reporter": {"name": "钱某", "phone": "13800001234"},
    },
)
RECEIPT_EXAMPLE = OpenApiExample(
    "回执",
    response_only=True,
    status_codes=["201"],
    value={
        "number": "BINC-20261127-0001",
        "state": "reported",
        "due_at": "2026-11-27T11:30:00+08:00",
        "code": "7KQM4XHD",
        "track_url": "https://example.org/bincheng/track/?number=BINC-20261127-0001&code=7KQM4XHD",
    },
)


class TicketViewSet(Resource):
    """Tickets, by their public number."""

    subject = "工单"
    parameters = {"list": (*PARAMETERS, "cursor")}

    lookup_field = "number"
    lookup_value_regex = "[^/]+"
    serializer_class = ReportIn

    def _ticket(self, number: str) -> Ticket:
        ticket = queries.detail(self.request._request.actor, number, answered=answered())
        if ticket is None:
            raise Missing(_("该工单不存在"))
        return ticket

    def _after(self, ticket: Ticket) -> Ticket:
        """The ticket after a move, read without a visibility check: the move may have hidden it from the
        caller."""
        return queries.with_names(Ticket.objects.filter(pk=ticket.pk)).annotate(answered=answered()).get()

    @extend_schema(
        summary="查询工单",
        parameters=[OpenApiParameter(name, str, description=text) for name, text in LIST_PARAMETERS.items()],
        responses=page_of(RowOut),
    )
    def list(self, request: Request) -> Response:
        """Up to 50 tickets, newest first; `next` opens the following page."""
        actor, at = request._request.actor, timezone.now()
        require_scope(actor, Permission.TICKET_READ, scope="tickets:read")
        asked = request.query_params
        found = queries.page(actor, filters_of(asked), at=at, cursor=asked.get("cursor"), columns=COLUMNS)
        return Response({"results": [as_row(row, at) for row in found.rows], "next": found.next})

    @extend_schema(
        summary="登记工单",
        request=ReportIn,
        responses={
            201: ReceiptOut,
            200: OpenApiResponse(
                ReceiptOut, description="已登记过，返回原回执 the receipt of the first time"
            ),
        },
        examples=[REPORT_EXAMPLE, RECEIPT_EXAMPLE],
    )
    def create(self, request: Request) -> Response:
        """Report a ticket. The same client_id and body again returns 200 and the same number."""
        shape = ReportIn(data=request.data)
        shape.is_valid(raise_exception=True)
        given = dict(shape.validated_data)
        given.update(given.pop("reporter", {}))
        given["area"] = given["area"] or _community_of(given)
        given["answers"] = tuple((one["question"], one["answer"]) for one in given["answers"])
        receipt = intake.report(intake.Draft(**given), by=request._request.actor, at=timezone.now())
        code = status.HTTP_201_CREATED if receipt.created else status.HTTP_200_OK
        return Response(as_receipt(receipt, request), status=code)

    @extend_schema(summary="查看一件工单", responses=DetailOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One ticket with the moves that the caller may make now."""
        return Response(as_detail(self._ticket(number), request._request.actor, timezone.now()))

    @extend_schema(
        summary="办理一步",
        request=MoveIn,
        responses={200: DetailOut, 409: OpenApiResponse(description="illegal_move")},
    )
    @action(detail=True, methods=["post"])
    def moves(self, request: Request, number: str) -> Response:
        """Make one move of the five orders."""
        actor, at = request._request.actor, timezone.now()
        ticket = self._ticket(number)
        with refusals.count_refusals(request._request):
            move_by_name(ticket, dict(request.data), by=actor, at=at)
        return Response(as_detail(self._after(ticket), actor, at))

    @extend_schema(summary="查看办理历史", responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def events(self, request: Request, number: str) -> Response:
        """The history of the ticket as recorded in the event log, oldest first."""
        events = queries.history(self._ticket(number))
        keys = ("seq", "kind", "at", "actor_kind", "actor_id", "unit_id", "facts", "hash")
        return Response({"results": [{key: getattr(event, key) for key in keys} for event in events]})

    @extend_schema(summary="查找相似工单", responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def similar(self, request: Request, number: str) -> Response:
        """Open tickets nearby that may be the same case, the most similar first, each with the reasons."""
        found = likeness.to_ticket(self._ticket(number), request._request.actor, timezone.now())
        keys = ("number", "title", "state", "created_at")
        rows = [{key: one.row[key] for key in keys} | {"why": one.why} for one in found]
        return Response({"results": rows})

    @extend_schema(summary="查看时限明细", responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def clocks(self, request: Request, number: str) -> Response:
        """Every clock of the ticket, segment by segment, worded as on its page."""
        stories = clocks_of(self._ticket(number), timezone.now())
        return Response({"results": [dataclasses.asdict(story) for story in stories]})

    @extend_schema(summary="查看派单建议", responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def proposal(self, request: Request, number: str) -> Response:
        """Units proposed for a dispatch by the duty list and earlier tickets, best first, each with a
        reason."""
        found = proposals.propose(self._ticket(number), timezone.now())
        return Response({"results": [as_proposal(one) for one in found]})

    @extend_schema(
        summary="添加照片", request={"multipart/form-data": {"type": "object"}}, responses={201: PhotoOut}
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    @takes(MOST_BODY_OF_ONE)
    def photos(self, request: Request, number: str) -> Response:
        """Add one photo: field `photo`, and `purpose` = report or evidence.

        With a `client_id` (UUID) of its own the photo can be sent again: it is stored once.
        """
        ticket = self._ticket(number)
        upload = request.FILES.get("photo")
        if upload is None:
            raise Invalid(_("请选择照片"), code="required", field="photo")
        kept = photos.add(
            ticket,
            upload,
            by=request._request.actor,
            at=timezone.now(),
            purpose=request.data.get("purpose", "report"),
            client_id=client_id_of(request.data.get("client_id")),
        )
        return Response({"id": kept.pk, "sha256": kept.sha256}, status=status.HTTP_201_CREATED)


def move_by_name(ticket: Ticket, body: dict[str, Any], *, by: Any, at: Any) -> Ticket:
    """Make the move named in a request body.

    A move that is not allowed is refused first; only then are missing fields reported (ValidationError, by
    field).
    """
    verb = str(body.pop("verb", ""))
    ticket_rights.check(ticket, verb, by=by, expected=str(body.get("expected", "")))
    form = MoveForm(as_form_data(body), ticket=ticket, verb=verb, by=by, at=at)
    require_types(MoveIn, body, form.fields)
    if not form.is_valid():
        raise serializers.ValidationError(form.errors.get_json_data())
    return actions.VERBS[verb](ticket, by=by, at=at, **form.given())
