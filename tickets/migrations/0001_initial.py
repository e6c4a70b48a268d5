import django.core.validators
import django.db.models.deletion
import governance.access.secrets
import governance.clocks.models
import governance.tenancy.current
import governance.tenancy.models
import grids.models
import tickets.replies.models
import tickets.states
import tickets.whistles.workflow
import uuid
from django.conf import settings
from django.db import migrations, models

from governance.tenancy.operations import Isolate

ISOLATED = (
    "Category",
    "ServiceLevel",
    "TicketUserObjectPermission",
    "TicketGroupObjectPermission",
    "Ticket",
    "Assistant",
    "NumberCounter",
    "DutyList",
    "DutyItem",
    "DutyAssistant",
    "WorkAdmission",
    "AdmissionUnit",
    "Push",
    "HeadConsent",
    "Export",
    "SavedView",
    "Reporter",
    "Remark",
    "Attachment",
    "Rating",
    "RatingLink",
    "MediationSession",
    "MediationAgreement",
    "PhoneProof",
    "DataRequest",
    "PrivacyNotice",
    "Question",
    "Answer",
    "ReplyTemplate",
    "Approval",
    "Callback",
    "Whistle",
    "WhistleParty",
    "WhistleTask",
    "WhistleRating",
    "WhistlePhoto",
    "WhistleCounter",
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("governance", "0001_initial"),
        ("grids", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="代码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "name_en",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=100, verbose_name="英文名称"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(default=1, verbose_name="级别")),
                ("leaf", models.BooleanField(default=True, editable=False)),
                (
                    "tier",
                    models.CharField(
                        choices=tickets.states.Tier.listed,
                        default="ordinary",
                        max_length=12,
                        verbose_name="紧急程度",
                    ),
                ),
                (
                    "matter",
                    models.CharField(
                        choices=tickets.states.Demand.listed,
                        default="help",
                        max_length=12,
                        verbose_name="诉求类型",
                    ),
                ),
                ("needs_eyes", models.BooleanField(default=True, verbose_name="需要现场核实")),
                (
                    "dispute",
                    models.BooleanField(db_default=False, default=False, verbose_name="纠纷类（可调解）"),
                ),
                ("unlisted", models.BooleanField(db_default=False, default=False, verbose_name="不上公开栏")),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "duty_unit",
                    governance.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                        verbose_name="首办单位",
                    ),
                ),
                (
                    "parent",
                    governance.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="tickets.category",
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
                "verbose_name": "事项分类",
                "verbose_name_plural": "事项分类",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="DutyItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30, verbose_name="事项编号")),
                ("name", models.CharField(max_length=200, verbose_name="事项名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("basic", "基本履职"),
                            ("cooperating", "配合履职"),
                            ("taken_back", "上级部门收回"),
                            ("delegated", "赋权"),
                        ],
                        max_length=12,
                        verbose_name="清单类别",
                    ),
                ),
                (
                    "lead_kind",
                    models.CharField(
                        blank=True,
                        choices=grids.models.UnitKind.listed,
                        max_length=20,
                        verbose_name="牵头单位类别",
                    ),
                ),
                ("legal_basis", models.CharField(blank=True, max_length=500, verbose_name="法律依据")),
                (
                    "category",
                    governance.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.category",
                        verbose_name="事项分类",
                    ),
                ),
                (
                    "lead_unit",
                    governance.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                        verbose_name="牵头单位",
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
                "verbose_name": "履职事项",
                "verbose_name_plural": "履职事项",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="DutyAssistant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(blank=True, choices=grids.models.UnitKind.listed, max_length=20)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "item",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assistants",
                        to="tickets.dutyitem",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="DutyList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("valid_from", models.DateField(verbose_name="施行日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="施行至")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "草稿"), ("published", "已发布"), ("superseded", "已被取代")],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="导入时间")),
                ("published_at", models.DateTimeField(null=True, verbose_name="发布时间")),
                (
                    "made_by",
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
                    "published_by",
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
                "verbose_name": "履职事项清单",
                "verbose_name_plural": "履职事项清单",
                "ordering": ["-valid_from", "-id"],
            },
        ),
        migrations.AddField(
            model_name="dutyitem",
            name="version",
            field=governance.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="tickets.dutylist",
            ),
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队中"),
                            ("running", "生成中"),
                            ("ready", "可下载"),
                            ("fetched", "已下载"),
                            ("failed", "操作未成功"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("query", models.CharField(blank=True, max_length=500)),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("path", models.CharField(blank=True, max_length=120)),
                ("created_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
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
                "verbose_name": "导出",
                "verbose_name_plural": "导出",
            },
        ),
        migrations.CreateModel(
            name="HeadConsent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person", models.CharField(max_length=60, verbose_name="拟任免或考核的负责人")),
                (
                    "what",
                    models.CharField(
                        choices=[("appoint", "任命"), ("remove", "免职"), ("assess", "考核")],
                        max_length=8,
                        verbose_name="事项",
                    ),
                ),
                ("reason", models.TextField(verbose_name="事由")),
                ("asked_at", models.DateTimeField(verbose_name="征求时间")),
                ("due_at", models.DateTimeField(null=True, verbose_name="答复期限")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "待答复"),
                            ("unanswered", "逾期未答复"),
                            ("agreed", "同意"),
                            ("refused", "不同意"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                ("answer", models.TextField(blank=True, verbose_name="答复理由")),
                (
                    "asked_by",
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
                    "asked_unit",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "decided_by",
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
                    "street_unit",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
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
            ],
            options={
                "verbose_name": "派驻机构负责人征求意见",
                "verbose_name_plural": "派驻机构负责人征求意见",
                "ordering": ["-asked_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="NumberCounter",
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
            name="PhoneProof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phone", governance.access.secrets.EncryptedField(verbose_name="电话")),
                ("phone_hash", models.CharField(max_length=64)),
                ("code_hash", models.CharField(max_length=64)),
                ("sent_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("proven_at", models.DateTimeField(null=True)),
                ("pass_hash", models.CharField(blank=True, max_length=64)),
                ("pass_until", models.DateTimeField(null=True)),
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
                "verbose_name": "手机验证",
                "verbose_name_plural": "手机验证",
            },
        ),
        migrations.CreateModel(
            name="PrivacyNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="版本")),
                ("text", models.TextField(verbose_name="内容")),
                ("published_at", models.DateTimeField(verbose_name="发布时间")),
                (
                    "published_by",
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
                "verbose_name": "个人信息处理告知",
                "verbose_name_plural": "个人信息处理告知",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                ("text", models.CharField(max_length=120, verbose_name="问题")),
                (
                    "text_en",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="英文问题"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("yes_no", "是或否"),
                            ("choice", "单选"),
                            ("number", "数字"),
                            ("date", "日期"),
                            ("text", "文字"),
                        ],
                        max_length=8,
                        verbose_name="答案类型",
                    ),
                ),
                ("options", models.JSONField(blank=True, default=list, verbose_name="选项")),
                (
                    "options_en",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        verbose_name="英文选项",
                    ),
                ),
                ("required", models.BooleanField(default=False, verbose_name="必答")),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
                ("stop_on", models.CharField(blank=True, max_length=40, verbose_name="选择该答案时提醒")),
                ("stop_text", models.CharField(blank=True, max_length=300, verbose_name="提醒内容")),
                (
                    "stop_text_en",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=500, verbose_name="英文提醒内容"
                    ),
                ),
                ("danger", models.BooleanField(default=False, verbose_name="有人身危险")),
                (
                    "category",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="tickets.category",
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
                "verbose_name": "补充问题",
                "verbose_name_plural": "补充问题",
                "ordering": ["place", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verb",
                    models.CharField(
                        choices=tickets.replies.models.verbs, max_length=20, verbose_name="用于"
                    ),
                ),
                ("title", models.CharField(max_length=40, verbose_name="名称")),
                ("text", models.TextField(verbose_name="内容")),
                (
                    "category",
                    governance.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.category",
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
                "verbose_name": "答复模板",
                "verbose_name_plural": "答复模板",
                "ordering": ["verb", "title"],
            },
        ),
        migrations.CreateModel(
            name="Reporter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    governance.access.secrets.EncryptedField(blank=True, default="", verbose_name="姓名"),
                ),
                (
                    "phone",
                    governance.access.secrets.EncryptedField(blank=True, default="", verbose_name="电话"),
                ),
                ("phone_hash", models.CharField(blank=True, max_length=64)),
                ("phone_verified_at", models.DateTimeField(null=True)),
                ("notice_version", models.PositiveIntegerField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("anonymous", models.BooleanField(default=False, verbose_name="匿名")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("channel", models.CharField(choices=tickets.states.Channel.listed, max_length=10)),
                ("created_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
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
                "verbose_name": "反映人",
                "verbose_name_plural": "反映人",
            },
        ),
        migrations.CreateModel(
            name="Attachment",
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
                ("purpose", models.CharField(default="report", max_length=12)),
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
                    "reporter",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.reporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "照片",
                "verbose_name_plural": "照片",
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="名称")),
                ("query", models.CharField(blank=True, max_length=500)),
                ("columns", models.CharField(blank=True, max_length=200)),
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
                (
                    "unit",
                    governance.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "常用视图",
                "verbose_name_plural": "常用视图",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ServiceLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True, choices=tickets.states.Tier.listed, max_length=12, verbose_name="紧急程度"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=governance.clocks.models.Purpose.listed, max_length=12, verbose_name="环节"
                    ),
                ),
                ("budget", models.PositiveIntegerField(verbose_name="时限")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("work_minutes", "work_minutes"),
                            ("workdays", "workdays"),
                            ("natural_minutes", "natural_minutes"),
                        ],
                        max_length=16,
                        verbose_name="计时单位",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("end_of_day", "end_of_day"), ("same_clock", "same_clock")],
                        default="end_of_day",
                        max_length=12,
                        verbose_name="到期方式",
                    ),
                ),
                ("warn_shares", models.JSONField(blank=True, default=list, verbose_name="预警比例")),
                ("escalate_after", models.JSONField(blank=True, default=list, verbose_name="逐级升级")),
                (
                    "category",
                    governance.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.category",
                        verbose_name="事项分类",
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
                "verbose_name": "办理时限",
                "verbose_name_plural": "办理时限",
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, verbose_name="编号")),
                ("client_id", models.UUIDField(editable=False, null=True)),
                ("body_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("text", models.TextField(verbose_name="内容")),
                ("area_path", models.CharField(db_collation="C", editable=False, max_length=160)),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("lat", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("lng", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("datum", models.CharField(blank=True, max_length=8)),
                (
                    "channel",
                    models.CharField(
                        choices=tickets.states.Channel.listed, max_length=10, verbose_name="来源"
                    ),
                ),
                (
                    "matter",
                    models.CharField(
                        choices=tickets.states.Demand.listed,
                        default="help",
                        max_length=12,
                        verbose_name="诉求类型",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=tickets.states.Tier.listed,
                        default="ordinary",
                        max_length=12,
                        verbose_name="紧急程度",
                    ),
                ),
                ("private", models.BooleanField(default=False, verbose_name="不公开")),
                (
                    "state",
                    models.CharField(choices=tickets.states.State.listed, max_length=20, verbose_name="状态"),
                ),
                ("state_since", models.DateTimeField()),
                (
                    "size",
                    models.CharField(
                        blank=True, choices=tickets.states.Size.listed, max_length=6, verbose_name="大小"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=tickets.states.Outcome.listed, max_length=10, verbose_name="结果"
                    ),
                ),
                (
                    "came_from",
                    models.CharField(blank=True, choices=tickets.states.State.listed, max_length=20),
                ),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=tickets.states.State.listed,
                        db_default="",
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "before_outcome",
                    models.CharField(
                        blank=True,
                        choices=tickets.states.Outcome.listed,
                        db_default="",
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "pending",
                    models.CharField(
                        blank=True,
                        choices=tickets.states.Asking.listed,
                        db_default="",
                        default="",
                        max_length=10,
                        verbose_name="待批",
                    ),
                ),
                (
                    "ruling",
                    models.CharField(
                        blank=True,
                        choices=tickets.states.Ruling.listed,
                        db_default="",
                        default="",
                        max_length=5,
                        verbose_name="裁定",
                    ),
                ),
                ("supervised", models.BooleanField(db_default=False, default=False, verbose_name="督办中")),
                (
                    "ended_level",
                    models.CharField(
                        blank=True,
                        choices=tickets.states.EndedLevel.listed,
                        db_default="",
                        default="",
                        max_length=10,
                        verbose_name="办结层级",
                    ),
                ),
                ("returns", models.PositiveSmallIntegerField(default=0)),
                ("reworks", models.PositiveSmallIntegerField(default=0)),
                ("extensions", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("urges", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("review_on", models.DateField(null=True, verbose_name="复查日期")),
                ("due_at", models.DateTimeField(null=True)),
                ("promised_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("first_closed_at", models.DateTimeField(null=True)),
                (
                    "against_unit",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "area",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.area",
                    ),
                ),
                (
                    "category",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.category",
                    ),
                ),
                (
                    "dispatched_by",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "duty_item",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.dutyitem",
                    ),
                ),
                (
                    "handled_by",
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
                    "holder_unit",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "lead_member",
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
                    "lead_section",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "lead_unit",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "led_by",
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
                    "merged_into",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "parent",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "pending_unit",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
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
                "verbose_name": "工单",
                "verbose_name_plural": "工单",
                "permissions": [("read_ticket", "Can read the ticket it is shared through")],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="reporter",
            name="ticket",
            field=governance.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reporters",
                to="tickets.ticket",
            ),
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=30)),
                (
                    "visibility",
                    models.CharField(
                        choices=[("internal", "内部"), ("public", "对居民公开")],
                        default="internal",
                        max_length=8,
                    ),
                ),
                ("text", models.TextField()),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "ticket",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="RatingLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("digest", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
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
                    "reporter",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.reporter",
                    ),
                ),
                (
                    "ticket",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                (
                    "speed",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="速度",
                    ),
                ),
                (
                    "attitude",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="态度",
                    ),
                ),
                (
                    "result",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="结果",
                    ),
                ),
                ("solved", models.BooleanField(verbose_name="是否解决")),
                ("comment", models.TextField(blank=True, verbose_name="意见")),
                ("at", models.DateTimeField()),
                (
                    "aloud_by",
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
                    "reporter",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ratings",
                        to="tickets.reporter",
                    ),
                ),
                (
                    "ticket",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ratings",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "评价",
                "verbose_name_plural": "评价",
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
            ],
            options={
                "verbose_name": "调解",
                "verbose_name_plural": "调解",
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
            },
        ),
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("correct", "更正"), ("delete", "删除")], max_length=8, verbose_name="请求"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待处理"), ("done", "已办理"), ("refused", "未予办理")],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "name",
                    governance.access.secrets.EncryptedField(blank=True, default="", verbose_name="姓名"),
                ),
                (
                    "phone",
                    governance.access.secrets.EncryptedField(blank=True, default="", verbose_name="电话"),
                ),
                (
                    "text",
                    governance.access.secrets.EncryptedField(blank=True, default="", verbose_name="说明"),
                ),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                ("due_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
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
                    "reporter",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="data_requests",
                        to="tickets.reporter",
                    ),
                ),
                (
                    "ticket",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="data_requests",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "个人信息请求",
                "verbose_name_plural": "个人信息请求",
            },
        ),
        migrations.CreateModel(
            name="Callback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("contacted", models.BooleanField(verbose_name="是否联系上")),
                ("solved", models.BooleanField(null=True, verbose_name="是否解决")),
                ("satisfied", models.BooleanField(null=True, verbose_name="是否满意")),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "remark",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.remark",
                    ),
                ),
                (
                    "ticket",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="callbacks",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "回访",
                "verbose_name_plural": "回访",
                "ordering": ["at", "id"],
            },
        ),
        migrations.AddField(
            model_name="attachment",
            name="ticket",
            field=governance.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attachments",
                to="tickets.ticket",
            ),
        ),
        migrations.CreateModel(
            name="Assistant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("accepted_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("waived_at", models.DateTimeField(null=True)),
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
                    "ticket",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assistants",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=tickets.states.Asking.listed, max_length=10, verbose_name="申请事项"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                ("days", models.PositiveSmallIntegerField(null=True, verbose_name="延期天数")),
                ("until", models.DateField(null=True, verbose_name="挂账至")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="批复时间")),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("approved", "同意"), ("refused", "不同意"), ("lapsed", "已失效")],
                        max_length=8,
                        verbose_name="批复",
                    ),
                ),
                (
                    "approver_unit",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "asked_by",
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
                    "asked_unit",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "decided_by",
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
                    "wanted_unit",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "answer",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.remark",
                    ),
                ),
                (
                    "reason",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.remark",
                    ),
                ),
                (
                    "ticket",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "申请",
                "verbose_name_plural": "申请",
                "ordering": ["asked_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("yes_no", "是或否"),
                            ("choice", "单选"),
                            ("number", "数字"),
                            ("date", "日期"),
                            ("text", "文字"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=500)),
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
                    "question",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.question",
                    ),
                ),
                (
                    "ticket",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "补充问题的答案",
                "verbose_name_plural": "补充问题的答案",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="TicketGroupObjectPermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "content_object",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="tickets.ticket",
                    ),
                ),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group")),
                (
                    "permission",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission"),
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
            name="TicketUserObjectPermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "content_object",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="tickets.ticket",
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission"),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
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
                        choices=tickets.whistles.workflow.WhistleKind.listed,
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
                        choices=tickets.whistles.workflow.WhistleState.listed,
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
                        choices=tickets.whistles.workflow.Part.listed,
                        default="unit",
                        max_length=12,
                        verbose_name="角色",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=tickets.whistles.workflow.Stage.listed,
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
                        blank=True, choices=tickets.whistles.workflow.CheckIn.listed, max_length=6
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
            name="WorkAdmission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="事项名称")),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                (
                    "onto_kind",
                    models.CharField(
                        blank=True,
                        choices=grids.models.UnitKind.listed,
                        max_length=20,
                        verbose_name="下沉到哪类单位",
                    ),
                ),
                ("reason", models.TextField(verbose_name="理由")),
                ("valid_from", models.DateField(verbose_name="准入起")),
                ("valid_until", models.DateField(verbose_name="准入止")),
                (
                    "budget",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="随转经费（元）"
                    ),
                ),
                ("budget_source", models.CharField(blank=True, max_length=200, verbose_name="经费来源")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "待批"),
                            ("approved", "已准入"),
                            ("refused", "不予准入"),
                            ("expired", "已到期"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("due_at", models.DateTimeField(null=True, verbose_name="批复期限")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="批复时间")),
                ("answer", models.TextField(blank=True, verbose_name="批复意见")),
                (
                    "asked_by",
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
                    "asked_unit",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "category",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.category",
                    ),
                ),
                (
                    "decided_by",
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
                "verbose_name": "工作准入",
                "verbose_name_plural": "工作准入",
                "ordering": ["-asked_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Push",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=20)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("refused", "被拒"), ("admitted", "经准入"), ("emergency", "紧急下派")],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "category",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.category",
                    ),
                ),
                (
                    "department",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                    "onto",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                    ),
                ),
                (
                    "ticket",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pushes",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "admission",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pushes",
                        to="tickets.workadmission",
                    ),
                ),
            ],
            options={
                "verbose_name": "下派记录",
                "verbose_name_plural": "下派记录",
            },
        ),
        migrations.CreateModel(
            name="AdmissionUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    "admission",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="onto",
                        to="tickets.workadmission",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(fields=("tenant", "code"), name="category_code_once"),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(
                fields=("tenant", "parent", "name"), name="category_name_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__gte", 1), ("level__lte", 3)), name="category_three_levels"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyassistant",
            constraint=models.UniqueConstraint(
                fields=("tenant", "item", "unit", "kind"), name="duty_assistant_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyassistant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", ""), ("unit__isnull", False)),
                    models.Q(("unit", None), models.Q(("kind", ""), _negated=True)),
                    _connector="OR",
                ),
                name="duty_assistant_one_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutylist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "published")), fields=("tenant",), name="duty_list_one_published"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutylist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at", None), ("state", "draft")),
                    models.Q(models.Q(("state", "draft"), _negated=True), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="duty_list_published_with_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutylist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "superseded"), ("valid_to__isnull", False)),
                    models.Q(models.Q(("state", "superseded"), _negated=True), ("valid_to", None)),
                    _connector="OR",
                ),
                name="duty_list_superseded_with_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyitem",
            constraint=models.UniqueConstraint(
                fields=("tenant", "version", "code"), name="duty_item_code_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lead_kind", ""), ("lead_unit__isnull", False)),
                    models.Q(("lead_unit", None), models.Q(("lead_kind", ""), _negated=True)),
                    _connector="OR",
                ),
                name="duty_item_one_lead",
            ),
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(fields=["tenant", "member", "-created_at"], name="export_by_member"),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(("done__lte", models.F("total"))), name="export_no_more_than_all"
            ),
        ),
        migrations.AddConstraint(
            model_name="headconsent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", False), ("state__in", ["agreed", "refused"])),
                    models.Q(("state__in", ["asked", "unanswered"]), ("decided_at", None)),
                    _connector="OR",
                ),
                name="consent_decided_with_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="headconsent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["asked", "unanswered"])),
                fields=("tenant", "unit", "what", "person"),
                name="consent_asked_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="numbercounter",
            constraint=models.UniqueConstraint(fields=("tenant", "day"), name="number_counter_once"),
        ),
        migrations.AddIndex(
            model_name="phoneproof",
            index=models.Index(fields=["tenant", "phone_hash", "-sent_at"], name="phone_proof_newest"),
        ),
        migrations.AddConstraint(
            model_name="phoneproof",
            constraint=models.UniqueConstraint(
                condition=models.Q(("pass_hash", ""), _negated=True),
                fields=("tenant", "pass_hash"),
                name="phone_pass_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="phoneproof",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pass_hash", ""), ("pass_until", None), ("proven_at", None)),
                    ("proven_at__isnull", False),
                    _connector="OR",
                ),
                name="phone_pass_after_proof",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacynotice",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="privacy_notice_once"),
        ),
        migrations.AddConstraint(
            model_name="privacynotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gt", 0), models.Q(("text", ""), _negated=True)),
                name="privacy_notice_says_something",
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["tenant", "category"], name="question_by_category"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("danger", False), ("stop_on", ""), ("stop_text", "")),
                    models.Q(
                        models.Q(("stop_on", ""), _negated=True), models.Q(("stop_text", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="question_stops_with_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="replytemplate",
            constraint=models.UniqueConstraint(fields=("tenant", "verb", "title"), name="reply_title_once"),
        ),
        migrations.AddConstraint(
            model_name="replytemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", ""), _negated=True), models.Q(("text", ""), _negated=True)
                ),
                name="reply_says_something",
            ),
        ),
        migrations.AddIndex(
            model_name="savedview",
            index=models.Index(fields=["tenant", "unit"], name="saved_view_by_unit"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("tenant", "member", "name"), name="saved_view_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True),
                    models.Q(("query", ""), ("unit", None)),
                    _connector="OR",
                ),
                name="saved_view_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicelevel",
            constraint=models.UniqueConstraint(
                fields=("tenant", "tier", "category", "purpose"),
                name="service_level_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["tenant", "-created_at", "-id"], name="ticket_newest"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["tenant", "state", "-created_at", "-id"], name="ticket_by_state"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["tenant", "area_path", "-created_at"], name="ticket_by_place"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["tenant", "holder_unit", "due_at"], name="ticket_by_holder"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["tenant", "lead_unit", "-created_at"], name="ticket_by_lead"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["tenant", "category", "-created_at"], name="ticket_by_category"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("pending", ""), _negated=True),
                fields=["tenant", "pending_unit"],
                name="ticket_by_asked",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=["tenant", "lead_member"],
                name="ticket_by_person",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=["tenant", "due_at"],
                name="ticket_by_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="ticket_number_once"),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(fields=("tenant", "client_id"), name="ticket_client_id_once"),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at", None)),
                    _connector="OR",
                ),
                name="ticket_closed_with_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), models.Q(("outcome", ""), _negated=True)),
                    models.Q(("state", "closed"), _negated=True),
                    _connector="OR",
                ),
                name="ticket_closed_with_outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="reporter",
            index=models.Index(fields=["tenant", "phone_hash"], name="reporter_by_phone"),
        ),
        migrations.AddConstraint(
            model_name="reporter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at", None), ("notice_version", None)),
                    models.Q(("accepted_at__isnull", False), ("notice_version__isnull", False)),
                    _connector="OR",
                ),
                name="reporter_accepted_with_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="ratinglink",
            constraint=models.UniqueConstraint(fields=("tenant", "digest"), name="rating_link_once"),
        ),
        migrations.AddConstraint(
            model_name="ratinglink",
            constraint=models.UniqueConstraint(
                fields=("tenant", "reporter", "round"), name="rating_link_per_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.UniqueConstraint(
                fields=("tenant", "reporter", "round"), name="rating_once_per_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("attitude__range", (1, 5)), ("result__range", (1, 5)), ("speed__range", (1, 5))
                ),
                name="rating_one_to_five",
            ),
        ),
        migrations.AddIndex(
            model_name="mediationsession",
            index=models.Index(fields=["tenant", "ticket", "held_at"], name="mediation_of_ticket"),
        ),
        migrations.AddIndex(
            model_name="mediationagreement",
            index=models.Index(fields=["tenant", "ticket"], name="agreement_of_ticket"),
        ),
        migrations.AddConstraint(
            model_name="mediationagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("followed_at", None), ("kept", None)),
                    models.Q(("followed_at__isnull", False), ("kept__isnull", False)),
                    _connector="OR",
                ),
                name="agreement_followed_with_time",
            ),
        ),
        migrations.AddIndex(
            model_name="datarequest",
            index=models.Index(fields=["tenant", "state", "due_at"], name="data_request_by_due"),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("tenant", "reporter"),
                name="data_request_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="data_request_decided_with_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("contacted", True), ("satisfied__isnull", False), ("solved__isnull", False)),
                    models.Q(("contacted", False), ("satisfied", None), ("solved", None)),
                    _connector="OR",
                ),
                name="callback_answers_when_contacted",
            ),
        ),
        migrations.AddConstraint(
            model_name="assistant",
            constraint=models.UniqueConstraint(fields=("tenant", "ticket", "unit"), name="assistant_once"),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("verdict", "")), fields=("tenant", "ticket"), name="approval_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("verdict", "")),
                    models.Q(models.Q(("verdict", ""), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="approval_decided_with_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("tenant", "ticket", "question"), name="answer_once"),
        ),
        migrations.AlterUniqueTogether(
            name="ticketgroupobjectpermission",
            unique_together={("tenant", "group", "permission", "content_object")},
        ),
        migrations.AlterUniqueTogether(
            name="ticketuserobjectpermission",
            unique_together={("tenant", "user", "permission", "content_object")},
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
            model_name="whistlephoto",
            constraint=models.UniqueConstraint(
                fields=("tenant", "whistle", "shows", "sha256"), name="whistle_photo_once"
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
        migrations.AddConstraint(
            model_name="workadmission",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gte", models.F("valid_from"))),
                name="admission_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="workadmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "asked")),
                    models.Q(models.Q(("state", "asked"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="admission_decided_with_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="workadmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("budget__gte", 0),
                    models.Q(("budget", 0), models.Q(("budget_source", ""), _negated=True), _connector="OR"),
                ),
                name="admission_budget_with_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="workadmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    ("asked_by", None),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="admission_never_by_the_asker",
            ),
        ),
        migrations.AddIndex(
            model_name="push",
            index=models.Index(fields=["tenant", "at"], name="push_by_time"),
        ),
        migrations.AddConstraint(
            model_name="push",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("admission__isnull", False), ("verdict", "admitted")),
                    models.Q(models.Q(("verdict", "admitted"), _negated=True), ("admission", None)),
                    _connector="OR",
                ),
                name="push_admitted_by_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="admissionunit",
            constraint=models.UniqueConstraint(
                fields=("tenant", "admission", "unit"), name="admission_unit_once"
            ),
        ),
        *(Isolate(name) for name in ISOLATED),
    ]
