"""REST API of the territory: the codes of areas."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from governance.access.permissions import Permission
from governance.errors import Invalid
from governance.web.resources import CURSOR, Resource, choice, page_of, require_scope
from grids.models import Area, Level

PAGE = 200
COLUMNS = ("code", "name", "level", "parent__code", "path")


class AreaOut(serializers.Serializer):
    """An area: the district, a street, a community, a grid or a building."""

    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.ChoiceField(choices=Level.choices)
    parent = serializers.CharField(allow_null=True, help_text="上一级区域的代码，区县为 null")


class AreaViewSet(Resource):
    """Areas in use, by their code."""

    subject = "区域"
    parameters = {"list": ("level", "parent", "cursor")}
    serializer_class = AreaOut

    @extend_schema(
        summary="查询区域代码",
        parameters=[
            OpenApiParameter("level", str, enum=list(Level.values), description="层级"),
            OpenApiParameter("parent", str, description="上一级区域的代码，只列它的下一级"),
            CURSOR,
        ],
        responses=page_of(AreaOut),
    )
    def list(self, request: Request) -> Response:
        """Areas in use, up to 200 on a page, each after the one it belongs to.

        The token needs the scope tickets:read or tickets:report.
        """
        read = (Permission.TICKET_READ, Permission.TICKET_REPORT)
        require_scope(request._request.actor, *read, scope="tickets:read")
        asked = request.query_params
        rows = Area.objects.filter(valid_to=None).order_by("path")
        if level := choice(asked.get("level", ""), Level.values, "level"):
            rows = rows.filter(level=level)
        if parent := asked.get("parent", ""):
            rows = rows.filter(parent__code=parent)
        if cursor := asked.get("cursor", ""):
            rows = rows.filter(path__gt=_path_of(cursor))
        found = list(rows.values_list(*COLUMNS)[: PAGE + 1])
        results = [as_area(row) for row in found[:PAGE]]
        return Response({"results": results, "next": results[-1]["code"] if len(found) > PAGE else None})


def _path_of(cursor: str) -> str:
    """The path of the last area of the page before; raises Invalid."""
    found = Area.objects.filter(code=cursor[:20]).values_list("path", flat=True).first()
    if found is None:
        raise Invalid(_("翻页标记无效"), code="bad_cursor", field="cursor")
    return found


def as_area(row: tuple[Any, ...]) -> dict[str, Any]:
    """One area as JSON."""
    code, name, level, parent, _path = row
    return {"code": code, "name": name, "level": level, "parent": parent}
