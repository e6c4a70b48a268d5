"""REST API of the units: their codes."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from governance.access.permissions import Permission
from governance.web.resources import CURSOR, Resource, after, choice, page_of, require_scope
from grids.models import Unit, UnitKind

PAGE = 200
COLUMNS = ("pk", "code", "name", "kind", "area__code", "parent__code")


class UnitOut(serializers.Serializer):
    """A unit that can hold work."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=UnitKind.choices)
    area = serializers.CharField(help_text="所辖区域的代码")
    parent = serializers.CharField(allow_null=True, help_text="上级单位的代码，没有为 null")


class UnitViewSet(Resource):
    """Units in use, by their code."""

    subject = "单位"
    parameters = {"list": ("kind", "area", "parent", "cursor")}
    serializer_class = UnitOut

    @extend_schema(
        summary="查询单位代码",
        parameters=[
            OpenApiParameter("kind", str, enum=list(UnitKind.values), description="类别"),
            OpenApiParameter("area", str, description="所辖区域的代码"),
            OpenApiParameter("parent", str, description="上级单位的代码"),
            CURSOR,
        ],
        responses=page_of(UnitOut),
    )
    def list(self, request: Request) -> Response:
        """Units in use, up to 200 on a page, in the order in which they were added.

        The token needs the scope tickets:read or tickets:report.
        """
        read = (Permission.TICKET_READ, Permission.TICKET_REPORT)
        require_scope(request._request.actor, *read, scope="tickets:read")
        asked = request.query_params
        rows = Unit.objects.filter(active=True).order_by("pk")
        if kind := choice(asked.get("kind", ""), UnitKind.values, "kind"):
            rows = rows.filter(kind=kind)
        if area := asked.get("area", ""):
            rows = rows.filter(area__code=area)
        if parent := asked.get("parent", ""):
            rows = rows.filter(parent__code=parent)
        if (last := after(asked.get("cursor", ""))) is not None:
            rows = rows.filter(pk__gt=last)
        found = list(rows.values_list(*COLUMNS)[: PAGE + 1])
        following = str(found[PAGE - 1][0]) if len(found) > PAGE else None
        return Response({"results": [as_unit(row) for row in found[:PAGE]], "next": following})


def as_unit(row: tuple[Any, ...]) -> dict[str, Any]:
    """One unit as JSON."""
    _pk, code, name, kind, area, parent = row
    return {"code": code, "name": name, "kind": kind, "area": area, "parent": parent}
