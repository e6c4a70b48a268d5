"""Districts are opened to residents by their administrators; those that exist are open already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_sent_messages")]

    operations = [
        migrations.AddField(
            "tenant", "open", models.BooleanField(default=True, editable=False, verbose_name="对居民开放")
        ),
        migrations.AlterField(
            "tenant", "open", models.BooleanField(default=False, editable=False, verbose_name="对居民开放")
        ),
        migrations.AddField(
            "tenant",
            "opened_at",
            models.DateTimeField(editable=False, null=True, verbose_name="首次开放时间"),
        ),
        migrations.RunSQL(
            "UPDATE governance_tenant SET opened_at = created_at WHERE open", migrations.RunSQL.noop
        ),
    ]
