"""Migration operations that isolate the rows of tenants."""

from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.models import UniqueConstraint

from governance.tenancy.models import TenantForeignKey


class TableOperation(Operation):
    """An operation on one model's table that changes no migration state."""

    reduces_to_sql = reversible = True

    def __init__(self, name: str) -> None:
        self.name = name

    def state_forwards(self, *args: Any) -> None:
        """The models' state does not change."""

    database_backwards = state_forwards

    def references_model(self, name: str, app_label: str) -> bool:
        return name.lower() == self.name.lower()

    def describe(self) -> str:
        return f"{type(self).__name__} {self.name}"


class Isolate(TableOperation):
    """Everything that a table with tenant rows needs; running it again adds what is missing.

    It sets the primary key (tenant_id, id), forces row-level security with a policy that raises an error if
    no tenant is set, and creates the composite constraint and its index for each TenantForeignKey.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        quote, table, pk = schema_editor.quote_name, model._meta.db_table, model._meta.pk.column
        schema_editor.execute(_primary_key(table, pk, quote), params=None)
        for statement in _policy(quote(table)):
            schema_editor.execute(statement, params=None)
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey):
                self._constrain(field, table, schema_editor)

    def _constrain(self, field: TenantForeignKey, table: str, schema_editor: Any) -> None:
        quote, to = schema_editor.quote_name, field.related_model._meta
        name = quote(f"{table}_{field.column}_tfk")
        index = quote(f"{table}_{field.column}_tfk_ix")
        execute = schema_editor.execute
        execute(f"ALTER TABLE {quote(table)} DROP CONSTRAINT IF EXISTS {name}", params=None)
        if not _is_indexed(field):
            given = f" WHERE {quote(field.column)} IS NOT NULL" if field.null else ""
            columns = f"(tenant_id, {quote(field.column)})"
            execute(f"CREATE INDEX IF NOT EXISTS {index} ON {quote(table)} {columns}{given}", params=None)
        schema_editor.deferred_sql.append(
            f"ALTER TABLE {quote(table)} ADD CONSTRAINT {name} FOREIGN KEY (tenant_id, {quote(field.column)}) "
            f"REFERENCES {quote(to.db_table)} (tenant_id, {quote(to.pk.column)}) DEFERRABLE INITIALLY DEFERRED"
        )


def _is_indexed(field: TenantForeignKey) -> bool:
    """True if another index or unique key of the model already begins with the tenant and this column."""
    meta = field.model._meta
    keys = [index.fields for index in meta.indexes if not index.condition]
    keys += [
        key.fields for key in meta.constraints if isinstance(key, UniqueConstraint) and not key.condition
    ]
    return any(list(fields[:2]) == ["tenant", field.name] for fields in keys)


def _primary_key(table: str, pk: str, quote: Any) -> str:
    return (
        "DO $$ BEGIN IF (SELECT cardinality(conkey) FROM pg_constraint "
        f"WHERE contype='p' AND conrelid='{table}'::regclass) = 1 "
        f"THEN ALTER TABLE {quote(table)} DROP CONSTRAINT {quote(table + '_pkey')}, "
        f"ADD PRIMARY KEY (tenant_id, {quote(pk)}); END IF; END $$"
    )


def _policy(table: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS tenant ON {table}",
        f"CREATE POLICY tenant ON {table} USING (tenant_id = current_setting('app.tenant')::bigint)",
    ]
