import django.db.models.deletion
import governance.access.secrets
import governance.tenancy.current
from django.db import migrations, models

from governance.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0007_message_code"),
    ]

    operations = [
        migrations.CreateModel(
            name="Robot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_id", models.BigIntegerField(verbose_name="单位")),
                (
                    "platform",
                    models.CharField(
                        choices=[("wecom", "企业微信"), ("dingtalk", "钉钉"), ("feishu", "飞书")],
                        max_length=10,
                        verbose_name="平台",
                    ),
                ),
                ("address", governance.access.secrets.EncryptedField(verbose_name="机器人地址")),
                (
                    "secret",
                    governance.access.secrets.EncryptedField(blank=True, default="", verbose_name="加签密钥"),
                ),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "verbose_name": "群机器人",
                "verbose_name_plural": "群机器人",
            },
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["tenant", "kind", "-created_at"], name="message_by_kind"),
        ),
        migrations.AddField(
            model_name="robot",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                default=governance.tenancy.current.current_id,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.tenant",
            ),
        ),
        migrations.AddConstraint(
            model_name="robot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)), fields=("tenant", "unit_id"), name="one_robot_per_unit"
            ),
        ),
        Isolate("Robot"),
    ]
