"""A word of a search is found by the words of the same meaning, too."""

from django.db import migrations

from tickets.sql import SEARCH


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_summary")]

    operations = [migrations.RunSQL(SEARCH, migrations.RunSQL.noop)]
