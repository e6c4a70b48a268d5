"""Refuse to save a form whose row changed since it was opened."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from governance.errors import Conflict


def fingerprint(row: Any, names: Iterable[str]) -> str:
    """A short hash of the row's present values, to be sent with the form."""
    said = repr([str(getattr(row, name)) for name in names])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def refuse_stale(seen: str, now: str) -> None:
    """Raise Conflict if the row changed since the form was opened; a form without a mark is not checked."""
    if seen and seen != now:
        raise Conflict(_("该内容已被他人修改，本次未保存。请核对后再保存一次。"), code="changed_meanwhile")
