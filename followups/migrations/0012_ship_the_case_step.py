from django.db import migrations

# A service case is work with an hour limit: hours rank it so, its clock is its own (AFT-21).
STEP = {
    "code": "service_case",
    "name_en": "Service case",
    "name_zh": "工单",
    "anchor": "case",
    "unit": "hours",
    "times": 1,
    "way": "call",
    "assignee": "service_lead",
}


def ship(apps, schema_editor):
    Step = apps.get_model("followups", "Step")
    plan = Step.objects.get(anchor="next_step").plan
    last = max(plan.steps.values_list("position", flat=True))
    Step.objects.create(plan=plan, position=last + 1, **STEP)


class Migration(migrations.Migration):
    dependencies = [("followups", "0011_ship_knowledge")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
