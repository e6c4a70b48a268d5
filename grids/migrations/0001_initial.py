import datetime
import django.core.validators
import django.db.models.deletion
import governance.tenancy.current
import governance.tenancy.models
import grids.models
from django.db import migrations, models

from governance.tenancy.operations import Isolate

ISOLATED = (
    "Area",
    "AreaShape",
    "GridCommunity",
    "Unit",
    "Post",
    "PostArea",
    "DutyShift",
    "Leave",
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("governance", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(choices=grids.models.Level.listed, max_length=10, verbose_name="层级"),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=20,
                        validators=[django.core.validators.RegexValidator("^[0-9A-Za-z]{3,20}$")],
                        verbose_name="代码",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("kind", models.CharField(blank=True, max_length=30, verbose_name="类别")),
                ("path", models.CharField(db_collation="C", editable=False, max_length=160)),
                (
                    "lat",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="纬度"
                    ),
                ),
                (
                    "lng",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="经度"
                    ),
                ),
                ("households", models.PositiveIntegerField(blank=True, null=True, verbose_name="户数")),
                ("population", models.PositiveIntegerField(blank=True, null=True, verbose_name="人口")),
                ("valid_from", models.DateField(default=datetime.date(2000, 1, 1), verbose_name="启用日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                (
                    "merged_into",
                    governance.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="took_in",
                        to="grids.area",
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
                        to="grids.area",
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
                "verbose_name": "区域",
                "verbose_name_plural": "区域",
                "ordering": ["path"],
            },
        ),
        migrations.CreateModel(
            name="AreaShape",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("geometry", models.JSONField(verbose_name="轮廓")),
                ("datum", models.CharField(max_length=8, verbose_name="来源坐标系")),
                ("south", models.FloatField()),
                ("west", models.FloatField()),
                ("north", models.FloatField()),
                ("east", models.FloatField()),
                (
                    "area",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shapes",
                        to="grids.area",
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
                "verbose_name": "区域轮廓",
                "verbose_name_plural": "区域轮廓",
            },
        ),
        migrations.CreateModel(
            name="GridCommunity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(default=datetime.date(2000, 1, 1))),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "community",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_grids",
                        to="grids.area",
                    ),
                ),
                (
                    "grid",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_communities",
                        to="grids.area",
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
            name="Leave",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="开始")),
                ("ends_at", models.DateTimeField(verbose_name="结束")),
                (
                    "deputy",
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
                    "member",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaves",
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
                "verbose_name": "请假",
                "verbose_name_plural": "请假",
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(choices=grids.models.roles, max_length=20, verbose_name="角色")),
                ("valid_from", models.DateField(verbose_name="任职日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="离任日期")),
                (
                    "member",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
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
                "verbose_name": "岗位",
                "verbose_name_plural": "岗位",
            },
        ),
        migrations.CreateModel(
            name="PostArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                    "post",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="covers",
                        to="grids.post",
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
            name="Unit",
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
                        choices=grids.models.UnitKind.listed, max_length=20, verbose_name="类别"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("code", models.CharField(max_length=40, verbose_name="代码")),
                ("path", models.CharField(db_collation="C", default="", editable=False, max_length=120)),
                (
                    "phone",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=20, verbose_name="电话"
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=100, verbose_name="地址"
                    ),
                ),
                (
                    "opening",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=60, verbose_name="对外时间"
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "area",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="grids.area",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="auth.group",
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
                        related_name="parts",
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
                "verbose_name": "单位",
                "verbose_name_plural": "单位",
                "ordering": ["kind", "code"],
            },
        ),
        migrations.AddField(
            model_name="post",
            name="unit",
            field=governance.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="grids.unit",
            ),
        ),
        migrations.CreateModel(
            name="DutyShift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="开始")),
                ("ends_at", models.DateTimeField(verbose_name="结束")),
                (
                    "member",
                    governance.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shifts",
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
                        related_name="shifts",
                        to="grids.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "值班",
                "verbose_name_plural": "值班",
            },
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(fields=["tenant", "level", "path"], name="area_by_level"),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(fields=("tenant", "code"), name="area_code_once"),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(fields=("tenant", "path"), name="area_path_once"),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="area_valid_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="areashape",
            constraint=models.UniqueConstraint(fields=("tenant", "area"), name="area_shape_once"),
        ),
        migrations.AddConstraint(
            model_name="gridcommunity",
            constraint=models.UniqueConstraint(
                fields=("tenant", "grid", "community"), name="joint_grid_once"
            ),
        ),
        migrations.AddIndex(
            model_name="leave",
            index=models.Index(fields=["tenant", "member", "ends_at"], name="leave_of_member"),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="leave_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(("member", models.F("deputy")), _negated=True),
                name="leave_has_another_deputy",
            ),
        ),
        migrations.AddConstraint(
            model_name="postarea",
            constraint=models.UniqueConstraint(fields=("tenant", "post", "area"), name="post_area_once"),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["tenant", "path"], name="unit_by_path"),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["tenant", "area", "kind"], name="unit_by_area"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("tenant", "code"), name="unit_code_once"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="post_valid_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)),
                fields=("tenant", "member", "unit", "role"),
                name="post_open_once",
            ),
        ),
        migrations.AddIndex(
            model_name="dutyshift",
            index=models.Index(fields=["tenant", "unit", "ends_at"], name="shift_of_unit"),
        ),
        migrations.AddConstraint(
            model_name="dutyshift",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="shift_in_order"
            ),
        ),
        *(Isolate(name) for name in ISOLATED),
    ]
