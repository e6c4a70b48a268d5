"""Which resident sent a photo later."""

import django.db.models.deletion
import governance.tenancy.models
from django.db import migrations

from governance.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0018_unlisted_categories"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="reporter",
            field=governance.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.reporter",
            ),
        ),
        Isolate("Attachment"),
    ]
