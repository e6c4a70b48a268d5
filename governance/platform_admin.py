"""The platform's own pages: tenants, users, tokens, and nothing that belongs to a tenant."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from governance.access.models import ApiToken, User
from governance.tenancy.models import Tenant


class PlatformSite(admin.AdminSite):
    """Open to operators."""

    site_header = site_title = _("平台运维")
    index_title = _("区县、用户与令牌")

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and getattr(request.user, "is_operator", False)


site = PlatformSite(name="admin")


class OperatorAdmin(admin.ModelAdmin):
    """An operator may do what the class allows; there are no per-model permissions."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return site.has_permission(request)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a tenant, a user, a token is switched off, never erased


@admin.register(Tenant, site=site)
class TenantAdmin(OperatorAdmin):
    list_display = ("name", "slug", "code", "prefix", "active")
    search_fields = ("name", "slug", "code")
    fields = ("slug", "name", "code", "prefix", "zone", "active")


@admin.register(User, site=site)
class PlatformUserAdmin(OperatorAdmin, UserAdmin):
    list_display = ("username", "is_active", "is_operator", "last_login")
    list_filter = ("is_active", "is_operator")
    search_fields = ("username",)
    ordering = ("username",)
    filter_horizontal = ()
    form, add_form = UserChangeForm, AdminUserCreationForm
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("状态"), {"fields": ("is_active", "is_operator", "last_login")}),
    )
    readonly_fields = ("last_login",)
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "usable_password", "password1", "password2")}),
    )


@admin.register(ApiToken, site=site)
class ApiTokenAdmin(OperatorAdmin):
    list_display = ("name", "tenant", "user", "expires_at", "revoked_at")
    list_filter = ("tenant",)
    fields = ("tenant", "user", "name", "scopes", "created_at", "expires_at", "revoked_at")
    readonly_fields = ("tenant", "user", "name", "scopes", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # `manage.py issue_token` prints it once
