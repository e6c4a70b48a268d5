"""Mark the ratings of reporters who had proven their phone; all others are shown apart."""

from django.db import migrations, models

FILL = """
DO $$ DECLARE t bigint; BEGIN
    FOR t IN SELECT id FROM governance_tenant LOOP
        PERFORM set_config('app.tenant', t::text, true);
        UPDATE tickets_rating r SET proven = true FROM tickets_reporter p
        WHERE r.tenant_id = t AND p.tenant_id = t AND p.id = r.reporter_id
          AND p.phone_verified_at IS NOT NULL AND r.aloud_by_id IS NULL;
    END LOOP;
    PERFORM set_config('app.tenant', '', true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_photo_drafts")]

    operations = [
        migrations.AddField("rating", "proven", models.BooleanField(db_default=False, default=False)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
