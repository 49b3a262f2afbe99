"""Whoever had a service case solved is asked how satisfied they are: a step, and its script."""

from django.db import migrations, models

from followups.knowledge import shipped
from followups.rules.articles import searchable

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
    ("satisfaction", "A solved service case"),
    ("campaign", "An invitation"),
    ("campaign_news", "A campaign that changed for a guest who is coming"),
]
STEP = {
    "code": "case_satisfaction",
    "name_en": "Satisfaction with a solved case",
    "name_zh": "工单满意度回访",
    "anchor": "satisfaction",
    "offset": 1,
    "unit": "working_days",
    "times": 1,
    "way": "call",
    "assignee": "service_lead",
}


def _script(apps):
    """The page of this step; where the pages shipped before there was one, it is added."""
    Article = apps.get_model("followups", "Article")
    ArticleVersion = apps.get_model("followups", "ArticleVersion")
    page = next(page for page in shipped() if page.code == "case-solved")
    found = Article.objects.filter(code=page.code).first()
    if found is not None:
        return found
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
    return article


def ship(apps, schema_editor):
    Step = apps.get_model("followups", "Step")
    plan = Step.objects.get(anchor="next_step").plan
    last = max(plan.steps.values_list("position", flat=True))
    Step.objects.create(plan=plan, position=last + 1, script=_script(apps), **STEP)


def _anchor():
    return models.CharField(choices=ANCHORS, max_length=20, verbose_name="counts from")


class Migration(migrations.Migration):
    dependencies = [("followups", "0023_tell_which_contact_answered_a_case")]
    operations = [
        migrations.AlterField(model_name="step", name="anchor", field=_anchor()),
        migrations.AlterField(model_name="stepversion", name="anchor", field=_anchor()),
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
