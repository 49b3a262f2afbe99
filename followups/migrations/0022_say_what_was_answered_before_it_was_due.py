from django.db import migrations, models

# Reminders that an answer made needless were noted as done by nobody: as visits that never were.
CANCEL = """
    UPDATE followups_obligation obligation SET state = 'cancelled', cause = 'answered'
      FROM followups_step step
     WHERE step.id = obligation.step_id AND step.anchor = 'insurance'
       AND obligation.state = 'done' AND obligation.task_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("followups", "0021_ship_the_step_of_campaign_news")]

    operations = [
        migrations.AlterField(
            model_name="obligation",
            name="cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("left_over", "Its step or anchor is gone"),
                    ("replaced", "Something else takes its place"),
                    ("silence", "Fell due while no contact was wished"),
                    ("given_up", "The customer was given up"),
                    ("answered", "Answered before it was due"),
                    ("voided", "Its contact was taken back"),
                    ("called_off", "Its appointment was moved, missed or cancelled"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunSQL(CANCEL, migrations.RunSQL.noop),
    ]
