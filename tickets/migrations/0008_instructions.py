"""The instructions of a leader are found by their author."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0004_opening"),
        ("grids", "0001_initial"),
        ("tickets", "0007_optional_stars"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="remark",
            index=models.Index(
                condition=models.Q(("verb", "instruct")),
                fields=["tenant", "member", "-at"],
                name="remark_instructions",
            ),
        ),
    ]
