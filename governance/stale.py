"""Two people at one form: who saves last is told what the other one did, instead of undoing it unseen."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from governance.errors import Conflict


def mark(row: Any, names: Iterable[str]) -> str:
    """What a form carries along: a short print of what its row says now."""
    said = repr([str(getattr(row, name)) for name in names])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def check(seen: str, now: str) -> None:
    """Raise Conflict where the row is not what it was when the form was opened; a form without a mark is not asked."""
    if seen and seen != now:
        raise Conflict(
            _("打开页面以后有人改过这里，没有保存。请核对后再保存一次。"), code="changed_meanwhile"
        )
