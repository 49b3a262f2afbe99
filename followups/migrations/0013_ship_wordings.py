import django.contrib.postgres.fields
from django.db import migrations, models

from followups.migrations._wordings import BIRTHDAY, CAMPAIGN, FESTIVALS, FESTIVE, FRIDAY, LETTER

WHOM = [
    ("signed", "Signed"),
    ("about", "About to sign"),
    ("tracked", "Being tracked"),
    ("long_term", "Long-standing customer"),
    ("later", "Means to buy later"),
    ("self", "Their own birthday"),
    ("family", "A birthday near them"),
]


def _wordings():
    """(use, festival code, wording) of all that ships."""
    for code, festival, *said in FESTIVE:
        yield "festival", festival, (code, *said)
    for use, shipped in (
        ("friday", FRIDAY),
        ("birthday", BIRTHDAY),
        ("letter", LETTER),
        ("campaign", CAMPAIGN),
    ):
        for said in shipped:
            yield use, None, said


def ship(apps, schema_editor):
    Festival = apps.get_model("followups", "Festival")
    Wording = apps.get_model("followups", "Wording")
    Step = apps.get_model("followups", "Step")
    festivals = {}
    for code, name_en, name_zh, month, day, is_lunar in FESTIVALS:
        festivals[code] = Festival.objects.create(
            code=code, name_en=name_en, name_zh=name_zh, month=month, day=day, is_lunar=is_lunar
        )
    for position, (use, festival, said) in enumerate(_wordings()):
        code, name_en, name_zh, trades, whom, text_en, text_zh = said
        Wording.objects.create(
            use=use,
            code=code,
            name_en=name_en,
            name_zh=name_zh,
            trades=trades,
            whom=whom,
            festival=festivals[festival] if festival else None,
            text_en=text_en,
            text_zh=text_zh,
            position=position,
        )
    plan = Step.objects.get(anchor="next_step").plan
    Step.objects.create(
        plan=plan,
        position=max(plan.steps.values_list("position", flat=True)) + 1,
        code="invitation",
        name_en="Invite to a campaign",
        name_zh="活动邀约",
        anchor="campaign",
        unit="days",
        times=1,
        way="call",
        assignee="keeper",
    )


class Migration(migrations.Migration):
    dependencies = [("followups", "0012_ship_the_case_step")]
    operations = [
        migrations.AddField(
            model_name="wording",
            name="whom",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=WHOM, max_length=10),
                blank=True,
                default=list,
                size=None,
                verbose_name="to whom",
            ),
        ),
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
