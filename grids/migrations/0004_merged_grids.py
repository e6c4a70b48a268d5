import django.db.models.deletion
import governance.tenancy.models
from django.db import migrations

from governance.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("grids", "0003_area_shapes"),
    ]

    operations = [
        migrations.AddField(
            model_name="area",
            name="merged_into",
            field=governance.tenancy.models.TenantForeignKey(
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
        Isolate("Area"),
    ]
