"""Renderer of API responses."""

from typing import Any

import orjson
from rest_framework import renderers
from rest_framework.utils.encoders import JSONEncoder

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
_otherwise = JSONEncoder().default


class JSONRenderer(renderers.JSONRenderer):
    """DRF's JSON written by orjson: times end in Z, decimals and lazy texts are strings."""

    def render(self, data: Any, *_media_type_and_context: Any) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=_otherwise, option=OPTIONS)
