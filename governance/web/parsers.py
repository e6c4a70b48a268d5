"""Parsers of API requests."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class JSONObjectParser(JSONParser):
    """JSON whose outermost value is an object. Raises ParseError also for too deep nesting."""

    def parse(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            found = super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError(_("JSON 嵌套太深")) from None
        if not isinstance(found, dict):
            raise ParseError(_("请求体应为一个 JSON 对象"))
        return found
