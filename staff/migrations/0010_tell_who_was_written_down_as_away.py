"""A kind of notice more: whoever was written down as away hears of it."""

import django.contrib.postgres.fields
from django.db import migrations, models

KINDS = [
    ("due_today", "What is due today"),
    ("escalated", "Something overdue was reported up to you"),
    ("case_assigned", "A service case is yours"),
    ("case_late", "A service case is past its clock"),
    ("lead_offered", "A lead is offered to you"),
    ("handed_over", "Customers were handed to you"),
    ("standing_in", "You stand in for somebody"),
    ("away", "Somebody wrote down that you are away"),
    ("plan_changed", "A plan of care was changed"),
    ("proposal", "Somebody proposes a change of a script"),
    ("proposal_decided", "What you proposed was decided"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0009_count_what_a_robot_was_asked"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=20),
        ),
        migrations.AlterField(
            model_name="noticesettings",
            name="muted",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=KINDS, max_length=20),
                blank=True,
                default=list,
                size=None,
            ),
        ),
    ]
