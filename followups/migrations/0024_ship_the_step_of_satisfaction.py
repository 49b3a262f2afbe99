"""Whoever had a service case solved is asked how satisfied they are: a step, and its script."""

from django.db import migrations, models

from followups.migrations._articles import article_of

ANCHORS = [
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
]
STEP = {
    "code": "case_satisfaction",
    "name_en": "Satisfaction with a solved case",
    "name_zh": "工单满意度回访",
    "anchor": "satisfaction",
    "offset": 1,
    "unit": "working_days",
    "times": 1,
    "way": "call",
    "assignee": "service_lead",
}


def ship(apps, schema_editor):
    Step = apps.get_model("followups", "Step")
    plan = Step.objects.get(anchor="next_step").plan
    last = max(plan.steps.values_list("position", flat=True))
    Step.objects.create(
        plan=plan, position=last + 1, script=article_of(apps, "case-solved"), **STEP
    )


def _anchor():
    return models.CharField(choices=ANCHORS, max_length=20, verbose_name="counts from")


class Migration(migrations.Migration):
    dependencies = [("followups", "0023_tell_which_contact_answered_a_case")]
    operations = [
        migrations.AlterField(model_name="step", name="anchor", field=_anchor()),
        migrations.AlterField(model_name="stepversion", name="anchor", field=_anchor()),
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
