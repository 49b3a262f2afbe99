from django.db import migrations

from followups.migrations._surveys import STEPS, SURVEYS


def ship(apps, schema_editor):
    """The surveys as they are asked first, and the steps that ask them."""
    for code, (english, chinese, questions) in SURVEYS.items():
        survey = apps.get_model("followups", "Survey").objects.create(
            code=code, name_en=english, name_zh=chinese
        )
        version = apps.get_model("followups", "SurveyVersion").objects.create(
            survey=survey, number=1
        )
        for position, question in enumerate(questions, 1):
            _ask(apps, version, position, *question)
        steps = [step for step, asked in STEPS.items() if asked == code]
        apps.get_model("followups", "Step").objects.filter(code__in=steps).update(survey=survey)


def _ask(apps, version, position, code, kind, english, chinese, terms):
    terms = dict(terms)
    options = terms.pop("options", ())
    question = apps.get_model("followups", "Question").objects.create(
        version=version,
        position=position,
        code=code,
        kind=kind,
        text_en=english,
        text_zh=chinese,
        **terms,
    )
    Option = apps.get_model("followups", "Option")
    for place, (option, option_en, option_zh, *opens) in enumerate(options, 1):
        Option.objects.create(
            question=question,
            position=place,
            code=option,
            text_en=option_en,
            text_zh=option_zh,
            opens=opens[0] if opens else "",
        )


class Migration(migrations.Migration):
    dependencies = [("followups", "0009_ship_care_of_the_year")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
