"""REST API of the category tree, with the questions of each leaf."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from tickets.catalog.models import Category
from tickets.orders.serializing import as_question
from tickets.questions import queries

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
            asked = queries.of(row["code"]) if row["leaf"] else ()
            row["questions"] = [as_question(one) for one in asked]
        return Response({"results": found})
