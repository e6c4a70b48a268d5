"""Service accounts: log-ins of programs, without a password."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0004_opening")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_service",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_service", False), ("is_operator", False), _connector="OR"),
                name="user_service_is_no_operator",
            ),
        ),
    ]
