"""REST API of work admissions (工作准入) and of the street's consent to heads of stationed agencies."""

from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Invalid, Missing
from governance.web.fields import storable
from governance.web.resources import CURSOR, Resource, after, page_of
from governance.web.serializers import Strict
from grids.models import Unit
from tickets.catalog.models import Category
from tickets.duties import queries
from tickets.duties.actions import admissions, consents
from tickets.duties.models import HeadConsent, WorkAdmission
from tickets.duties.proposals import Proposal

PAGE = 50
DECIDED = OpenApiResponse(description="decided: somebody was faster, or its days are over")


def _words(most: int = settings.MAX_TEXT_LENGTH, **more: Any) -> serializers.CharField:
    return serializers.CharField(max_length=most, validators=[storable], **more)


class AdmissionIn(Strict):
    """The work, its category, the kind of unit or the units (by code) that get it, its days and its
    budget."""

    unit = _words(40)
    name = _words(200)
    category = _words(20)
    onto_kind = serializers.ChoiceField(
        choices=[(kind.value, kind.label) for kind in admissions.KINDS],
        required=False,
        allow_blank=True,
        default="",
    )
    onto = serializers.ListField(child=_words(40), required=False, default=list, max_length=200)
    reason = _words()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField()
    budget = serializers.DecimalField(14, 2, min_value=0, required=False, default=0)
    budget_source = _words(200, required=False, allow_blank=True, default="")


class AdmissionVerdictIn(Strict):
    """Approve or refuse; a refusal needs an answer."""

    verdict = serializers.ChoiceField(choices=["approve", "refuse"])
    answer = _words(required=False, allow_blank=True, default="")


class ConsentIn(Strict):
    """The agency (`unit`), its head (`person`), the step (`what`) and the department that asks
    (`asked_unit`)."""

    asked_unit = _words(40)
    unit = _words(40)
    person = _words(consents.NAME)
    what = serializers.ChoiceField(choices=HeadConsent.What.choices)
    reason = _words()


class ConsentVerdictIn(Strict):
    """The street's verdict and its reason."""

    verdict = serializers.ChoiceField(choices=["agree", "refuse"])
    answer = _words()


class _DecidedOut(serializers.Serializer):
    """The course of a request, and whether the caller may decide it now."""

    id = serializers.IntegerField()
    reason = serializers.CharField()
    asked_by = serializers.CharField(allow_null=True)
    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField()
    may_decide = serializers.BooleanField()


class AdmissionOut(_DecidedOut):
    """A work admission."""

    name = serializers.CharField()
    state = serializers.ChoiceField(choices=WorkAdmission.State.choices)
    category = serializers.CharField(help_text="事项分类代码")
    unit = serializers.CharField(help_text="申请单位代码")
    onto_kind = serializers.CharField()
    onto = serializers.ListField(child=serializers.CharField(), help_text="承接单位代码")
    valid_from = serializers.DateField()
    valid_until = serializers.DateField()
    budget = serializers.DecimalField(14, 2)
    budget_source = serializers.CharField()


class ConsentOut(_DecidedOut):
    """A request for the street's consent."""

    unit = serializers.CharField(help_text="派驻机构代码")
    person = serializers.CharField()
    what = serializers.ChoiceField(choices=HeadConsent.What.choices)
    state = serializers.ChoiceField(choices=HeadConsent.State.choices)
    asked_unit = serializers.CharField(help_text="征求意见的部门代码")
    street = serializers.CharField(help_text="街道代码")


