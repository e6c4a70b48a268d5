"""Photos of refused forms are kept for the browser that sent them."""

import django.db.models.deletion
import governance.tenancy.current
import governance.tenancy.models
from django.db import migrations, models

from governance.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0002_timer_functions"),
        ("tickets", "0003_photo_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="PhotoDraft",
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
                ("client_id", models.UUIDField(editable=False, null=True)),
                ("key", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=100)),
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
            ],
            options={
                "verbose_name": "未提交的照片",
                "verbose_name_plural": "未提交的照片",
                "indexes": [models.Index(fields=["tenant", "created_at"], name="photo_draft_by_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "key", "client_id"), name="photo_draft_once")
                ],
            },
        ),
        Isolate("PhotoDraft"),
    ]
