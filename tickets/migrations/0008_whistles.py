"""Whistles with their parties, tasks and ratings; mediations with their agreements; the level at which a matter ended."""

import django.db.models.deletion
import governance.access.secrets
import governance.tenancy.models
import governance.tenancy.current
import uuid
from django.db import migrations, models


from governance.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0005_notices_and_clocks"),
        ("grids", "0002_duty_roster"),
        ("tickets", "0007_reply_templates"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="dispute",
            field=models.BooleanField(db_default=False, default=False, verbose_name="纠纷类(可调解)"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="ended_level",
            field=models.CharField(
                blank=True,
                choices=[
                    ("grid", "网格"),
                    ("community", "社区(村)"),
                    ("street", "街道(乡镇)"),
                    ("county", "区县"),
                    ("department", "部门"),
                ],
                db_default="",
                default="",
                max_length=10,
                verbose_name="办结层级",
            ),
        ),
        migrations.CreateModel(
            name="Whistle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, verbose_name="哨号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pressing", "居民急难愁盼"),
                            ("enforcement", "综合执法"),
                            ("emergency", "应急处置"),
                            ("joint", "六员联动"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", editable=False, max_length=160)),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="集合地点")),
                ("lat", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("lng", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("text", models.TextField(verbose_name="吹哨事由")),
                ("arrive_by", models.DateTimeField(null=True, verbose_name="要求到场时间")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("blown", "待应哨"),
                            ("answered", "待到场"),
                            ("working", "现场处置"),
                            ("ended", "待评哨"),
                            ("rated", "已评哨"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("result", models.TextField(blank=True, verbose_name="处置结果")),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "area",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.area",
                    ),
                ),
                (
                    "blown_by",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
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
                    "ticket",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="whistles",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "吹哨",
                "verbose_name_plural": "吹哨",
            },
        ),
        migrations.CreateModel(
            name="WhistleCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("last", models.PositiveIntegerField()),
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
        migrations.CreateModel(
            name="WhistleParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("unit", "单位"),
                            ("police", "民警"),
                            ("traffic", "交警"),
                            ("urban", "城管队员"),
                            ("sanitation", "环卫工人"),
                            ("grid", "网格员"),
                            ("lane", "街巷长"),
                        ],
                        default="unit",
                        max_length=12,
                        verbose_name="角色",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("asked", "待应哨"),
                            ("refused", "待区县裁定"),
                            ("excused", "不必到场"),
                            ("answered", "待到场"),
                            ("on_site", "在场"),
                            ("released", "已撤离"),
                            ("missed", "未到场"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="进度",
                    ),
                ),
                ("shared", models.BooleanField(default=False)),
                ("overruled", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True, verbose_name="不能到场的理由")),
                ("decision", models.TextField(blank=True, verbose_name="区县意见")),
                ("left_for", models.TextField(blank=True, verbose_name="撤离说明")),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("on_site_at", models.DateTimeField(null=True)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "seen_by",
                    models.CharField(
                        blank=True,
                        choices=[("place", "定位签到"), ("code", "签到码"), ("desk", "街道确认")],
                        max_length=6,
                    ),
                ),
                ("distance", models.PositiveIntegerField(null=True)),
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
                (
                    "unit",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "whistle",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="tickets.whistle",
                    ),
                ),
            ],
            options={
                "verbose_name": "应哨方",
                "verbose_name_plural": "应哨方",
            },
        ),
        migrations.CreateModel(
            name="WhistleRating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_street", models.BooleanField()),
                ("in_time", models.PositiveSmallIntegerField(null=True, verbose_name="到场及时")),
                ("together", models.PositiveSmallIntegerField(null=True, verbose_name="配合")),
                ("solved", models.PositiveSmallIntegerField(null=True, verbose_name="解决问题")),
                ("needed", models.PositiveSmallIntegerField(null=True, verbose_name="吹得准")),
                ("clear", models.PositiveSmallIntegerField(null=True, verbose_name="任务清楚")),
                ("text", models.TextField(blank=True, verbose_name="意见")),
                ("at", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ratings",
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
                        related_name="ratings",
                        to="tickets.whistle",
                    ),
                ),
            ],
            options={
                "verbose_name": "评哨",
                "verbose_name_plural": "评哨",
            },
        ),
        migrations.CreateModel(
            name="WhistleTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=200, verbose_name="分工")),
                ("done_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "done_by",
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
                        related_name="tasks",
                        to="tickets.whistle",
                    ),
                ),
            ],
            options={
                "verbose_name": "分工",
                "verbose_name_plural": "分工",
            },
        ),
        migrations.CreateModel(
            name="MediationAgreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("terms", models.TextField(verbose_name="协议内容")),
                ("signed_on", models.DateField(verbose_name="签订日期")),
                ("signers", governance.access.secrets.EncryptedField(verbose_name="签字人")),
                ("due_on", models.DateField(null=True, verbose_name="履行期限")),
                ("reminded_at", models.DateTimeField(null=True)),
                ("kept", models.BooleanField(null=True, verbose_name="已履行")),
                ("followed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
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
                    "scan",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.attachment",
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
                    "ticket",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreements",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "调解协议",
                "verbose_name_plural": "调解协议",
                "indexes": [models.Index(fields=["tenant", "ticket"], name="agreement_of_ticket")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("followed_at", None), ("kept", None)),
                            models.Q(("followed_at__isnull", False), ("kept__isnull", False)),
                            _connector="OR",
                        ),
                        name="agreement_followed_with_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MediationSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_at", models.DateTimeField(verbose_name="调解时间")),
                ("place", models.CharField(max_length=100, verbose_name="调解地点")),
                ("mediators", models.CharField(max_length=120, verbose_name="调解员")),
                ("parties", governance.access.secrets.EncryptedField(verbose_name="当事人")),
                ("text", models.TextField(verbose_name="调解经过")),
                (
                    "result",
                    models.CharField(
                        choices=[("agreed", "达成一致"), ("adjourned", "择期再调"), ("failed", "调解不成")],
                        max_length=10,
                        verbose_name="调解结果",
                    ),
                ),
                ("created_at", models.DateTimeField()),
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
                (
                    "ticket",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mediations",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "unit",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "调解",
                "verbose_name_plural": "调解",
                "indexes": [models.Index(fields=["tenant", "ticket", "held_at"], name="mediation_of_ticket")],
            },
        ),
        migrations.AddIndex(
            model_name="whistle",
            index=models.Index(fields=["tenant", "-created_at", "-id"], name="whistle_newest"),
        ),
        migrations.AddIndex(
            model_name="whistle",
            index=models.Index(fields=["tenant", "area_path", "-created_at"], name="whistle_by_place"),
        ),
        migrations.AddConstraint(
            model_name="whistle",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="whistle_number_once"),
        ),
        migrations.AddConstraint(
            model_name="whistle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ["ended", "rated"])),
                    models.Q(models.Q(("state__in", ["ended", "rated"]), _negated=True), ("ended_at", None)),
                    _connector="OR",
                ),
                name="whistle_ended_with_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="whistlecounter",
            constraint=models.UniqueConstraint(fields=("tenant", "day"), name="whistle_counter_once"),
        ),
        migrations.AddIndex(
            model_name="whistleparty",
            index=models.Index(fields=["tenant", "unit", "stage"], name="whistle_party_by_unit"),
        ),
        migrations.AddConstraint(
            model_name="whistleparty",
            constraint=models.UniqueConstraint(
                fields=("tenant", "whistle", "unit", "member", "role"),
                name="whistle_party_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="whistleparty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("on_site_at", None), ("seen_by", "")),
                    models.Q(("on_site_at__isnull", False), models.Q(("seen_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="whistle_party_seen_somehow",
            ),
        ),
        migrations.AddConstraint(
            model_name="whistlerating",
            constraint=models.UniqueConstraint(
                fields=("tenant", "party", "by_street"), name="whistle_rated_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="whistlerating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("by_street", True),
                        ("in_time__isnull", False),
                        ("in_time__range", (1, 5)),
                        ("together__isnull", False),
                        ("together__range", (1, 5)),
                        ("solved__isnull", False),
                        ("solved__range", (1, 5)),
                        ("needed", None),
                        ("clear", None),
                    ),
                    models.Q(
                        ("by_street", False),
                        ("needed__isnull", False),
                        ("needed__range", (1, 5)),
                        ("clear__isnull", False),
                        ("clear__range", (1, 5)),
                        ("in_time", None),
                        ("together", None),
                        ("solved", None),
                    ),
                    _connector="OR",
                ),
                name="whistle_rating_one_to_five",
            ),
        ),
        *(
            Isolate(name)
            for name in (
                "Whistle",
                "WhistleParty",
                "WhistleTask",
                "WhistleRating",
                "WhistleCounter",
                "MediationSession",
                "MediationAgreement",
            )
        ),
    ]
