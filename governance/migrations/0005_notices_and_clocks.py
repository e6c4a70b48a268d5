"""Notices say what happened when they are read, ring in working hours and fold under digests; clocks keep every end."""

import django.db.models.deletion
import governance.tenancy.models
import governance.tenancy.current
from django.db import migrations, models

from governance.tenancy.operations import Isolate

#: What was told before this keeps its words' facts from its event, and rang when it was written.
FACTS = """
UPDATE governance_notice n SET rings_at = n.created_at,
    facts = e.facts - ARRAY['was', 'channel'] || '{"say": "state"}' FROM governance_event e
WHERE e.tenant_id = n.tenant_id AND e.id = n.event_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0004_clock_purposes"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeBrake",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
                ("tripped_at", models.DateTimeField(null=True)),
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
        ),
        migrations.RemoveIndex(
            model_name="notice",
            name="notice_inbox",
        ),
        migrations.RemoveField(
            model_name="notice",
            name="text",
        ),
        migrations.AddField(
            model_name="clock",
            name="claimed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="clock",
            name="closings",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="clock",
            name="excused_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="免责于"),
        ),
        migrations.AddField(
            model_name="clock",
            name="extensions",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="延期次数"),
        ),
        migrations.AddField(
            model_name="notice",
            name="digest",
            field=governance.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="folded",
                to="governance.notice",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="facts",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="notice",
            name="rings_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(FACTS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="notice",
            name="rings_at",
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name="clock",
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
                verbose_name="事项",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="event",
            field=governance.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.event",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("digest", None)),
                fields=["tenant", "member", "-created_at"],
                name="notice_inbox",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("digest", None), ("read_at", None)),
                fields=["tenant", "member", "rings_at"],
                name="notice_unread",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["running", "paused", "ended"])), name="clock_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticebrake",
            constraint=models.UniqueConstraint(fields=("tenant",), name="notice_brake_once"),
        ),
        Isolate("Notice"),
        Isolate("NoticeBrake"),
    ]
