"""What one says to a guest whose campaign is on another day, elsewhere or called off."""

from django.db import migrations

from followups.migrations._articles import article_of


def ship(apps, schema_editor):
    Step = apps.get_model("followups", "Step")
    script = article_of(apps, "campaign-changed")
    Step.objects.filter(code="campaign_news", script=None).update(script=script)


class Migration(migrations.Migration):
    dependencies = [("followups", "0024_ship_the_step_of_satisfaction")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
