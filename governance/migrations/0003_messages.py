"""The outbox of text messages."""

import django.db.models.deletion
import governance.access.secrets
import governance.tenancy.current
from django.db import migrations, models

from governance.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0002_timer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=64)),
                ("phone", governance.access.secrets.EncryptedField(blank=True, default="")),
                ("text", models.CharField(max_length=200)),
                ("link", governance.access.secrets.EncryptedField(blank=True, default="")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待发送"), ("sent", "已发送"), ("given_up", "未送达")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=80)),
                ("next_try_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
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
                "verbose_name": "短信",
                "verbose_name_plural": "短信",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["tenant", "next_try_at"],
                        name="message_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "kind", "key"), name="message_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("ended_at__isnull", False),
                                ("link", ""),
                                ("phone", ""),
                            ),
                            _connector="OR",
                        ),
                        name="message_erased_when_ended",
                    ),
                ],
            },
        ),
        Isolate("Message"),
    ]
