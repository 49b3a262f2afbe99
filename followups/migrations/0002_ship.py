"""What a fresh database is to work with: plans, surveys, festivals, wordings, scripts."""

from django.db import migrations

from followups.knowledge import shipped
from followups.migrations._plans import ACTS, PLANS, STEPS
from followups.migrations._surveys import SURVEYS
from followups.migrations._wordings import BIRTHDAY, CAMPAIGN, FESTIVALS, FESTIVE, FRIDAY, LETTER
from followups.rules.articles import searchable

# What a version of a plan keeps of each step.
KEPT = (
    "name_en", "name_zh", "anchor", "grade", "offset", "is_before", "unit", "every", "times",
    "ahead_days", "way", "assignee", "survey_id", "script_id", "escalates_after", "is_active",
)  # fmt: skip


def ship_surveys(apps, schema_editor):
    for code, (english, chinese, questions) in SURVEYS.items():
        survey = apps.get_model("followups", "Survey").objects.create(
            code=code, name_en=english, name_zh=chinese
        )
        version = apps.get_model("followups", "SurveyVersion").objects.create(
            survey=survey, number=1
        )
        for position, question in enumerate(questions, 1):
            _ask(apps, version, position, *question)


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


def ship_plans(apps, schema_editor):
    Plan = apps.get_model("followups", "Plan")
    surveys = dict(apps.get_model("followups", "Survey").objects.values_list("code", "pk"))
    for code, name_en, name_zh, trades in PLANS:
        plan = Plan.objects.create(code=code, name_en=name_en, name_zh=name_zh, trades=trades)
        for position, row in enumerate(STEPS[code]):
            step, english, chinese, anchor, (offset, unit), way, assignee, others = row
            others = {"times": 1, **others}
            apps.get_model("followups", "Step").objects.create(
                plan=plan,
                position=position,
                code=step,
                name_en=english,
                name_zh=chinese,
                anchor=anchor,
                offset=offset,
                unit=unit,
                way=way,
                assignee=assignee,
                survey_id=surveys.get(others.pop("survey", None)),
                **others,
            )


def ship_scripts(apps, schema_editor):
    """The pages of knowledge, each beside the steps for which it is written."""
    Article = apps.get_model("followups", "Article")
    ArticleVersion = apps.get_model("followups", "ArticleVersion")
    Step = apps.get_model("followups", "Step")
    for page in shipped():
        words = {
            "title_en": page.title_en,
            "title_zh": page.title_zh,
            "body_en": page.body_en,
            "body_zh": page.body_zh,
        }
        article = Article.objects.create(
            code=page.code,
            kind=page.kind,
            position=page.position,
            situation=page.situation,
            clauses=page.clauses,
            search=searchable(words=words, clauses=page.clauses),
            **words,
        )
        ArticleVersion.objects.create(article=article, number=1, **words)
        Step.objects.filter(code__in=page.steps).update(script=article)


def keep_first_versions(apps, schema_editor):
    PlanVersion = apps.get_model("followups", "PlanVersion")
    StepVersion = apps.get_model("followups", "StepVersion")
    for plan in apps.get_model("followups", "Plan").objects.order_by("pk"):
        version = PlanVersion.objects.create(
            plan=plan, number=1, name_en=plan.name_en, name_zh=plan.name_zh, trades=plan.trades
        )
        steps = plan.steps.exclude(anchor__in=ACTS).order_by("position")
        StepVersion.objects.bulk_create(
            StepVersion(version=version, step=step, **{name: getattr(step, name) for name in KEPT})
            for step in steps
        )


def _wordings():
    """(use, festival code, wording) of all that ships."""
    for code, festival, *said in FESTIVE:
        yield "festival", festival, (code, *said)
    for use, worded in (
        ("friday", FRIDAY),
        ("birthday", BIRTHDAY),
        ("letter", LETTER),
        ("campaign", CAMPAIGN),
    ):
        for said in worded:
            yield use, None, said


def ship_wordings(apps, schema_editor):
    Festival = apps.get_model("followups", "Festival")
    festivals = {}
    for code, name_en, name_zh, month, day, is_lunar in FESTIVALS:
        festivals[code] = Festival.objects.create(
            code=code, name_en=name_en, name_zh=name_zh, month=month, day=day, is_lunar=is_lunar
        )
    for position, (use, festival, said) in enumerate(_wordings()):
        code, name_en, name_zh, trades, whom, text_en, text_zh = said
        apps.get_model("followups", "Wording").objects.create(
            use=use,
            code=code,
            name_en=name_en,
            name_zh=name_zh,
            trades=trades,
            whom=whom,
            festival=festivals.get(festival),
            text_en=text_en,
            text_zh=text_zh,
            position=position,
        )


class Migration(migrations.Migration):
    replaces = [
        ("followups", "0003_ship_plans"),
        ("followups", "0006_ship_agreed_steps"),
        ("followups", "0009_ship_care_of_the_year"),
        ("followups", "0010_ship_surveys"),
        ("followups", "0011_ship_knowledge"),
        ("followups", "0012_ship_the_case_step"),
        ("followups", "0013_ship_wordings"),
        ("followups", "0016_scripts_beside_later_steps"),
        ("followups", "0021_ship_the_step_of_campaign_news"),
        ("followups", "0024_ship_the_step_of_satisfaction"),
        ("followups", "0025_words_for_a_campaign_that_changed"),
        ("followups", "0027_ship_the_duty_of_filings"),
        ("followups", "0029_ship_the_plan_of_orders"),
    ]

    dependencies = [("followups", "0001_tables")]

    operations = [
        migrations.RunPython(each, migrations.RunPython.noop)
        for each in (ship_surveys, ship_plans, ship_scripts, keep_first_versions, ship_wordings)
    ]
