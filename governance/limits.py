"""How often something may happen within a while, counted in the cache: with the cache away nothing is limited."""

from collections.abc import Mapping
from contextlib import suppress

from django.core.cache import cache


def reached(keys: Mapping[str, int]) -> bool:
    """Has one of the keys been counted as often as it may?"""
    return any((cache.get(key) or 0) >= most for key, most in keys.items())


def count(keys: Mapping[str, int], window: int) -> None:
    """Once more for each key; it is forgotten `window` seconds after its first."""
    for key in keys:
        cache.add(key, 0, window)
        with suppress(ValueError):  # forgotten in between
            cache.incr(key)
