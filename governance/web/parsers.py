"""Parsers of API requests."""

import codecs
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils import json


class JSONObjectParser(JSONParser):
    """JSON whose outermost value is an object and whose objects name no key twice.

    Raises ParseError for others, and for too deep nesting.
    """

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            found = json.load(codecs.getreader(encoding)(stream), object_pairs_hook=_object)
        except ValueError as error:
            raise ParseError(_("JSON 格式有误：%(error)s") % {"error": error}) from None
        except RecursionError:
            raise ParseError(_("JSON 嵌套太深")) from None
        if not isinstance(found, dict):
            raise ParseError(_("请求体应为一个 JSON 对象"))
        return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of these keys and values. Raises ParseError for a key that comes twice, because readers differ on it."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(_("字段“%(name)s”出现了两次") % {"name": twice[:40]})
    return found
