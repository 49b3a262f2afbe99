"""The plans that ship: the everyday plan by grade, the dealer's and the furniture plan."""

from django.db import migrations

PLANS = {
    "everyday": ("Everyday", "日常跟进", [], [
        # code, English, Chinese, anchor, grade, offset, unit, every, times, ahead, way, assignee
        ("next_step", "Next step", "约定的下一步", "next_step", "", 0, "days", 0, 1, 0, "call", "keeper"),
        ("cadence_a", "A: keep in touch", "A级定期跟进", "cadence", "A", 7, "days", 0, 1, 0, "call", "keeper"),
        ("cadence_b1", "B1: keep in touch", "B1级定期跟进", "cadence", "B1", 5, "days", 0, 1, 0, "call", "keeper"),
        ("cadence_c1", "C1: stay remembered", "老客户问候", "cadence", "C1", 90, "days", 0, 1, 0, "call", "keeper"),
        ("cadence_c2", "C2: monthly contact", "C2级每月联系", "cadence", "C2", 30, "days", 0, 1, 0, "call", "keeper"),
    ]),
    "dealer": ("Car owner care", "汽车保有客户回访", ["cars"], [
        ("dealer_letter", "Thank-you letter", "感谢信", "delivery", "", 24, "hours", 0, 1, 1, "letter", "seller"),
        ("dealer_24h", "24-hour call", "24小时回访", "delivery", "", 24, "hours", 0, 1, 1, "call", "sales_manager"),
        ("dealer_7d", "7-day call", "7天回访", "delivery", "", 7, "days", 0, 1, 4, "call", "seller"),
        ("dealer_2m", "Two-month contact", "双月联系", "delivery", "", 2, "months", 2, 30, 0, "call", "keeper"),
        ("dealer_12m", "12/24-month visit", "12/24个月回访", "delivery", "", 12, "months", 12, 2, 7, "home_visit", "keeper"),
        ("dealer_36m", "36/48/60-month visit", "36/48/60个月回访", "delivery", "", 36, "months", 12, 3, 7, "home_visit", "keeper"),
    ]),
    "furniture": ("Furniture buyer care", "家具客户回访", ["furniture", "mattresses", "home"], [
        ("furniture_thanks", "Thanks after purchase", "购买后致谢", "purchase", "", 3, "working_days", 0, 1, 3, "call", "seller"),
        ("furniture_installed", "Call after installation", "送货安装回访", "delivery", "", 3, "working_days", 0, 1, 3, "call", "seller"),
        ("furniture_monthly", "Monthly contact", "每月联系", "delivery", "", 1, "months", 1, 12, 0, "call", "keeper"),
    ]),
}


def ship(apps, schema_editor):
    Plan = apps.get_model("followups", "Plan")
    Step = apps.get_model("followups", "Step")
    fields = ("code", "name_en", "name_zh", "anchor", "grade", "offset", "unit", "every", "times",
              "ahead_days", "way", "assignee")
    for code, (english, chinese, trades, steps) in PLANS.items():
        plan = Plan.objects.create(code=code, name_en=english, name_zh=chinese, trades=trades)
        for position, values in enumerate(steps):
            Step.objects.create(plan=plan, position=position, **dict(zip(fields, values, strict=True)))


class Migration(migrations.Migration):
    dependencies = [("followups", "0002_tasks_keep_letters_apart"), ("core", "0001_initial")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
