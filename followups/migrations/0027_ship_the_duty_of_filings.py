"""Whoever filed a customer follows up within the days of the policy: a step (FIL-13)."""

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
    ("filing", "The last follow-up of a filed customer"),
]
# Work with an hour limit: hours rank it so (decision 17); when it falls due the filing says.
STEP = {
    "code": "filing_duty",
    "name_en": "3-day follow-up",
    "name_zh": "3日跟进",
    "anchor": "filing",
    "unit": "hours",
    "times": 1,
    "way": "call",
    "assignee": "keeper",
}


def ship(apps, schema_editor):
    Step = apps.get_model("followups", "Step")
    plan = Step.objects.get(anchor="next_step").plan
    last = max(plan.steps.values_list("position", flat=True))
    Step.objects.create(
        plan=plan, position=last + 1, script=article_of(apps, "filing-duty"), **STEP
    )


def _anchor():
    return models.CharField(choices=ANCHORS, max_length=20, verbose_name="counts from")


class Migration(migrations.Migration):
    dependencies = [("followups", "0026_tell_a_rating_taken_back")]
    operations = [
        migrations.AlterField(model_name="step", name="anchor", field=_anchor()),
        migrations.AlterField(model_name="stepversion", name="anchor", field=_anchor()),
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
