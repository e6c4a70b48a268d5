"""Admin pages of the platform: tenants, users and tokens, but no data of a tenant."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.access import passwords
from governance.access.models import ApiToken, User
from governance.accounts import actions as account_actions
from governance.errors import DomainError
from governance.tenancy import actions
from governance.tenancy.models import Tenant


class PlatformSite(admin.AdminSite):
    """An admin site for operators only."""

    site_header = site_title = _("平台运维")
    index_title = _("区县、用户与令牌")

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and getattr(request.user, "is_operator", False)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Send to the one log-in page, which has the limits of log-ins."""
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """All addresses of Django's admin but the link to an object's page: our objects have none."""
        return [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]


site = PlatformSite(name="admin")


class OperatorAdmin(admin.ModelAdmin):
    """Allows operators whatever the class allows; there are no permissions per model."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return site.has_permission(request)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # tenants, users and tokens are deactivated, never deleted


class TenantForm(forms.ModelForm):
    """A tenant, with the checks of create_tenant: a wrong slug or time zone would break its pages."""

    def clean_slug(self) -> str:
        return _held(actions.checked_slug, self.cleaned_data["slug"])

    def clean_zone(self) -> str:
        return _held(actions.checked_zone, self.cleaned_data["zone"])


def _held(check: Callable[[str], str], text: str) -> str:
    try:
        return check(text)
    except DomainError as error:
        raise forms.ValidationError(str(error)) from error


@admin.register(Tenant, site=site)
class TenantAdmin(OperatorAdmin):
    """Create districts, rename and deactivate them."""

    form = TenantForm
    list_display = ("name", "slug", "code", "prefix", "active")
    search_fields = ("name", "slug", "code")
    fields = ("slug", "name", "code", "prefix", "zone", "active")

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> tuple[str, ...]:
        """The slug cannot change: it is part of printed QR codes and of links in text messages."""
        return ("slug",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Tenant, form: TenantForm, change: bool) -> None:
        """Create a new tenant with create_tenant, so that it has a calendar and service levels."""
        if change:
            obj.save(update_fields=[name for name in form.changed_data if name in self.fields])
            return
        given = {name: form.cleaned_data[name] for name in ("slug", "name", "code", "prefix", "zone")}
        made = actions.create_tenant(**given)
        obj.pk, obj.active = made.pk, form.cleaned_data["active"]
        if not obj.active:
            Tenant.objects.filter(pk=made.pk).update(active=False)


@admin.register(User, site=site)
class PlatformUserAdmin(OperatorAdmin, UserAdmin):
    """Create log-ins, deactivate them, and set a new password."""

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

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Require a new user to choose a password at the first log-in."""
        super().save_model(request, obj, form, change)
        if not change:
            passwords.due_at_once(obj)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Require the user to choose a password after an operator has set one."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302 and str(request.user.pk) != id:
            user = User.objects.get(pk=id)
            passwords.due_at_once(user)
            account_actions.password_set_by_operator(user, at=timezone.now())
        return response


@admin.register(ApiToken, site=site)
class ApiTokenAdmin(OperatorAdmin):
    """List tokens, and change their expiry or revoke them."""

    list_display = ("name", "tenant", "user", "expires_at", "revoked_at")
    list_filter = ("tenant",)
    fields = ("tenant", "user", "name", "scopes", "created_at", "expires_at", "revoked_at")
    readonly_fields = ("tenant", "user", "name", "scopes", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # `manage.py issue_token` prints it once
