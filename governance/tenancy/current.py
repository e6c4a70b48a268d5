"""The id of the open scope's tenant, for the models that are loaded before the scope."""

from django_scopes import get_scope


def current_id() -> int | None:
    """The id of the open scope's tenant: the default of every tenant column, which takes no null."""
    tenant = get_scope().get("tenant")
    return tenant.pk if tenant else None
