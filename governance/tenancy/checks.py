"""System checks that row-level security is effective."""

from typing import Any

from django.apps import apps
from django.core.checks import Error, Tags, register
from django.db import connection

from governance.tenancy.models import TenantModel


@register(Tags.database)
def role_is_harmless(databases: Any = None, **kwargs: Any) -> list[Error]:
    """The runtime role must be neither superuser nor BYPASSRLS, else no policy has an effect."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user")
        superuser, bypass, name = cursor.fetchone()
    if superuser or bypass:
        return [
            Error(f"the role {name} passes by row-level security; use the runtime role", id="governance.E001")
        ]
    return []


@register()
def no_hidden_tables(app_configs: Any, **kwargs: Any) -> list[Error]:
    """An automatic many-to-many field would create a table without a tenant."""
    found = []
    for model in apps.get_models(include_auto_created=False):
        for field in model._meta.local_many_to_many:
            if issubclass(model, TenantModel) and field.remote_field.through._meta.auto_created:
                found.append(
                    Error(
                        f"{model.__name__}.{field.name}: name a TenantModel as through", id="governance.E002"
                    )
                )
    return found
