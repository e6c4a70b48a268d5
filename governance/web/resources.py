"""Base of the API's view sets: a subject for the documentation, and query parameters that are refused if unknown."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Forbidden, Invalid

CURSOR = OpenApiParameter("cursor", str, description="翻页标记，取自上一页的 next")


class Resource(GenericViewSet):
    """One subject of the API.

    `subject` is its tag in the documentation. `parameters` names the query parameters of an action; others are
    refused.
    """

    subject: ClassVar[str]
    parameters: ClassVar[dict[str, tuple[str, ...]]] = {}
    filter_backends: ClassVar[list[Any]] = []
    pagination_class = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the token, then the names of the query parameters; raises ValidationError that names the unknown."""
        super().initial(request, *args, **kwargs)
        known = self.parameters.get(self.action or "", ())
        if unknown := sorted(set(request.query_params) - set(known)):
            raise serializers.ValidationError({name: [_unknown(known)] for name in unknown})


def _unknown(known: tuple[str, ...]) -> str:
    if not known:
        return _("参数不存在；此处不用参数")
    return _("参数不存在；可用的参数：%(known)s") % {"known": "、".join(known)}


def require_scope(actor: Actor, *permissions: Permission, scope: str) -> None:
    """Raise Forbidden if the token's scopes give none of the permissions; `scope` is the one to ask for."""
    if actor.allowed is not None and actor.allowed.isdisjoint(permissions):
        raise Forbidden(_("令牌没有 %(scope)s 范围") % {"scope": scope}, code="scope")


def choice(value: str, allowed: Any, field: str) -> str:
    """The value of a parameter, if it is empty or allowed; raises Invalid."""
    if value and value not in allowed:
        words = _("“%(value)s”不是可选的值") % {"value": value[:40]}
        raise Invalid(words, code="unknown_choice", field=field)
    return value


def after(cursor: str) -> int | None:
    """The id in a cursor, None without one; raises Invalid for a text that no page gave out."""
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 19):
        raise Invalid(_("翻页标记无效"), code="bad_cursor", field="cursor")
    return int(cursor)


def moment_cursor(moment: datetime, pk: int) -> str:
    """The cursor of the rows after this one, in a list ordered by a moment and the id."""
    micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return f"{micros}.{pk}"


def moment_after(cursor: str) -> tuple[datetime, int] | None:
    """The moment and the id in a cursor of `moment_cursor`, None without one; raises Invalid for another text."""
    if not cursor:
        return None
    if not re.fullmatch(r"[0-9]{1,17}[.][0-9]{1,18}", cursor):
        raise Invalid(_("翻页标记无效"), code="bad_cursor", field="cursor")
    micros, pk = map(int, cursor.split("."))
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros), pk


def page_of(row: type[serializers.Serializer]) -> Any:
    """The shape of one page of rows, for the documentation."""
    following = serializers.CharField(allow_null=True, help_text="下一页的翻页标记，没有下一页为 null")
    return inline_serializer(f"{row.__name__}Page", {"results": row(many=True), "next": following})


class PhotoOut(serializers.Serializer):
    """A stored photo."""

    id = serializers.IntegerField()
    sha256 = serializers.CharField()
