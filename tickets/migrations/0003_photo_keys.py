"""Photos have a client id and a key, so that a repeated upload makes no second one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0002_timer_functions"),
        ("tickets", "0002_search_texts"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="client_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="whistlephoto",
            name="client_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                fields=("tenant", "ticket", "purpose", "reporter", "sha256"),
                name="photo_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(fields=("tenant", "client_id"), name="photo_client_id_once"),
        ),
        migrations.AddConstraint(
            model_name="whistlephoto",
            constraint=models.UniqueConstraint(
                fields=("tenant", "client_id"), name="whistle_photo_client_id_once"
            ),
        ),
    ]
