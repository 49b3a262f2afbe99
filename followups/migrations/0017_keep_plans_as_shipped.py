"""Keep each shipped plan as its first version, and find what is overdue by its step."""

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
    dependencies = [("followups", "0016_scripts_beside_later_steps")]
    operations = [
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["step", "due_at"],
                name="obligation_open_by_step",
            ),
        ),
        migrations.RunPython(keep_versions, migrations.RunPython.noop),
    ]
