from django.db import migrations

# Steps that people's acts open, beside the next step: they stand in the everyday plan.
STEPS = (
    ("appointment", "Appointment", "预约", "appointment", "store_visit"),
    ("referral_thanks", "Thanks for a referral", "转介绍致谢", "referral", "call"),
    ("asked_again", "Asked again", "老客户再次咨询", "lead", "call"),
)


def ship(apps, schema_editor):
    Step = apps.get_model("followups", "Step")
    plan = Step.objects.get(anchor="next_step").plan
    last = max(plan.steps.values_list("position", flat=True))
    for position, (code, english, chinese, anchor, way) in enumerate(STEPS, last + 1):
        Step.objects.create(
            plan=plan,
            position=position,
            code=code,
            name_en=english,
            name_zh=chinese,
            anchor=anchor,
            unit="days",
            times=1,
            way=way,
            assignee="keeper",
        )


class Migration(migrations.Migration):
    dependencies = [("followups", "0005_anchors_of_appointments_and_referrals")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
