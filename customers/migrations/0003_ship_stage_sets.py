from django.db import migrations

# code, English, Chinese, trades, stages: (code, English, Chinese, kind, chance in percent).
# The nine dealer steps are FUP-33; the furniture set follows a sale from first talk to delivery.
SETS = (
    ("dealer", "Nine dealer steps", "汽车销售九步", ["cars"], (
        ("dealer_prospecting", "Prospecting", "客户开发", "open", 3),
        ("dealer_reception", "Reception", "接待", "open", 6),
        ("dealer_consultation", "Consultation", "咨询", "open", 10),
        ("dealer_presentation", "Presentation", "产品介绍", "open", 15),
        ("dealer_test_drive", "Test drive", "试车", "open", 30),
        ("dealer_negotiation", "Negotiation", "协商", "open", 50),
        ("dealer_closing", "Closing", "成交", "open", 85),
        ("dealer_delivery", "Delivery", "交车", "open", 97),
        ("dealer_follow_up", "Follow-up", "跟踪", "won", 100),
        ("dealer_lost", "Lost", "流失", "lost", 0),
    )),
    ("furniture", "Furniture sale", "家具销售", ["furniture", "mattresses", "home"], (
        ("furniture_inquiry", "Inquiry", "意向咨询", "open", 5),
        ("furniture_qualified", "Need made out", "需求确认", "open", 10),
        ("furniture_measured", "Measured", "上门量尺", "open", 25),
        ("furniture_proposal", "Design and quote", "方案报价", "open", 40),
        ("furniture_negotiation", "Negotiation", "商谈", "open", 60),
        ("furniture_deposit", "Deposit", "下定", "won", 100),
        ("furniture_lost", "Lost", "流失", "lost", 0),
    )),
    ("retail", "Shop sale", "零售", ["shoes"], (
        ("retail_interest", "Interest", "意向", "open", 20),
        ("retail_trying", "Trying", "试穿", "open", 50),
        ("retail_bought", "Bought", "成交", "won", 100),
        ("retail_lost", "Lost", "流失", "lost", 0),
    )),
)  # fmt: skip


def ship(apps, schema_editor):
    StageSet = apps.get_model("customers", "StageSet")
    Stage = apps.get_model("customers", "Stage")
    for code, english, chinese, trades, stages in SETS:
        stage_set = StageSet.objects.create(
            code=code, name_en=english, name_zh=chinese, trades=trades
        )
        for position, (stage, name_en, name_zh, kind, chance) in enumerate(stages):
            Stage.objects.create(
                stage_set=stage_set,
                code=stage,
                position=position,
                name_en=name_en,
                name_zh=name_zh,
                kind=kind,
                default_chance=chance,
            )


class Migration(migrations.Migration):
    replaces = [("customers", "0007_ship_stage_sets")]

    dependencies = [("customers", "0002_references")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
