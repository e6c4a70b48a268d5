"""A promise of its own for the answer to somebody who has spoken."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0003_every_verb"),
    ]

    operations = [
        migrations.AlterField(
            model_name="servicelevel",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("triage", "分单"),
                    ("dispatch", "派单"),
                    ("accept", "接单"),
                    ("contact", "首次联系"),
                    ("update", "进展答复"),
                    ("resolve", "办结"),
                    ("assist", "协办"),
                    ("verify", "核实"),
                    ("rate", "评单"),
                    ("supervise", "督办回复"),
                    ("answer", "应哨"),
                    ("arrive", "到场"),
                    ("review", "审核"),
                    ("arbitrate", "裁定"),
                    ("join", "协办接单"),
                ],
                max_length=12,
                verbose_name="环节",
            ),
        ),
    ]
