"""Goods: masters, prices, the ledger with its kept sums and figures, decisions."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from core.migrating import Together


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_fill_calendar"),
        ("staff", "0002_open_the_system_account"),
        ("stock", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClassOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "style_class",
                    models.CharField(
                        choices=[
                            ("watched", "New, under watch"),
                            ("fast", "Fast"),
                            ("steady", "Steady"),
                            ("slow", "Slow"),
                            ("dead", "Dead"),
                        ],
                        max_length=10,
                        verbose_name="class",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("lifted_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CoreSizes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "sizes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        size=None,
                        verbose_name="core sizes",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "core sizes",
            },
        ),
        migrations.CreateModel(
            name="DaySum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Opening stock"),
                            (2, "Purchase"),
                            (3, "Return to the supplier"),
                            (4, "Sale"),
                            (5, "Return by a customer"),
                            (6, "Business use"),
                            (7, "Gift"),
                            (8, "Transfer in"),
                            (9, "Transfer out"),
                            (10, "Stock-take gain"),
                            (11, "Stock-take loss"),
                        ]
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                ("document", models.CharField(blank=True, max_length=40)),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("size", models.CharField(blank=True, max_length=10)),
                ("quantity", models.IntegerField()),
                ("priced", models.IntegerField(default=0)),
                ("amount", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("costed", models.IntegerField(default=0)),
                ("cost", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
            ],
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Office"), (2, "Region"), (3, "All offices")]
                    ),
                ),
                ("launched_on", models.DateField(null=True)),
                ("days_on_sale", models.PositiveIntegerField(null=True)),
                ("opening", models.IntegerField(default=0)),
                ("brought", models.IntegerField(default=0)),
                ("purchased", models.IntegerField(default=0)),
                ("purchase_returned", models.IntegerField(default=0)),
                ("transferred_in", models.IntegerField(default=0)),
                ("transferred_out", models.IntegerField(default=0)),
                ("sold", models.IntegerField(default=0)),
                ("returned", models.IntegerField(default=0)),
                ("business_use", models.IntegerField(default=0)),
                ("given", models.IntegerField(default=0)),
                ("gained", models.IntegerField(default=0)),
                ("lost", models.IntegerField(default=0)),
                ("closing", models.IntegerField(default=0)),
                ("in_transit", models.IntegerField(default=0)),
                ("window_days", models.PositiveSmallIntegerField(default=0)),
                ("window_sold", models.IntegerField(default=0)),
                ("window_stocked", models.PositiveSmallIntegerField(default=0)),
                ("year_sold", models.IntegerField(default=0)),
                ("aged_pairs", models.IntegerField(default=0)),
                ("pair_days", models.BigIntegerField(default=0)),
                (
                    "buckets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("paid", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("tagged", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("has_unpriced", models.BooleanField(default=False)),
                ("margin", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("opening_cost", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("closing_cost", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                (
                    "style_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("watched", "New, under watch"),
                            ("fast", "Fast"),
                            ("steady", "Steady"),
                            ("slow", "Slow"),
                            ("dead", "Dead"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "New"),
                            ("continued", "Continued"),
                            ("past", "Past season"),
                        ],
                        max_length=10,
                    ),
                ),
                ("weeks", models.PositiveSmallIntegerField(default=0)),
                ("selling_weeks", models.PositiveSmallIntegerField(default=0)),
                ("volume", models.FloatField(null=True)),
                ("weeks_behind", models.PositiveSmallIntegerField(default=0)),
                ("is_promoted", models.BooleanField(default=False)),
                ("restocked", models.IntegerField(default=0)),
                ("restock_hits", models.IntegerField(default=0)),
                ("requested", models.IntegerField(default=0)),
                ("served", models.IntegerField(default=0)),
                ("sizes_in_stock", models.PositiveSmallIntegerField(default=0)),
                ("sizes_in_range", models.PositiveSmallIntegerField(default=0)),
                (
                    "missing_core",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), default=list, size=None
                    ),
                ),
                ("is_broken", models.BooleanField(default=False)),
                (
                    "flags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FigureSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField()),
                ("from_on", models.DateField(null=True)),
                ("counts_gifts", models.BooleanField(default=False)),
                ("is_standing", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("making", "Being reckoned"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                        ],
                        default="making",
                        max_length=10,
                    ),
                ),
                ("values", models.JSONField(default=dict)),
                ("rows", models.PositiveIntegerField(default=0)),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("made_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="InTransit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.CharField(blank=True, max_length=10, verbose_name="size")),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("due_on", models.DateField(null=True, verbose_name="due")),
            ],
        ),
        migrations.CreateModel(
            name="Movement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Opening stock"),
                            (2, "Purchase"),
                            (3, "Return to the supplier"),
                            (4, "Sale"),
                            (5, "Return by a customer"),
                            (6, "Business use"),
                            (7, "Gift"),
                            (8, "Transfer in"),
                            (9, "Transfer out"),
                            (10, "Stock-take gain"),
                            (11, "Stock-take loss"),
                        ],
                        verbose_name="type",
                    ),
                ),
                ("size", models.CharField(blank=True, max_length=10, verbose_name="size")),
                ("colour", models.CharField(blank=True, max_length=20, verbose_name="colour")),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, null=True, verbose_name="paid a pair"
                    ),
                ),
                (
                    "unit_cost",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, null=True, verbose_name="cost a pair"
                    ),
                ),
                ("document", models.CharField(max_length=40, verbose_name="document")),
                ("line", models.CharField(blank=True, max_length=20, verbose_name="line")),
                (
                    "reference",
                    models.CharField(blank=True, max_length=40, verbose_name="refers to"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OfficeLaunch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("launched_on", models.DateField(verbose_name="launched on")),
            ],
        ),
        migrations.CreateModel(
            name="OfficePrice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_on", models.DateField(verbose_name="from")),
                (
                    "counter_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="counter price",
                    ),
                ),
                (
                    "current_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="current price",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
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
                        choices=[
                            ("reorder", "Reorder"),
                            ("transfer", "Move between stores"),
                            ("mark_down", "Mark down"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Proposed"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("quantity", models.PositiveIntegerField(default=0, verbose_name="pairs")),
                (
                    "cover_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="days to cover"
                    ),
                ),
                (
                    "lead_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="lead time, days"
                    ),
                ),
                (
                    "old_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="price until now",
                    ),
                ),
                (
                    "new_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="new price",
                    ),
                ),
                ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("is_under_floor", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="reason")),
                ("as_of", models.DateField()),
                ("facts", models.JSONField(default=dict)),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("exported_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ProposalSize",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.CharField(blank=True, max_length=10, verbose_name="size")),
                ("quantity", models.PositiveIntegerField(verbose_name="pairs")),
            ],
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("requested", models.PositiveIntegerField(verbose_name="requested")),
                ("shipped", models.PositiveIntegerField(default=0, verbose_name="shipped")),
            ],
        ),
        migrations.CreateModel(
            name="Season",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20, unique=True, verbose_name="season")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("weeks", models.PositiveSmallIntegerField(default=17, verbose_name="weeks")),
                (
                    "main_from_week",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="main season from week"
                    ),
                ),
                (
                    "main_until_week",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="main season until week"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SeasonTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("week", models.PositiveSmallIntegerField(verbose_name="week")),
                (
                    "share",
                    models.DecimalField(
                        decimal_places=4, max_digits=5, verbose_name="sold by its end"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="series")),
            ],
        ),
        migrations.CreateModel(
            name="ShoeType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="shoe type")),
            ],
        ),
        migrations.CreateModel(
            name="SizeStock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("colour", models.CharField(blank=True, max_length=20)),
                ("size", models.CharField(blank=True, max_length=10)),
                ("quantity", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="StockTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_on", models.DateField(unique=True, verbose_name="from")),
                ("values", models.JSONField(default=dict)),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WeekFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("monday", models.DateField()),
                ("received", models.IntegerField(default=0)),
                ("sold", models.IntegerField(default=0)),
                ("supply", models.IntegerField(default=0)),
                ("closing", models.IntegerField(default=0)),
            ],
        ),
        Together(
            [
                migrations.AddField(
                    model_name="style",
                    name="counter_price",
                    field=models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="counter price",
                    ),
                ),
                migrations.AddField(
                    model_name="style",
                    name="first_order",
                    field=models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="first order"
                    ),
                ),
                migrations.AddField(
                    model_name="style",
                    name="heel_height",
                    field=models.CharField(blank=True, max_length=20, verbose_name="heel height"),
                ),
                migrations.AddField(
                    model_name="style",
                    name="heel_type",
                    field=models.CharField(blank=True, max_length=20, verbose_name="heel type"),
                ),
                migrations.AddField(
                    model_name="style",
                    name="launched_on",
                    field=models.DateField(blank=True, null=True, verbose_name="launched on"),
                ),
                migrations.AddField(
                    model_name="style",
                    name="material",
                    field=models.CharField(blank=True, max_length=20, verbose_name="material"),
                ),
                migrations.AddField(
                    model_name="style",
                    name="season_ends_on",
                    field=models.DateField(blank=True, null=True, verbose_name="season ends on"),
                ),
                migrations.AddField(
                    model_name="style",
                    name="second_order",
                    field=models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="second order"
                    ),
                ),
                migrations.AddField(
                    model_name="style",
                    name="third_order",
                    field=models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="third order"
                    ),
                ),
                migrations.AddField(
                    model_name="style",
                    name="year",
                    field=models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="year"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="brand",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("code", ""), _negated=True),
                        fields=("code",),
                        name="one_brand_a_code",
                    ),
                ),
                migrations.AddField(
                    model_name="classoverride",
                    name="lifted_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="classoverride",
                    name="office",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                        verbose_name="office",
                    ),
                ),
                migrations.AddField(
                    model_name="classoverride",
                    name="set_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="classoverride",
                    name="style",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="stock.style",
                    ),
                ),
                migrations.AddField(
                    model_name="daysum",
                    name="office",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="daysum",
                    name="style",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="day_sums",
                        to="stock.style",
                    ),
                ),
                migrations.AddField(
                    model_name="figure",
                    name="office",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="figure",
                    name="region",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.region",
                    ),
                ),
                migrations.AddField(
                    model_name="figure",
                    name="style",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stock.style",
                    ),
                ),
                migrations.AddField(
                    model_name="figureset",
                    name="job",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.job",
                    ),
                ),
                migrations.AddField(
                    model_name="figure",
                    name="set",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="stock.figureset",
                    ),
                ),
                migrations.AddField(
                    model_name="intransit",
                    name="office",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="intransit",
                    name="style",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_transit",
                        to="stock.style",
                    ),
                ),
                migrations.AddField(
                    model_name="movement",
                    name="office",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                        verbose_name="office",
                    ),
                ),
                migrations.AddField(
                    model_name="movement",
                    name="style",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="stock.style",
                    ),
                ),
                migrations.AddField(
                    model_name="officelaunch",
                    name="office",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                        verbose_name="office",
                    ),
                ),
                migrations.AddField(
                    model_name="officelaunch",
                    name="style",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="office_launches",
                        to="stock.style",
                    ),
                ),
                migrations.AddField(
                    model_name="officeprice",
                    name="office",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                        verbose_name="office",
                    ),
                ),
                migrations.AddField(
                    model_name="officeprice",
                    name="style",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="office_prices",
                        to="stock.style",
                    ),
                ),
                migrations.AddField(
                    model_name="proposal",
                    name="decided_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="proposal",
                    name="from_office",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                        verbose_name="from",
                    ),
                ),
                migrations.AddField(
                    model_name="proposal",
                    name="office",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                        verbose_name="office",
                    ),
                ),
                migrations.AddField(
                    model_name="proposal",
                    name="proposed_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="proposal",
                    name="style",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="stock.style",
                    ),
                ),
                migrations.AddField(
                    model_name="proposalsize",
                    name="proposal",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sizes",
                        to="stock.proposal",
                    ),
                ),
                migrations.AddField(
                    model_name="request",
                    name="office",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="request",
                    name="style",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="stock.style",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="season",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("main_from_week__gte", 1),
                            ("main_until_week__gte", models.F("main_from_week")),
                            ("weeks__gte", models.F("main_until_week")),
                        ),
                        name="main_season_lies_in_the_season",
                        violation_error_message="The main season lies inside the season's weeks.",
                    ),
                ),
                migrations.AddField(
                    model_name="style",
                    name="season",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="styles",
                        to="stock.season",
                        verbose_name="season",
                    ),
                ),
                migrations.AddField(
                    model_name="seasontarget",
                    name="season",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="stock.season",
                    ),
                ),
                migrations.AddField(
                    model_name="series",
                    name="brand",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to="stock.brand",
                    ),
                ),
                migrations.AddField(
                    model_name="style",
                    name="series",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="styles",
                        to="stock.series",
                        verbose_name="series",
                    ),
                ),
                migrations.AddField(
                    model_name="shoetype",
                    name="season",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shoe_types",
                        to="stock.season",
                    ),
                ),
                migrations.AddField(
                    model_name="style",
                    name="shoe_type",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="styles",
                        to="stock.shoetype",
                        verbose_name="shoe type",
                    ),
                ),
                migrations.AddIndex(
                    model_name="style",
                    index=models.Index(fields=["season", "brand"], name="style_of_season"),
                ),
                migrations.AddConstraint(
                    model_name="style",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("counter_price", None), ("counter_price__gt", 0), _connector="OR"
                        ),
                        name="counter_price_is_positive",
                    ),
                ),
                migrations.AddField(
                    model_name="sizestock",
                    name="office",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="sizestock",
                    name="style",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="size_stocks",
                        to="stock.style",
                    ),
                ),
                migrations.AddField(
                    model_name="stockterms",
                    name="set_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="weekfigure",
                    name="brand",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stock.brand",
                    ),
                ),
                migrations.AddField(
                    model_name="weekfigure",
                    name="office",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="weekfigure",
                    name="season",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stock.season",
                    ),
                ),
                migrations.AddField(
                    model_name="weekfigure",
                    name="set",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weeks",
                        to="stock.figureset",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="classoverride",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("style", "office"),
                        name="one_override_a_style_and_office",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="classoverride",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at", None), ("lifted_by", None)),
                            models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="override_lifted_by_somebody",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="daysum",
                    constraint=models.UniqueConstraint(
                        fields=("style", "office", "on", "kind", "position"), name="one_sum_a_place"
                    ),
                ),
                migrations.AddIndex(
                    model_name="figureset",
                    index=models.Index(fields=["as_of", "from_on"], name="figure_set_of_day"),
                ),
                migrations.AddConstraint(
                    model_name="figureset",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("is_standing", True), ("state", "ready")),
                        fields=("is_standing",),
                        name="one_standing_set",
                    ),
                ),
                migrations.AddIndex(
                    model_name="figure",
                    index=models.Index(
                        fields=["set", "level", "office", "style"], name="figure_of_office"
                    ),
                ),
                migrations.AddIndex(
                    model_name="figure",
                    index=models.Index(fields=["set", "style", "level"], name="figure_of_style"),
                ),
                migrations.AddIndex(
                    model_name="figure",
                    index=models.Index(
                        fields=["set", "level", "style_class"], name="figure_of_class"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="figure",
                    constraint=models.UniqueConstraint(
                        fields=("set", "level", "style", "office", "region"),
                        name="one_figure_a_place",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="figure",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("level", 1), ("office__isnull", False), ("region__isnull", False)
                            ),
                            models.Q(("level", 2), ("office", None), ("region__isnull", False)),
                            models.Q(("level", 3), ("office", None), ("region", None)),
                            _connector="OR",
                        ),
                        name="figure_has_its_place",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intransit",
                    constraint=models.UniqueConstraint(
                        fields=("style", "office", "size", "due_on"),
                        name="one_in_transit_a_due_day",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intransit",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="in_transit_is_some"
                    ),
                ),
                migrations.AddIndex(
                    model_name="movement",
                    index=models.Index(fields=["style", "office", "on"], name="movement_of_style"),
                ),
                migrations.AddIndex(
                    model_name="movement",
                    index=models.Index(fields=["style", "document"], name="movement_of_document"),
                ),
                migrations.AddConstraint(
                    model_name="movement",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("line", ""), _negated=True),
                        fields=("office", "document", "line"),
                        name="one_movement_a_line",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="movement",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("line", "")),
                        fields=("office", "document", "style", "size", "kind", "on"),
                        name="one_movement_without_line",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="movement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("quantity__gt", 0),
                            models.Q(("kind", 1), models.Q(("quantity", 0), _negated=True)),
                            _connector="OR",
                        ),
                        name="only_opening_stock_is_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="movement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("document", ""), _negated=True),
                        name="movement_has_a_document",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="officelaunch",
                    constraint=models.UniqueConstraint(
                        fields=("style", "office"), name="one_launch_an_office"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="officeprice",
                    constraint=models.UniqueConstraint(
                        fields=("style", "office", "from_on"), name="one_price_an_office_and_day"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="officeprice",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("counter_price", None), ("counter_price__gt", 0), _connector="OR"
                            ),
                            models.Q(
                                ("current_price", None), ("current_price__gt", 0), _connector="OR"
                            ),
                        ),
                        name="office_prices_are_positive",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="officeprice",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("counter_price__isnull", False),
                            ("current_price__isnull", False),
                            _connector="OR",
                        ),
                        name="office_price_says_one",
                    ),
                ),
                migrations.AddIndex(
                    model_name="proposal",
                    index=models.Index(fields=["state", "-proposed_at"], name="proposal_by_state"),
                ),
                migrations.AddIndex(
                    model_name="proposal",
                    index=models.Index(fields=["style", "-proposed_at"], name="proposal_of_style"),
                ),
                migrations.AddConstraint(
                    model_name="proposal",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("kind", "style", "from_office", "office"),
                        name="one_open_proposal_a_place",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="proposal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("from_office", None), ("kind", "reorder"), ("quantity__gt", 0)
                            ),
                            models.Q(
                                ("from_office__isnull", False),
                                ("kind", "transfer"),
                                ("quantity__gt", 0),
                                ("office__isnull", False),
                                models.Q(("from_office", models.F("office")), _negated=True),
                            ),
                            models.Q(
                                ("from_on__isnull", False),
                                ("kind", "mark_down"),
                                ("new_price__gt", 0),
                                ("from_office", None),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_says_what",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="proposal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_by_somebody",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="proposalsize",
                    constraint=models.UniqueConstraint(
                        fields=("proposal", "size"), name="one_quantity_a_size"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="proposalsize",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="size_of_a_proposal_is_some"
                    ),
                ),
                migrations.AddIndex(
                    model_name="request",
                    index=models.Index(fields=["on", "office"], name="request_of_day"),
                ),
                migrations.AddConstraint(
                    model_name="request",
                    constraint=models.UniqueConstraint(
                        fields=("style", "office", "on"), name="one_request_an_office_and_day"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="request",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("requested__gt", 0), ("shipped__gt", 0), _connector="OR"
                        ),
                        name="request_is_some",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="seasontarget",
                    constraint=models.UniqueConstraint(
                        fields=("season", "week"), name="one_target_a_week"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="seasontarget",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("share__lte", 1), ("week__gte", 1)),
                        name="target_is_a_share",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="series",
                    constraint=models.UniqueConstraint(
                        fields=("brand", "name"), name="one_series_a_name"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="shoetype",
                    constraint=models.UniqueConstraint(
                        fields=("season", "name"), name="one_shoe_type_a_name"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="sizestock",
                    constraint=models.UniqueConstraint(
                        fields=("style", "office", "colour", "size"), name="one_stock_a_size"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="weekfigure",
                    constraint=models.UniqueConstraint(
                        fields=("set", "office", "brand", "season", "monday"),
                        name="one_figure_a_week",
                        nulls_distinct=False,
                    ),
                ),
            ]
        ),
    ]
