"""REST API of the category tree, with the questions of each leaf."""

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from governance.web.resources import Resource
from tickets.catalog.models import Category
from tickets.questions import queries
from tickets.questions.rules import Asked

COLUMNS = ("code", "name", "name_en", "parent__code", "leaf", "tier", "matter")


class QuestionOut(serializers.Serializer):
    """A question of a category."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    text_en = serializers.CharField()
    kind = serializers.CharField()
    options = serializers.ListField(child=serializers.CharField())
    options_en = serializers.ListField(child=serializers.CharField())
    required = serializers.BooleanField()
    stop = serializers.DictField(allow_null=True, help_text="回答 on 时先显示的提醒")


class CategoryOut(serializers.Serializer):
    """A category; reports accept only leaves."""

    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    parent = serializers.CharField(allow_null=True, help_text="上一级分类的代码")
    leaf = serializers.BooleanField(help_text="工单只用末级分类")
    tier = serializers.CharField()
    matter = serializers.CharField()
    questions = QuestionOut(many=True)


class CategoryViewSet(Resource):
    """Categories, by their code."""

    subject = "事项分类"
    serializer_class = CategoryOut

    @extend_schema(
        summary="查询事项分类",
        responses=inline_serializer("Categories", {"results": CategoryOut(many=True)}),
    )
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
