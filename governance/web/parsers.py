"""Parsers of API requests."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils import json

MOST_ITEMS = 500  # of a list, and keys of an object


class JSONObjectParser(JSONParser):
    """JSON in UTF-8 whose outermost value is an object and whose objects name no key twice.

    Raises ParseError for others, for too deep nesting, and for lists and objects with more than MOST_ITEMS.
    """

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            found = json.loads(stream.read().decode(), object_pairs_hook=_object)
            _count(found)
        except ValueError as error:
            raise ParseError(_("JSON 格式有误：%(error)s") % {"error": str(error)[:200]}) from None
        except RecursionError:
            raise ParseError(_("JSON 嵌套太深")) from None
        if not isinstance(found, dict):
            raise ParseError(_("请求体应为一个 JSON 对象"))
        return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of these keys and values. Raises ParseError for a key that comes twice, because readers differ on it."""
    if len(pairs) > MOST_ITEMS:
        raise _too_many()
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ParseError(_("字段“%(name)s”出现了两次") % {"name": name[:40]})
        found[name] = value
    return found


def _count(value: Any) -> None:
    """Raise ParseError for a list with more than MOST_ITEMS, however deep."""
    if isinstance(value, list) and len(value) > MOST_ITEMS:
        raise _too_many()
    if isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            _count(one)


def _too_many() -> ParseError:
    return ParseError(_("列表和对象最多 %(n)d 项") % {"n": MOST_ITEMS})
