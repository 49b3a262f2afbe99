"""The scripts and training pages that ship, and which script stands beside which step."""

from django.db import migrations

from followups.knowledge import shipped
from followups.rules.articles import searchable


def ship(apps, schema_editor):
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


class Migration(migrations.Migration):
    dependencies = [("followups", "0010_ship_surveys")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