class _RequestViewSet(Resource):
    """Base of both view sets: a list by state, and one row by id."""

    parameters = {"list": ("state", "cursor")}

    lookup_field = "pk"
    lookup_value_regex = "[0-9]{1,18}"
    model: type[WorkAdmission] | type[HeadConsent]
    readers: tuple[Permission, ...] = ()
    nothing: Any = ""

    def _seen(self, reading: Actor) -> QuerySet[Any]:
        raise NotImplementedError

    def _row(self, found: Any, actor: Actor) -> dict[str, Any]:
        raise NotImplementedError

    def _reading(self) -> Actor:
        return queries.reader(self.request._request.actor, self.readers)

    def _one(self, pk: Any) -> Any:
        found = self._seen(self._reading()).filter(pk=pk).first()
        if found is None:
            raise Missing(self.nothing)
        return found

    def _shown(self, pk: Any) -> dict[str, Any]:
        return self._row(self._one(pk), self.request._request.actor)

    def _listed(self, request: Request) -> Response:
        rows, actor = self._seen(self._reading()), request._request.actor
        state = request.query_params.get("state", "")
        if state:
            if state not in self.model.State.values:
                words = _("“%(value)s”不是可选的值") % {"value": state[:40]}
                raise Invalid(words, code="unknown_choice", field="state")
            rows = rows.filter(state=state)
        if (last := after(request.query_params.get("cursor", ""))) is not None:
            rows = rows.filter(pk__lt=last)
        found = list(rows.order_by("-id")[: PAGE + 1])
        following = str(found[PAGE - 1].pk) if len(found) > PAGE else None
        return Response({"results": [self._row(one, actor) for one in found[:PAGE]], "next": following})


def _parameters(model: type[WorkAdmission] | type[HeadConsent]) -> list[OpenApiParameter]:
    return [
        OpenApiParameter("state", str, enum=list(model.State.values)),
        CURSOR,
    ]


class AdmissionViewSet(_RequestViewSet):
    """Work admissions (工作准入), by id."""

    subject = "工作准入"
    model, readers, nothing = WorkAdmission, queries.ADMISSION_READERS, gettext_lazy("该申请不存在")
    serializer_class = AdmissionIn

    def _seen(self, reading: Actor) -> QuerySet[WorkAdmission]:
        return queries.admissions()

    def _row(self, found: WorkAdmission, actor: Actor) -> dict[str, Any]:
        return as_admission(found, actor)

    @extend_schema(
        summary="查询工作准入", parameters=_parameters(WorkAdmission), responses=page_of(AdmissionOut)
    )
    def list(self, request: Request) -> Response:
        """Up to 50 admissions, newest first; `next` opens the following page."""
        return self._listed(request)

    @extend_schema(summary="申请工作准入", request=AdmissionIn, responses={201: AdmissionOut})
    def create(self, request: Request) -> Response:
        """Ask for an admission in the name of the caller's department."""
        shape, actor = AdmissionIn(data=request.data), request._request.actor
        shape.is_valid(raise_exception=True)
        policy.require(actor, Permission.ADMISSION_ASK)
        given = dict(shape.validated_data)
        given["unit"] = _unit(given["unit"], "unit")
        given["onto"] = _units(list(dict.fromkeys(given["onto"])), "onto")
        given["category"] = _category(given["category"])
        made = admissions.ask(admissions.Wish(**given), by=actor, at=timezone.now())
        return Response(as_admission(queries.admissions().get(pk=made.pk), actor), status.HTTP_201_CREATED)

    @extend_schema(summary="查看一项工作准入", responses=AdmissionOut)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One admission, and whether the caller may decide it now."""
        return Response(self._shown(pk))

    @extend_schema(
        summary="批复工作准入", request=AdmissionVerdictIn, responses={200: AdmissionOut, 409: DECIDED}
    )
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Approve or refuse a request; a department cannot decide its own."""
        shape, found = AdmissionVerdictIn(data=request.data), self._one(pk)
        shape.is_valid(raise_exception=True)
        verb = {"approve": admissions.approve, "refuse": admissions.refuse}[shape.validated_data["verdict"]]
        verb(found, by=request._request.actor, at=timezone.now(), answer=shape.validated_data["answer"])
        return Response(self._shown(pk))


