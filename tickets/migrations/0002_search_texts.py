"""Words are found through an index, under row-level security."""

from django.db import migrations

from tickets.sql import DROP, SEARCH


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]

    operations = [migrations.RunSQL(SEARCH, DROP)]
