"""The tables, as they stand after all that was changed before the first release."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [("stock", "0001_initial"), ("stock", "0002_keep_floor_prices")]

    dependencies = [
        ("core", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Brand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="brand")),
                ("code", models.CharField(blank=True, max_length=20, verbose_name="code")),
            ],
        ),
        migrations.CreateModel(
            name="Style",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, verbose_name="style no.")),
                (
                    "tag_price",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="tag price"),
                ),
                (
                    "floor_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="floor price",
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="styles",
                        to="stock.brand",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("brand", "number"), name="one_style_a_number"),
                    models.CheckConstraint(
                        condition=models.Q(("tag_price__gt", 0)), name="tag_price_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("floor_price", None), ("floor_price__gt", 0), _connector="OR"
                        ),
                        name="floor_price_is_positive",
                    ),
                ],
            },
        ),
    ]
