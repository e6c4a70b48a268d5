"""REST API of the category tree, with the questions of each leaf."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from tickets.catalog.models import Category
from tickets.questions import queries
from tickets.questions.rules import Asked

COLUMNS = ("code", "name", "name_en", "parent__code", "leaf", "tier", "matter")


class CategoryViewSet(GenericViewSet):
    """Categories, by their code."""

    serializer_class = serializers.Serializer
    filter_backends: list[Any] = []
    pagination_class = None

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def list(self, request: Request) -> Response:
        """The whole active tree; reports accept only leaves.

        A leaf also has the questions of the categories above it.
        """
        rows = Category.objects.filter(active=True).order_by("code").values_list(*COLUMNS)
        keys = ("code", "name", "name_en", "parent", "leaf", "tier", "matter")
        found = [dict(zip(keys, row, strict=True)) for row in rows]
        for row in found:
            asked = queries.questions_of(row["code"]) if row["leaf"] else ()
            row["questions"] = [as_question(one) for one in asked]
        return Response({"results": found})


def as_question(asked: Asked) -> dict[str, Any]:
    """One question of a category as JSON; `stop` is the warning that one of its answers shows."""
    stop = {
        "on": asked.stop_on,
        "text": asked.stop_text,
        "text_en": asked.stop_text_en,
        "danger": asked.danger,
    }
    return {
        "id": asked.id,
        "text": asked.text,
        "text_en": asked.text_en,
        "kind": asked.kind,
        "options": [value for value, _words in asked.choices()],
        "options_en": list(asked.options_en),
        "required": asked.required,
        "stop": stop if asked.stop_on else None,
    }
