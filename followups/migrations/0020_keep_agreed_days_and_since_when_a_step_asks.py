from django.db import migrations, models

# The days to which people have put what is open: known so far by its task alone.
KEEP_AGREED_DAYS = """
    UPDATE followups_obligation obligation SET planned_on = task.day
      FROM followups_task task
     WHERE task.id = obligation.task_id AND task.state = 'open' AND obligation.state = 'open'
       AND task.moved_reason <> '' AND task.day <> obligation.due_on
"""


class Migration(migrations.Migration):
    dependencies = [("followups", "0019_say_who_saw_what_was_reported")]
    operations = [
        migrations.AddField(
            model_name="obligation", name="planned_on", field=models.DateField(null=True)
        ),
        migrations.AddField(model_name="step", name="asks_from", field=models.DateField(null=True)),
        migrations.RunSQL(KEEP_AGREED_DAYS, migrations.RunSQL.noop),
    ]
