"""Care that comes with the year: renewals, first service, warranties, birthdays (AFT-10, 23, 25)."""

from django.db import migrations
from django.db.models import Max

# plan → code, English, Chinese, anchor, days, before?, shown days before, way, who
STEPS = {
    "dealer": (
        ("dealer_insurance_45", "Insurance renewal, 45 days before", "续保提醒（到期前45天）",
         "insurance", 45, True, 0, "call", "keeper"),
        ("dealer_insurance_33", "Insurance renewal, 33 days before", "续保提醒（到期前33天）",
         "insurance", 33, True, 0, "call", "keeper"),
        ("dealer_insurance_30", "Insurance renewal, 30 days before", "续保提醒（到期前30天）",
         "insurance", 30, True, 0, "call", "keeper"),
        ("dealer_first_service", "First-service reminder", "首保提醒",
         "first_service", 14, True, 0, "call", "keeper"),
        ("dealer_first_service_lead", "First service: make the appointment", "首保邀约（服务部）",
         "first_service", 14, True, 0, "call", "service_lead"),
        ("dealer_warranty", "Warranty ends in 30 days", "质保到期提醒（到期前30天）",
         "warranty", 30, True, 0, "call", "keeper"),
    ),
    "furniture": (
        ("furniture_warranty", "Warranty ends in 30 days", "质保到期提醒（到期前30天）",
         "warranty", 30, True, 0, "call", "keeper"),
    ),
    "everyday": (
        ("birthday", "Birthday greeting", "生日祝福",
         "birthday", 0, False, 3, "greeting", "keeper"),
        ("household_birthday", "Birthday in the household", "家人生日祝福",
         "household_birthday", 0, False, 3, "greeting", "keeper"),
        ("key_birthday", "Key person's birthday", "关键人生日祝福",
         "key_birthday", 0, False, 3, "greeting", "keeper"),
    ),
}  # fmt: skip

# Whoever has such a day is looked at by the engine's next round.
_LOOK_AGAIN = (
    """
    UPDATE followups_course course SET next_due_on = '2000-01-01'
      FROM customers_ownedproduct product
     WHERE course.product_id = product.id AND product.gone_on IS NULL
       AND COALESCE(product.insurance_until, product.first_service_on, product.warranty_until)
           IS NOT NULL
    """,
    """
    UPDATE followups_course course SET next_due_on = '2000-01-01'
     WHERE course.product_id IS NULL AND course.customer_id IN (
           SELECT id FROM customers_customer WHERE birth_month IS NOT NULL
           UNION SELECT customer_id FROM customers_householdmember WHERE birth_month IS NOT NULL
           UNION SELECT customer_id FROM customers_keyperson WHERE birth_month IS NOT NULL)
    """,
)


def ship(apps, schema_editor):
    Plan = apps.get_model("followups", "Plan")
    Step = apps.get_model("followups", "Step")
    for plan in Plan.objects.filter(code__in=STEPS):
        last = Step.objects.filter(plan=plan).aggregate(last=Max("position"))["last"] or 0
        for position, row in enumerate(STEPS[plan.code], last + 1):
            code, english, chinese, anchor, days, is_before, ahead, way, who = row
            Step.objects.create(
                plan=plan,
                position=position,
                code=code,
                name_en=english,
                name_zh=chinese,
                anchor=anchor,
                offset=days,
                is_before=is_before,
                unit="days",
                times=1,
                ahead_days=ahead,
                way=way,
                assignee=who,
            )
    with schema_editor.connection.cursor() as cursor:
        for statement in _LOOK_AGAIN:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("followups", "0008_surveys_scripts_cases_and_outreach"),
        ("customers", "0018_note_birthdays_and_terms"),
    ]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
