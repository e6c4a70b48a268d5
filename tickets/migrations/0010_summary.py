"""A summary of the matter for the public, written by staff."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0009_source_numbers")]

    operations = [
        migrations.AddField(
            "ticket",
            "summary",
            models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="公开摘要"),
        )
    ]
