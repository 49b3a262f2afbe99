from django.db import migrations, models

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
    ("campaign", "An invitation"),
    ("campaign_news", "A campaign that changed for a guest who is coming"),
]
# Whoever said they would come hears of another day, or that nothing comes of it (ORG-18).
STEP = {
    "code": "campaign_news",
    "name_en": "Tell a guest what has changed",
    "name_zh": "告知活动变动",
    "anchor": "campaign_news",
    "unit": "days",
    "times": 1,
    "way": "call",
    "assignee": "keeper",
}


def ship(apps, schema_editor):
    Step = apps.get_model("followups", "Step")
    plan = Step.objects.get(anchor="next_step").plan
    last = max(plan.steps.values_list("position", flat=True))
    Step.objects.create(plan=plan, position=last + 1, **STEP)


class Migration(migrations.Migration):
    dependencies = [("followups", "0020_keep_agreed_days_and_since_when_a_step_asks")]
    operations = [
        migrations.AlterField(
            model_name="step",
            name="anchor",
            field=models.CharField(choices=ANCHORS, max_length=20, verbose_name="counts from"),
        ),
        migrations.AlterField(
            model_name="stepversion",
            name="anchor",
            field=models.CharField(choices=ANCHORS, max_length=20, verbose_name="counts from"),
        ),
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
