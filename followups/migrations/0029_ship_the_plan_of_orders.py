"""The plan of orders: payment checks, the ladder of amounts due, credits, news (ORD-17, ORD-20)."""

from django.db import migrations

from followups.migrations._articles import article_of

PLAN = {"code": "orders", "name_en": "Orders", "name_zh": "订单跟进", "trades": []}
# Code, English, Chinese, anchor, days (before, where negative), way, who, reported up after hours.
STEPS = (
    ("order-payment-check", "Paid in full before delivery?", "送货前查全款",
     "order_delivery", -7, "call", "seller", 24),
    ("receivable-reminder", "Reminder before an amount falls due", "到期前提醒付款",
     "receivable", -7, "wechat", "seller", None),
    ("receivable-confirm", "Ask for the payment that is due", "到期确认付款",
     "receivable", 0, "wechat", "seller", None),
    ("receivable-call", "Call about a payment overdue", "逾期电话催款",
     "receivable", 1, "call", "seller", 24),
    ("receivable-letter-1", "First dunning letter", "催款函（一）",
     "receivable", 8, "letter", "seller", None),
    ("receivable-manager-call", "The manager calls about a payment overdue", "经理电话催款",
     "receivable", 31, "call", "sales_manager", None),
    ("receivable-letter-2", "Second dunning letter", "催款函（二）",
     "receivable", 31, "letter", "sales_manager", None),
    ("receivable-letter-3", "Final dunning letter", "最后催款函",
     "receivable", 61, "letter", "sales_manager", None),
    ("receivable-legal", "Hand to legal", "移交法务",
     "receivable", 91, "call", "sales_manager", None),
    ("credit-contact", "Credit: refund or offset?", "挂帐到期前联系",
     "credit", -7, "call", "seller", None),
    ("credit-refund", "Credit: refund it today", "挂帐到期退款",
     "credit", 0, "call", "seller", None),
    ("order-news", "Tell the customer", "通知客户",
     "order_news", 0, "call", "seller", 24),
)  # fmt: skip
SCRIPTS = {
    "order_delivery": "payment-before-delivery",
    "receivable": "amount-due",
    "credit": "credit-left-over",
    "order_news": "order-news",
}
TERMS = (
    "name_en", "name_zh", "anchor", "grade", "offset", "is_before", "unit", "every", "times",
    "ahead_days", "way", "assignee", "survey_id", "script_id", "escalates_after", "is_active",
)  # fmt: skip


def ship(apps, schema_editor):
    Plan = apps.get_model("followups", "Plan")
    Step = apps.get_model("followups", "Step")
    PlanVersion = apps.get_model("followups", "PlanVersion")
    StepVersion = apps.get_model("followups", "StepVersion")
    plan = Plan.objects.create(**PLAN)
    version = PlanVersion.objects.create(
        plan=plan, number=1, name_en=plan.name_en, name_zh=plan.name_zh, trades=[]
    )
    for position, row in enumerate(STEPS, 1):
        code, english, chinese, anchor, days, way, assignee, hours = row
        step = Step.objects.create(
            plan=plan,
            code=code,
            position=position,
            name_en=english,
            name_zh=chinese,
            anchor=anchor,
            offset=abs(days),
            is_before=days < 0,
            unit="days",
            way=way,
            assignee=assignee,
            escalates_after=hours,
            script=None if way == "letter" else article_of(apps, SCRIPTS[anchor]),
        )
        StepVersion.objects.create(
            version=version, step=step, **{name: getattr(step, name) for name in TERMS}
        )


class Migration(migrations.Migration):
    dependencies = [("followups", "0028_days_of_orders_and_chores")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
