"""Rate limits, counted in the cache; while the cache is down, nothing is limited."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from django.core.cache import cache

HOUR = 3600  # seconds


def reached(keys: Mapping[str, int]) -> bool:
    """True if one of the keys has reached its limit."""
    return any((cache.get(key) or 0) >= most for key, most in keys.items())


def count(keys: Iterable[str], window: int) -> None:
    """Count once more for each key; a count ends `window` seconds after its first."""
    for key in keys:
        cache.add(key, 0, window)
        with suppress(ValueError):  # the key expired in between
            cache.incr(key)
