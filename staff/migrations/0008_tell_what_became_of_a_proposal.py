"""A kind of notice more: whoever proposed a change hears what became of it."""

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
    ("plan_changed", "A plan of care was changed"),
    ("proposal", "Somebody proposes a change of a script"),
    ("proposal_decided", "What you proposed was decided"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0007_say_when_a_message_is_tried_next"),
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
