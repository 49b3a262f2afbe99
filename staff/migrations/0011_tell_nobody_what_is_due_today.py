"""What is due today is no notice: the list of the day says it, and the mail. It was never told."""

import django.contrib.postgres.fields
from django.db import migrations, models

KINDS = [
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
UNMUTE = """
    UPDATE staff_noticesettings SET muted = array_remove(muted, 'due_today')
    WHERE 'due_today' = ANY (muted)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0010_tell_who_was_written_down_as_away"),
    ]

    operations = [
        migrations.RunSQL(UNMUTE, migrations.RunSQL.noop),
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
