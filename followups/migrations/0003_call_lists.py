"""A campaign may be a call list about one style."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("followups", "0002_ship"),
        ("stock", "0001_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="style",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="campaigns",
                to="stock.style",
                verbose_name="style",
            ),
        ),
    ]
