"""Password rules beyond Django's own (domain.md B10)."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.access.models import UsedPassword, User

LETTERS = ("abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789")

KINDS = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")
NEVER_CHANGED = datetime(1970, 1, 1, tzinfo=UTC)
REMEMBERED = 5


class ThreeKinds:
    """At least three of: lower case, upper case, digits, other characters."""

    def validate(self, password: str, user: Any = None) -> None:
        if sum(bool(re.search(kind, password)) for kind in KINDS) < 3:
            raise ValidationError(self.get_help_text(), code="too_few_kinds")

    def get_help_text(self) -> str:
        return _("密码须含大写字母、小写字母、数字、符号中的三类")


class NotUsedLately:
    """None of the last five passwords."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or not user.pk:
            return
        lately = user.used_passwords.order_by("-set_at").values_list("password", flat=True)[:REMEMBERED]
        if any(check_password(password, old) for old in [user.password, *lately] if old):
            raise ValidationError(self.get_help_text(), code="used_lately")

    def password_changed(self, password: str, user: Any = None) -> None:
        """Store the new password's hash and the moment of the change."""
        if user is None or not user.pk:
            return
        at = timezone.now()
        UsedPassword.objects.create(user=user, password=user.password, set_at=at)
        User.objects.filter(pk=user.pk).update(password_set_at=at)

    def get_help_text(self) -> str:
        return _("不能与最近五次用过的密码相同")


def due_at_once(user: User) -> None:
    """Require a new password at the next log-in, because another person knows the present one.

    Call this last: saving the user sets the moment of the change.
    """
    user.password_set_at = NEVER_CHANGED
    User.objects.filter(pk=user.pk).update(password_set_at=NEVER_CHANGED)


def expired(user: User, at: datetime) -> bool:
    """True if the password is older than PASSWORD_DAYS.

    A password that was never changed counts from the creation of the log-in.
    """
    return at - (user.password_set_at or user.created_at) > timedelta(days=settings.PASSWORD_DAYS)


def initial_password() -> str:
    """Return 12 random letters and digits of three kinds, without characters that look alike.

    The person must change it at the first log-in.
    """
    chosen = [secrets.choice(kind) for kind in LETTERS for _n in range(4)]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)
