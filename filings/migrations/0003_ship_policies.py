"""The parameters that ship: filing is on for every trade but shoes (decision 6)."""

from datetime import date

from django.db import migrations


def ship(apps, schema_editor):
    Policy = apps.get_model("filings", "Policy")
    for trade in ("cars", "furniture", "mattresses", "home", "shoes"):
        Policy.objects.create(trade=trade, valid_from=date(2000, 1, 1), is_on=trade != "shoes")


class Migration(migrations.Migration):
    replaces = [("filings", "0002_ship_policies")]

    dependencies = [("filings", "0002_references")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