class ConsentViewSet(_RequestViewSet):
    """Consents to heads of stationed agencies (派驻机构负责人征求意见), by id."""

    subject = "征求意见"
    model, readers, nothing = HeadConsent, queries.CONSENT_READERS, gettext_lazy("该项征求意见不存在")
    serializer_class = ConsentIn

    def _seen(self, reading: Actor) -> QuerySet[HeadConsent]:
        return queries.consents_of(reading)

    def _row(self, found: HeadConsent, actor: Actor) -> dict[str, Any]:
        return as_consent(found, actor)

    @extend_schema(summary="查询征求意见", parameters=_parameters(HeadConsent), responses=page_of(ConsentOut))
    def list(self, request: Request) -> Response:
        """Up to 50 requests that the caller's units asked or must answer, newest first; `next` opens the
        following page."""
        return self._listed(request)

    @extend_schema(
        summary="征求街道意见",
        request=ConsentIn,
        responses={201: ConsentOut, 409: OpenApiResponse(description="asked_already")},
    )
    def create(self, request: Request) -> Response:
        """Ask the street for its consent."""
        shape, actor = ConsentIn(data=request.data), request._request.actor
        shape.is_valid(raise_exception=True)
        policy.require(actor, Permission.CONSENT_ASK)
        given = dict(shape.validated_data)
        for name in ("asked_unit", "unit"):
            given[name] = _unit(given[name], name)
        made = consents.ask(**given, by=actor, at=timezone.now())
        return Response(as_consent(made, actor), status.HTTP_201_CREATED)

    @extend_schema(summary="查看一项征求意见", responses=ConsentOut)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One request, and whether the caller may answer it now."""
        return Response(self._shown(pk))

    @extend_schema(summary="答复意见", request=ConsentVerdictIn, responses={200: ConsentOut, 409: DECIDED})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Record the street's verdict and its reason."""
        shape, found = ConsentVerdictIn(data=request.data), self._one(pk)
        shape.is_valid(raise_exception=True)
        verb = {"agree": consents.agree, "refuse": consents.refuse}[shape.validated_data["verdict"]]
        verb(found, by=request._request.actor, at=timezone.now(), answer=shape.validated_data["answer"])
        return Response(self._shown(pk))


def _unit(code: str, field: str) -> Unit:
    """The active unit with this code; raises Invalid."""
    return _units([code], field)[0]


def _units(codes: list[str], field: str) -> list[Unit]:
    """The active units with these codes, in this order, in one statement.

    Raises Invalid for the first unknown code.
    """
    if not codes:
        return []
    found = {one.code: one for one in Unit.objects.select_related("area").filter(code__in=codes, active=True)}
    for code in codes:
        if code not in found:
            words = _("没有代码为 %(code)s 的单位") % {"code": code[:40]}
            raise Invalid(words, code="unknown_unit", field=field)
    return [found[code] for code in codes]


def _category(code: str) -> Category:
    found = Category.objects.filter(code=code, active=True).first()
    if found is None:
        words = _("没有代码为 %(code)s 的分类") % {"code": code[:40]}
        raise Invalid(words, code="unknown_category", field="category")
    return found


def _name(found: Model | None) -> str | None:
    return found.name if found else None


def as_admission(found: WorkAdmission, actor: Actor) -> dict[str, Any]:
    """One admission as JSON, with the verdict and the name of the member who gave it."""
    plain = ("name", "state", "onto_kind", "reason", "valid_from", "valid_until", "budget", "budget_source")
    own = found.asked_unit_id in actor.unit_ids
    decides = found.state == WorkAdmission.State.ASKED and not own
    return {
        "id": found.pk,
        **{name: getattr(found, name) for name in plain},
        "category": found.category.code,
        "unit": found.asked_unit.code,
        "onto": sorted(one.unit.code for one in found.onto.all()),
        "asked_by": _name(found.asked_by),
        "asked_at": found.asked_at,
        "due_at": found.due_at,
        "decided_by": _name(found.decided_by),
        "decided_at": found.decided_at,
        "answer": found.answer,
        "may_decide": decides and policy.holds(actor, Permission.ADMISSION_DECIDE),
    }


def as_consent(found: HeadConsent, actor: Actor) -> dict[str, Any]:
    """One consent request as JSON, with the answer."""
    answers = found.street_unit_id in actor.unit_ids_with(Permission.CONSENT_DECIDE)
    return {
        "id": found.pk,
        "unit": found.unit.code,
        "person": found.person,
        "what": found.what,
        "state": found.state,
        "reason": found.reason,
        "asked_unit": found.asked_unit.code,
        "asked_by": _name(found.asked_by),
        "asked_at": found.asked_at,
        "street": found.street_unit.code,
        "due_at": found.due_at,
        "decided_by": _name(found.decided_by),
        "decided_at": found.decided_at,
        "answer": found.answer,
        "may_decide": found.is_open and answers,
    }


def as_proposal(proposal: Proposal) -> dict[str, Any]:
    """One proposed unit as JSON, with the reason."""
    return {
        "unit": proposal.unit.code,
        "name": proposal.unit.name,
        "assistants": [unit.code for unit in proposal.assistants],
        "source": proposal.source,
        "why": proposal.why,
    }
