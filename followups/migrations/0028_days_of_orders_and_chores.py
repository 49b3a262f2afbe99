"""The days of orders from which steps count, and chores inside the house."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from core.migrating import Together


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0026_suspect_another_extension"),
        ("followups", "0027_ship_the_duty_of_filings"),
        ("staff", "0013_tell_of_a_card_that_changed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnchorDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "anchor",
                    models.CharField(
                        choices=[
                            ("order_delivery", "A planned delivery that is not paid yet"),
                            ("receivable", "An amount that falls due"),
                            ("credit", "An amount kept for the customer"),
                            (
                                "order_news",
                                "Something about an order that the customer must be told",
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("on", models.DateField()),
                ("noted_at", models.DateTimeField()),
                ("text", models.CharField(blank=True, max_length=200)),
                ("path", models.CharField(blank=True, max_length=200)),
                ("paused_from", models.DateField(null=True)),
                ("asks_from", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Chore",
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
                            ("own_orders", "Look through your orders"),
                            ("substitute", "Sample sold: find another"),
                            ("off_floor", "Sample sold: clear the floor"),
                            ("slip", "Slip differs from its order"),
                            ("check_order", "Check a new order"),
                            ("return", "See to a return"),
                            ("prepare", "Prepare goods or fitting"),
                            ("other", "To do in the house"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("occurrence", models.PositiveIntegerField(default=0)),
                ("due_on", models.DateField()),
                ("text", models.CharField(blank=True, max_length=200)),
                ("path", models.CharField(blank=True, max_length=200)),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("done_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="step",
            name="only_a_day_ahead_is_counted_down_to",
        ),
        migrations.AlterField(
            model_name="step",
            name="anchor",
            field=models.CharField(
                choices=[
                    ("delivery", "Delivery"),
                    ("purchase", "Purchase"),
                    ("cadence", "Last effective contact, by grade"),
                    ("next_step", "The next step agreed"),
                    ("appointment", "An appointment"),
                    ("referral", "A customer they sent us"),
                    ("lead", "A known customer who asked again"),
                    ("birthday", "The customer's birthday"),
                    ("household_birthday", "A birthday in the household"),
                    ("key_birthday", "A key person's birthday"),
                    ("insurance", "End of the insurance"),
                    ("first_service", "First service"),
                    ("warranty", "End of the warranty"),
                    ("case", "A service case"),
                    ("satisfaction", "A solved service case"),
                    ("campaign", "An invitation"),
                    ("campaign_news", "A campaign that changed for a guest who is coming"),
                    ("filing", "The last follow-up of a filed customer"),
                    ("order_delivery", "A planned delivery that is not paid yet"),
                    ("receivable", "An amount that falls due"),
                    ("credit", "An amount kept for the customer"),
                    ("order_news", "Something about an order that the customer must be told"),
                ],
                max_length=20,
                verbose_name="counts from",
            ),
        ),
        migrations.AlterField(
            model_name="stepversion",
            name="anchor",
            field=models.CharField(
                choices=[
                    ("delivery", "Delivery"),
                    ("purchase", "Purchase"),
                    ("cadence", "Last effective contact, by grade"),
                    ("next_step", "The next step agreed"),
                    ("appointment", "An appointment"),
                    ("referral", "A customer they sent us"),
                    ("lead", "A known customer who asked again"),
                    ("birthday", "The customer's birthday"),
                    ("household_birthday", "A birthday in the household"),
                    ("key_birthday", "A key person's birthday"),
                    ("insurance", "End of the insurance"),
                    ("first_service", "First service"),
                    ("warranty", "End of the warranty"),
                    ("case", "A service case"),
                    ("satisfaction", "A solved service case"),
                    ("campaign", "An invitation"),
                    ("campaign_news", "A campaign that changed for a guest who is coming"),
                    ("filing", "The last follow-up of a filed customer"),
                    ("order_delivery", "A planned delivery that is not paid yet"),
                    ("receivable", "An amount that falls due"),
                    ("credit", "An amount kept for the customer"),
                    ("order_news", "Something about an order that the customer must be told"),
                ],
                max_length=20,
                verbose_name="counts from",
            ),
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="step",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("is_before", False),
                            models.Q(
                                (
                                    "anchor__in",
                                    (
                                        "insurance",
                                        "first_service",
                                        "warranty",
                                        "order_delivery",
                                        "receivable",
                                        "credit",
                                    ),
                                ),
                                ("times", 1),
                            ),
                            _connector="OR",
                        ),
                        name="only_a_day_ahead_is_counted_down_to",
                        violation_error_message="Only a day that is known beforehand is counted down to: the end of an insurance or a warranty, a first service, a day of an order. Such a step happens once.",
                    ),
                ),
                migrations.AddField(
                    model_name="anchorday",
                    name="assignee",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="anchorday",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="anchor_days",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="chore",
                    name="done_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="chore",
                    name="person",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chores",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="chore",
                    name="store",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="anchorday",
                    constraint=models.UniqueConstraint(
                        fields=("anchor", "subject_id"), name="one_day_a_subject_of_an_order"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="anchorday",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("anchor__in", ("order_delivery", "receivable", "credit", "order_news"))
                        ),
                        name="day_of_an_order_has_its_anchor",
                    ),
                ),
                migrations.AddIndex(
                    model_name="chore",
                    index=models.Index(
                        condition=models.Q(("done_at", None), ("dropped_at", None)),
                        fields=["person", "due_on"],
                        name="chore_open_of_person",
                    ),
                ),
                migrations.AddIndex(
                    model_name="chore",
                    index=models.Index(
                        condition=models.Q(("done_at", None), ("dropped_at", None)),
                        fields=["store", "due_on", "id"],
                        name="chore_open_of_store",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="chore",
                    constraint=models.UniqueConstraint(
                        fields=("kind", "subject_id", "occurrence"), name="one_chore_an_occurrence"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="chore",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("done_by", None)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="done_chore_has_who_and_when",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="chore",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None), ("dropped_at", None), _connector="OR"
                        ),
                        name="chore_is_done_or_dropped",
                    ),
                ),
            ]
        ),
    ]
