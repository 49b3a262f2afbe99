"""A fresh database counts working days from its first minute: 2000 to 2060, statutory."""

from django.db import migrations

from core.calendars import BusinessCalendar

FIRST_YEAR, LAST_YEAR = 2000, 2060


def fill(apps, schema_editor):
    BusinessDay = apps.get_model("core", "BusinessDay")
    rows = BusinessCalendar().rows(FIRST_YEAR, LAST_YEAR)
    BusinessDay.objects.bulk_create(
        [BusinessDay(**row._asdict()) for row in rows], batch_size=5000, ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=False)]
