"""Find every word of a search, whatever the gaps, and reporters by the last digits of their phone."""

from django.db import connection, migrations, models
from django.db.models import Q

from governance.access.secrets import decrypt
from governance.text import telephones
from tickets.sql import SEARCH

BATCH = 1_000


def fill_tails(apps, schema_editor):
    """Fill the hashes of the last digits, district by district, because rows are visible only in their own."""
    with connection.cursor() as sql:
        sql.execute("SELECT id FROM governance_tenant ORDER BY id")
        for (tenant,) in sql.fetchall():
            sql.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant)])
            sql.execute(
                "SELECT id, phone FROM tickets_reporter WHERE tenant_id = %s AND phone <> ''", [tenant]
            )
            rows = [(pk, telephones.tail_hash_of(decrypt(phone))) for pk, phone in sql.fetchall()]
            for start in range(0, len(rows), BATCH):
                part = [list(column) for column in zip(*rows[start : start + BATCH], strict=True)]
                sql.execute(
                    "UPDATE tickets_reporter r SET phone_tail = n.tail "
                    "FROM unnest(%s::bigint[], %s::text[]) AS n(id, tail) "
                    "WHERE r.tenant_id = %s AND r.id = n.id",
                    [*part, tenant],
                )
        sql.execute("SELECT set_config('app.tenant', '', true)")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_proven_ratings")]

    operations = [
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
        migrations.AddField(
            "reporter", "phone_tail", models.CharField(blank=True, db_default="", default="", max_length=32)
        ),
        migrations.AddIndex(
            "reporter",
            models.Index(
                condition=~Q(phone_tail=""), fields=["tenant", "phone_tail"], name="reporter_by_tail"
            ),
        ),
        migrations.RunPython(fill_tails, migrations.RunPython.noop),
    ]
