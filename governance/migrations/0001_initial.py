import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import governance.access.secrets
import governance.clocks.models
import governance.messages.robots
import governance.tenancy.current
import governance.tenancy.models
from django.conf import settings
from django.db import migrations, models

from governance.events.sql import APPEND, DROP
from governance.tenancy.operations import Isolate

ISOLATED = (
    "Member",
    "WorkCalendar",
    "CalendarYear",
    "CalendarDay",
    "Clock",
    "Deadline",
    "Event",
    "EventHead",
    "EventDigest",
    "FeedCursor",
    "FailedDelivery",
    "Notice",
    "NoticeBrake",
    "Robot",
    "Message",
    "SheetUpload",
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.BigIntegerField()),
                (
                    "purpose",
                    models.CharField(
                        choices=governance.clocks.models.Purpose.listed, max_length=12, verbose_name="事项"
                    ),
                ),
                ("unit_id", models.BigIntegerField(blank=True, null=True, verbose_name="责任单位")),
                ("budget", models.PositiveIntegerField(verbose_name="时限")),
                ("budget_unit", models.CharField(max_length=16, verbose_name="时限单位")),
                ("policy", models.JSONField(verbose_name="规则快照")),
                ("calendar_version", models.PositiveIntegerField(default=0)),
                ("zone", models.CharField(max_length=40, verbose_name="时区")),
                ("started_at", models.DateTimeField(verbose_name="开始")),
                ("due_at", models.DateTimeField(verbose_name="到期")),
                ("provisional", models.BooleanField(default=False, verbose_name="暂定")),
                (
                    "state",
                    models.CharField(
                        choices=governance.clocks.models.State.listed,
                        default="running",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("segments", models.JSONField(default=list, verbose_name="分段")),
                ("run", models.PositiveSmallIntegerField(default=1)),
                ("used", models.PositiveIntegerField(default=0, verbose_name="已用")),
                ("breached_at", models.DateTimeField(blank=True, null=True, verbose_name="超时于")),
                ("excused_at", models.DateTimeField(blank=True, null=True, verbose_name="免责于")),
                ("extensions", models.PositiveSmallIntegerField(default=0, verbose_name="延期次数")),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("closings", models.JSONField(default=list)),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=governance.clocks.models.Outcome.listed,
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
            ],
            options={
                "verbose_name": "时钟",
                "verbose_name_plural": "时钟",
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=12)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("unit_id", models.BigIntegerField(null=True)),
                ("facts", models.JSONField(default=dict)),
                ("prev_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.expressions.RawSQL("clock_timestamp()", [])
                    ),
                ),
                (
                    "xid",
                    models.BigIntegerField(
                        db_default=django.db.models.expressions.RawSQL(
                            "(pg_current_xact_id()::text)::bigint", []
                        )
                    ),
                ),
            ],
            options={
                "verbose_name": "事件",
                "verbose_name_plural": "事件",
            },
        ),
        migrations.CreateModel(
            name="Tenant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="地址名")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                (
                    "code",
                    models.CharField(
                        max_length=12,
                        validators=[django.core.validators.RegexValidator("^\\d{12}$")],
                        verbose_name="区划代码",
                    ),
                ),
                (
                    "prefix",
                    models.CharField(
                        max_length=8,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{2,8}$")],
                        verbose_name="工单编号前缀",
                    ),
                ),
                ("zone", models.CharField(default="Asia/Shanghai", max_length=40, verbose_name="时区")),
                ("settings", models.JSONField(blank=True, default=dict, verbose_name="设置")),
                ("config_version", models.PositiveIntegerField(default=1, editable=False)),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "区县",
                "verbose_name_plural": "区县",
                "ordering": ["code", "slug"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        max_length=64,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[\\w.@+-]+$", "登录名只能用字母、数字和 . @ + - _"
                            )
                        ],
                        verbose_name="登录名",
                    ),
                ),
                ("phone_hash", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("is_operator", models.BooleanField(default=False, verbose_name="平台运维")),
                ("password_set_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "用户",
                "verbose_name_plural": "用户",
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "phone",
                    governance.access.secrets.EncryptedField(blank=True, default="", verbose_name="手机"),
                ),
                (
                    "email",
                    governance.access.secrets.EncryptedField(blank=True, default="", verbose_name="邮箱"),
                ),
                ("active", models.BooleanField(default=True, verbose_name="在岗")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "verbose_name": "人员",
                "verbose_name_plural": "人员",
            },
        ),
        migrations.CreateModel(
            name="SheetUpload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=20)),
                ("rows", governance.access.secrets.EncryptedField()),
                ("preview", governance.access.secrets.EncryptedField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "member",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
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
                "verbose_name": "待确认的导入",
                "verbose_name_plural": "待确认的导入",
            },
        ),
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
                        choices=governance.messages.robots.Platform.listed, max_length=10, verbose_name="平台"
                    ),
                ),
                ("address", governance.access.secrets.EncryptedField(verbose_name="机器人地址")),
                (
                    "secret",
                    governance.access.secrets.EncryptedField(blank=True, default="", verbose_name="加签密钥"),
                ),
                ("active", models.BooleanField(default=True)),
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
                "verbose_name": "群机器人",
                "verbose_name_plural": "群机器人",
            },
        ),
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
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=60)),
                ("facts", models.JSONField(default=dict)),
                ("link", models.CharField(blank=True, max_length=200)),
                ("urgent", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("rings_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "digest",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="folded",
                        to="governance.notice",
                    ),
                ),
                (
                    "event",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.event",
                    ),
                ),
                (
                    "member",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
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
                "verbose_name": "通知",
                "verbose_name_plural": "通知",
            },
        ),
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
                ("code", governance.access.secrets.EncryptedField(blank=True, db_default="", default="")),
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
            },
        ),
        migrations.CreateModel(
            name="FeedCursor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subscriber", models.CharField(max_length=80)),
                ("xid", models.BigIntegerField(default=0)),
                ("event_id", models.BigIntegerField(default=0)),
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
            name="FailedDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subscriber", models.CharField(max_length=80)),
                ("attempts", models.PositiveIntegerField(default=1)),
                ("next_attempt_at", models.DateTimeField()),
                ("error", models.CharField(max_length=200)),
                (
                    "event",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.event",
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
        ),
        migrations.CreateModel(
            name="EventHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("seq", models.PositiveIntegerField()),
                ("hash", models.CharField(max_length=64)),
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
            name="EventDigest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("events", models.PositiveIntegerField()),
                ("hash", models.CharField(max_length=64)),
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
        migrations.AddField(
            model_name="event",
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
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("run", models.PositiveSmallIntegerField(default=1)),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.BigIntegerField()),
                ("purpose", models.CharField(max_length=20)),
                ("step", models.CharField(max_length=12)),
                ("due_at", models.DateTimeField()),
                ("next_attempt_at", models.DateTimeField()),
                ("fired_at", models.DateTimeField(blank=True, null=True)),
                ("combined", models.BooleanField(default=False)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=120)),
                (
                    "clock",
                    governance.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="governance.clock",
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
                "verbose_name": "定时点",
                "verbose_name_plural": "定时点",
            },
        ),
        migrations.AddField(
            model_name="clock",
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
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("published", models.BooleanField(default=False, verbose_name="已公布")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="来源")),
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
                "verbose_name": "日历年份",
                "verbose_name_plural": "日历年份",
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="用途")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("scopes", models.JSONField(default=list, verbose_name="范围")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(verbose_name="到期")),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="governance.tenant"
                    ),
                ),
            ],
            options={
                "verbose_name": "接口令牌",
                "verbose_name_plural": "接口令牌",
            },
        ),
        migrations.CreateModel(
            name="UsedPassword",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128)),
                ("set_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="used_passwords",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WorkCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("zone", models.CharField(default="Asia/Shanghai", max_length=40, verbose_name="时区")),
                ("week", models.JSONField(default=dict, verbose_name="每周作息")),
                ("unit_id", models.BigIntegerField(blank=True, null=True, verbose_name="单位")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
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
                "verbose_name": "工作日历",
                "verbose_name_plural": "工作日历",
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(verbose_name="日期")),
                (
                    "kind",
                    models.CharField(
                        choices=[("off", "休息"), ("work", "上班")], max_length=4, verbose_name="类型"
                    ),
                ),
                ("slots", models.JSONField(blank=True, null=True, verbose_name="当日作息")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="名称")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="来源")),
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
                    "calendar",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="governance.workcalendar",
                        verbose_name="日历",
                    ),
                ),
            ],
            options={
                "verbose_name": "特殊日期",
                "verbose_name_plural": "特殊日期",
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_superuser", False)), name="user_nobody_is_superuser"
            ),
        ),
        migrations.AddIndex(
            model_name="sheetupload",
            index=models.Index(fields=["tenant", "made_at"], name="sheet_upload_by_age"),
        ),
        migrations.AddConstraint(
            model_name="robot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)), fields=("tenant", "unit_id"), name="one_robot_per_unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticebrake",
            constraint=models.UniqueConstraint(fields=("tenant",), name="notice_brake_once"),
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
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("tenant", "member", "event"), name="notice_once_per_event"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["tenant", "kind", "-created_at"], name="message_by_kind"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["tenant", "next_try_at"], name="message_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("tenant", "kind", "key"), name="message_once"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("state", "waiting")),
                    models.Q(
                        models.Q(("state", "waiting"), _negated=True),
                        ("code", ""),
                        ("ended_at__isnull", False),
                        ("link", ""),
                        ("phone", ""),
                    ),
                    _connector="OR",
                ),
                name="message_erased_when_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(fields=("tenant", "user"), name="member_once_per_user"),
        ),
        migrations.AddConstraint(
            model_name="feedcursor",
            constraint=models.UniqueConstraint(fields=("tenant", "subscriber"), name="feed_cursor_once"),
        ),
        migrations.AddConstraint(
            model_name="faileddelivery",
            constraint=models.UniqueConstraint(
                fields=("tenant", "subscriber", "event"), name="failed_delivery_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="eventhead",
            constraint=models.UniqueConstraint(
                fields=("tenant", "subject_type", "subject_id"), name="event_head_once_per_subject"
            ),
        ),
        migrations.AddConstraint(
            model_name="eventdigest",
            constraint=models.UniqueConstraint(fields=("tenant", "day"), name="event_digest_once_per_day"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["tenant", "xid", "id"], name="event_feed"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["tenant", "recorded_at"], name="event_by_day"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(
                fields=("tenant", "subject_type", "subject_id", "seq"), name="event_seq_once_per_subject"
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("fired_at__isnull", True)),
                fields=["next_attempt_at"],
                name="deadline_unfired",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(fields=["tenant", "subject_type", "subject_id"], name="deadline_of_subject"),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("clock__isnull", False)),
                fields=("tenant", "clock", "step", "run"),
                name="one_step_per_run",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("clock__isnull", True), ("fired_at__isnull", True)),
                fields=("tenant", "subject_type", "subject_id", "purpose", "step"),
                name="one_open_appointment",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(fields=["tenant", "subject_type", "subject_id"], name="clock_of_subject"),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["tenant", "due_at"],
                name="clock_open_by_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("tenant", "subject_type", "subject_id", "purpose", "unit_id"),
                name="one_open_clock",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state", "ended")),
                    models.Q(models.Q(("state", "ended"), _negated=True), ("ended_at__isnull", True)),
                    _connector="OR",
                ),
                name="ended_with_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("outcome", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="ended_with_its_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["running", "paused", "ended"])), name="clock_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("budget__gt", 0)), name="clock_has_a_budget"
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("started_at"))), name="due_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendaryear",
            constraint=models.UniqueConstraint(fields=("tenant", "year"), name="one_calendar_year"),
        ),
        migrations.AddConstraint(
            model_name="workcalendar",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True), ("unit_id__isnull", True)),
                fields=("tenant",),
                name="one_default_calendar",
            ),
        ),
        migrations.AddConstraint(
            model_name="workcalendar",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)),
                fields=("tenant", "unit_id"),
                name="one_calendar_per_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarday",
            constraint=models.UniqueConstraint(
                fields=("tenant", "calendar", "date"), name="one_rule_per_date"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarday",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "work"), ("slots__isnull", True), _connector="OR"),
                name="day_off_has_no_slots",
            ),
        ),
        *(Isolate(name) for name in ISOLATED),
        migrations.RunSQL(APPEND, DROP),
    ]
