"""A cache whose outage reads as a miss."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingCache(RedisCache):
    """A Redis cache whose outage reads as a miss, so that a dead Redis server never stops a page."""

    def _quietly(self, name: str, default: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), name)(*args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("cache is away: %s", error)
            return default

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """True if the key was added, and during an outage, so that the caller goes on."""
        return self._quietly("add", True, *args, **kwargs)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._quietly("get", default, key, default, version=version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._quietly("set", None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._quietly("touch", False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._quietly("delete", False, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return self._quietly("get_many", {}, *args, **kwargs)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """The new count; during an outage `delta`, as if it were the first."""
        return self._quietly("incr", delta, key, delta, version=version)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._quietly("has_key", False, *args, **kwargs)
