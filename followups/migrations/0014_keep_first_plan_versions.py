"""Say what is reported up, and keep each shipped plan as its first version."""

import django.contrib.postgres.fields
from django.db import migrations, models

ACT_ANCHORS = ("next_step", "appointment", "referral", "lead", "case", "campaign")
TERMS = (
    "name_en",
    "name_zh",
    "anchor",
    "grade",
    "offset",
    "is_before",
    "unit",
    "every",
    "times",
    "ahead_days",
    "way",
    "assignee",
    "survey_id",
    "script_id",
    "escalates_after",
    "is_active",
)
# The manager's call goes up as soon as it is overdue (AFT-02), the salesperson's after two days.
ESCALATES_AFTER = {"dealer_24h": 0, "dealer_7d": 48}


def report_up(apps, schema_editor):
    Step = apps.get_model("followups", "Step")
    for code, hours in ESCALATES_AFTER.items():
        Step.objects.filter(code=code, escalates_after=None).update(escalates_after=hours)


def keep_versions(apps, schema_editor):
    Plan = apps.get_model("followups", "Plan")
    Step = apps.get_model("followups", "Step")
    PlanVersion = apps.get_model("followups", "PlanVersion")
    StepVersion = apps.get_model("followups", "StepVersion")
    for plan in Plan.objects.filter(versions=None).order_by("pk"):
        version = PlanVersion.objects.create(
            plan=plan,
            number=1,
            name_en=plan.name_en,
            name_zh=plan.name_zh,
            trades=plan.trades,
            is_plan_active=plan.is_active,
            made_by_id=plan.changed_by_id,
        )
        steps = Step.objects.filter(plan=plan).exclude(anchor__in=ACT_ANCHORS)
        StepVersion.objects.bulk_create(
            StepVersion(
                version=version,
                step=step,
                **{name: getattr(step, name) for name in TERMS},
            )
            for step in steps.order_by("position", "pk")
        )


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
        migrations.RunPython(keep_versions, migrations.RunPython.noop),
    ]
