"""The number and the time limit of the system that a ticket comes from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0004_opening"),
        ("grids", "0001_initial"),
        ("tickets", "0008_instructions"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="source_due_at",
            field=models.DateTimeField(null=True, verbose_name="来源时限"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="source_number",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=40, verbose_name="来源编号"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", "closed"), models.Q(("source_number", ""), _negated=True)),
                fields=["tenant", "closed_at", "id"],
                name="ticket_to_return",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_number", ""), _negated=True),
                fields=("tenant", "source_number", "channel"),
                name="ticket_source_number_once",
            ),
        ),
    ]
