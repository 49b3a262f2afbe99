"""Let a version hold a whole plan, and say what is reported up."""

import django.contrib.postgres.fields
from django.db import migrations, models

# The manager's call goes up as soon as it is overdue (AFT-02), the salesperson's after two days.
ESCALATES_AFTER = {"dealer_24h": 0, "dealer_7d": 48}


def report_up(apps, schema_editor):
    Step = apps.get_model("followups", "Step")
    for code, hours in ESCALATES_AFTER.items():
        Step.objects.filter(code=code, escalates_after=None).update(escalates_after=hours)


class Migration(migrations.Migration):
    dependencies = [("followups", "0013_ship_wordings")]
    operations = [
        migrations.AddField(
            model_name="obligation",
            name="is_given",
            field=models.BooleanField(default=False, db_default=False),
        ),
        migrations.AddField(
            model_name="planversion",
            name="name_en",
            field=models.CharField(default="", max_length=80, verbose_name="name in English"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="planversion",
            name="name_zh",
            field=models.CharField(default="", max_length=80, verbose_name="name in Chinese"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="planversion",
            name="trades",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("cars", "Cars"),
                        ("furniture", "Furniture"),
                        ("mattresses", "Mattresses"),
                        ("home", "Home furnishing"),
                        ("shoes", "Shoes"),
                    ],
                    max_length=20,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.RunPython(report_up, migrations.RunPython.noop),
    ]
