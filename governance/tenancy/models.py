"""The model of tenants, and the base of all tables with tenant rows."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.lookups import Exact
from django.db.models.sql.where import WhereNode
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from governance.tenancy.current import current_id

RESERVED = {"admin", "login", "logout", "static", "media", "healthz", "readyz", "metrics", "password", "i18n"}


class Tenant(models.Model):
    """A district or county; it owns everything below its URL."""

    slug = models.SlugField(_("地址名"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    code = models.CharField(_("区划代码"), max_length=12, validators=[RegexValidator(r"^\d{12}$")])
    prefix = models.CharField(_("工单编号前缀"), max_length=8, validators=[RegexValidator(r"^[A-Z]{2,8}$")])
    zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai")
    settings = models.JSONField(_("设置"), default=dict, blank=True)
    config_version = models.PositiveIntegerField(default=1, editable=False)
    active = models.BooleanField(_("启用"), default=True)
    open = models.BooleanField(_("对居民开放"), default=False, editable=False)
    opened_at = models.DateTimeField(_("首次开放时间"), null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("区县")
        ordering = ["code", "slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def tenant_id(self) -> int:
        """Its own id, so that events about its settings are in its own log."""
        return self.pk

    def setting(self, key: str) -> Any:
        """The tenant's value of a setting, or the platform's default."""
        from governance.tenancy.defaults import DEFAULTS  # noqa: PLC0415 - that module is data only

        return self.settings.get(key, DEFAULTS[key])


class TenantModel(models.Model):
    """A table whose rows belong to one tenant. Its migration must run `Isolate` after creating it."""

    append_only = False  # True: the runtime role may only insert and read
    of_work = (
        False  # True: rows come from work on tickets; they go when a district that was never open is emptied
    )

    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="+", db_index=False, default=current_id, editable=False
    )

    objects = ScopedManager(tenant="tenant")

    class Meta:
        abstract = True


class TenantForeignKey(models.ForeignKey):
    """A foreign key with the constraint (tenant_id, x_id), which Isolate creates instead of Django."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, **{**kwargs, "db_constraint": False, "db_index": kwargs.get("db_index", False)}
        )

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> WhereNode | None:
        """Compare the tenant too in every join."""
        if not alias or not related_alias:
            return None  # exclude(): the outer query compares the tenant
        remote = self.related_model._meta.get_field("tenant").get_col(alias)
        return WhereNode([Exact(remote, self.model._meta.get_field("tenant").get_col(related_alias))])
