"""Speed and attitude of a rating may be left out."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models

STARS = [MinValueValidator(1), MaxValueValidator(5)]


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_search_by_words")]

    operations = [
        migrations.AlterField(
            "rating", name, models.PositiveSmallIntegerField(null=True, validators=STARS, verbose_name=label)
        )
        for name, label in (("speed", "速度"), ("attitude", "态度"))
    ]
