"""Steps that shipped after the scripts get theirs; a script that somebody chose stays."""

from django.db import migrations

from followups.knowledge import shipped


def link(apps, schema_editor):
    Article = apps.get_model("followups", "Article")
    Step = apps.get_model("followups", "Step")
    for page in shipped():
        silent = Step.objects.filter(code__in=page.steps, script=None)
        silent.update(script=Article.objects.get(code=page.code))


class Migration(migrations.Migration):
    dependencies = [("followups", "0015_case_events_say_why_and_how_satisfied")]
    operations = [migrations.RunPython(link, migrations.RunPython.noop)]
