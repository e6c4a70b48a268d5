"""Photos from the place of a whistle."""

import django.db.models.deletion
import governance.tenancy.models
import governance.tenancy.current
from django.db import migrations, models

from governance.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0006_privacy_purpose"),
        ("tickets", "0011_exports"),
    ]

    operations = [
        migrations.CreateModel(
            name="WhistlePhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("lat", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("lng", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "shows",
                    models.CharField(
                        choices=[("arrival", "到场"), ("result", "处置结果")],
                        max_length=8,
                        verbose_name="内容",
                    ),
                ),
                (
                    "member",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.member",
                    ),
                ),
                (
                    "party",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.whistleparty",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=governance.tenancy.current.current_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.tenant",
                    ),
                ),
                (
                    "whistle",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="tickets.whistle",
                    ),
                ),
            ],
            options={
                "verbose_name": "吹哨照片",
                "verbose_name_plural": "吹哨照片",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "whistle", "shows", "sha256"), name="whistle_photo_once"
                    )
                ],
            },
        ),
        Isolate("WhistlePhoto"),
    ]
