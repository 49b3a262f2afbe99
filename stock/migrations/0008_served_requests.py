"""Requests keep what was served of each of their lines, not only of the day."""

from django.db import migrations, models

KNOWN = "UPDATE stock_request SET served = least(requested, shipped)"


class Migration(migrations.Migration):
    dependencies = [
        ("stock", "0007_find_broken_sizes"),
    ]

    operations = [
        migrations.AddField(
            model_name="request",
            name="served",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
