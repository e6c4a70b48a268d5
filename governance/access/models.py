"""Models of log-ins: a `User` logs in, a `Member` is a user in one district.

Names and phone numbers are stored with the member only.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.access.secrets import EncryptedField, mask_name
from governance.tenancy.models import Tenant, TenantModel


class UserManager(BaseUserManager):
    """Creates users; there are no superusers."""

    def create_user(self, username: str, password: str | None = None, **extra: Any) -> "User":
        """Create a user with a hashed password; without a password, log-in is impossible."""
        user = self.model(username=self.model.normalize_username(username), **extra)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A log-in. Rights come from dated posts in a district, never from this row."""

    username = models.CharField(
        _("登录名"),
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[\w.@+-]+$", _("登录名只能用字母、数字和 . @ + - _"))],
    )
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    is_active = models.BooleanField(_("启用"), default=True)
    is_operator = models.BooleanField(_("平台运维"), default=False)
    #: A program of a district: it has no password and works by token only.
    is_service = models.BooleanField(default=False, db_default=False, editable=False)
    password_set_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = verbose_name_plural = _("用户")
        constraints = [
            models.CheckConstraint(condition=Q(is_superuser=False), name="user_nobody_is_superuser"),
            models.CheckConstraint(
                condition=Q(is_service=False) | Q(is_operator=False), name="user_service_is_no_operator"
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def is_staff(self) -> bool:
        """The flag that Django's admin checks: may this user see the platform pages?"""
        return self.is_operator


class UsedPassword(models.Model):
    """An earlier password; the last five cannot be used again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="used_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()


class Member(TenantModel):
    """A user in one district, with the name and phone number that this district stores."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=60)
    phone = EncryptedField(_("手机"), blank=True, default="")
    email = EncryptedField(_("邮箱"), blank=True, default="")
    active = models.BooleanField(_("在岗"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("人员")
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="member_once_per_user")]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_name(self) -> str:
        """The name as shown to other people: the family name and an asterisk."""
        return mask_name(self.name)


class ApiToken(models.Model):
    """A key for programs: hashed at rest, limited to one district and to scopes, with an expiry date."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("用途"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("范围"), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("到期"))
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")

    def __str__(self) -> str:
        return self.name

    def is_good(self, at: datetime) -> bool:
        """True if the token is neither revoked nor expired."""
        return self.revoked_at is None and at < self.expires_at
