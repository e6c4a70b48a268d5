"""The function that claims due deadlines across tenants, with the role and the one policy it needs."""

from django.db import migrations

from governance.clocks.sql import CLAIM, DROP


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]

    operations = [migrations.RunSQL(CLAIM, DROP)]
