"""Every table in pg_catalog is isolated by tenant, or is on a reviewed list."""

import pytest
from django.apps import apps
from django.db import connection

from governance.tenancy.models import TenantForeignKey, TenantModel

#: Tables without a tenant, each with its reason.
OUTSIDE = {
    "governance_tenant": "the tenants themselves",
    "governance_user": "log-ins; names and phones live in members",
    "governance_user_groups": "hidden groups of units, by id only",
    "governance_user_user_permissions": "comes with Django's user; stays empty",
    "governance_usedpassword": "belongs to the log-in",
    "governance_apitoken": "found by digest before a scope is open; names its tenant",
    "auth_group": "hidden groups of units, named by tenant and unit code",
    "auth_group_permissions": "stays empty",
    "auth_permission": "Django's list",
    "axes_accessattempt": "lock-out by account and address",
    "axes_accessattemptexpiration": "lock-out",
    "axes_accessfailurelog": "lock-out",
    "axes_accesslog": "log-ins",
    "django_admin_log": "what operators changed on platform pages",
    "django_content_type": "Django's list",
    "django_migrations": "the schema's own history",
    "django_session": "log-ins; no tenant's data inside",
    "guardian_groupobjectpermission": "guardian's generic table; unused, shares have their own",
    "guardian_userobjectpermission": "guardian's generic table; unused, shares have their own",
}

FAULTS = """
WITH t AS (
    SELECT c.oid, c.relname, a.attnum, c.relrowsecurity AND c.relforcerowsecurity AS rls
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'governance_apitoken'
)
SELECT 'no forced security: ' || relname FROM t WHERE NOT rls
UNION ALL
SELECT 'unique key not led by the tenant: ' || i.indexrelid::regclass::text
FROM pg_index i JOIN t ON t.oid = i.indrelid WHERE i.indisunique AND i.indkey[0] <> t.attnum
UNION ALL
SELECT 'foreign key without tenant: ' || k.conname
FROM pg_constraint k JOIN t ON t.oid = k.conrelid JOIN t r ON r.oid = k.confrelid
WHERE k.contype = 'f' AND (k.conkey[1] <> t.attnum OR k.confkey[1] <> r.attnum)
UNION ALL
SELECT 'policy does not fail loud: ' || p.polrelid::regclass::text
FROM pg_policy p JOIN t ON t.oid = p.polrelid
WHERE p.polname = 'tenant' AND pg_get_expr(p.polqual, p.polrelid) NOT LIKE '%current_setting(''app.tenant''::text)%'
"""

pytestmark = [pytest.mark.django_db, pytest.mark.servers]


def rows(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return [row[0] for row in cursor.fetchall()]


def tenant_models():
    return [m for m in apps.get_models() if issubclass(m, TenantModel)]


def test_every_table_is_a_tenants_own_or_on_the_reviewed_list():
    tables = set(
        rows("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
    )
    owned = {m._meta.db_table for m in tenant_models()}
    assert tables - owned == set(OUTSIDE)


def test_every_tenant_table_has_forced_security_and_composite_keys():
    assert rows(FAULTS) == []


def test_every_tenant_model_has_its_policy():
    with_policy = set(rows("SELECT polrelid::regclass::text FROM pg_policy WHERE polname = 'tenant'"))
    assert {m._meta.db_table for m in tenant_models()} == with_policy


def test_every_tenant_foreign_key_has_its_constraint():
    names = set(rows("SELECT conname FROM pg_constraint WHERE contype = 'f'"))
    wanted = {
        f"{model._meta.db_table}_{field.column}_tfk"
        for model in tenant_models()
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey)
    }
    assert wanted - names == set()


def test_no_ordinary_foreign_key_leads_from_one_tenant_table_to_another():
    plain = [
        f"{model.__name__}.{field.name}"
        for model in tenant_models()
        for field in model._meta.local_fields
        if field.is_relation
        and not isinstance(field, TenantForeignKey)
        and issubclass(field.related_model, TenantModel)
    ]
    assert plain == []


def test_the_log_takes_no_change_from_the_runtime_role():
    sql = "SELECT has_table_privilege(current_user, 'governance_event', %s)::text"
    assert [rows(sql, verb)[0] for verb in ("INSERT", "SELECT", "UPDATE", "DELETE")] == [
        "true",
        "true",
        "false",
        "false",
    ]


def test_requests_run_as_a_role_that_no_policy_lets_by():
    found = rows(
        "SELECT rolname || ' ' || rolsuper || ' ' || rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    assert found == ["governance_runtime false false"]
