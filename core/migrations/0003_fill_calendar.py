"""A fresh database counts working days and knows lunar days from its first minute: 2000 to 2060."""

from django.db import migrations

from core.calendars import BusinessCalendar
from core.lunar import lunar_days

FIRST_YEAR, LAST_YEAR = 2000, 2060


def fill(apps, schema_editor):
    BusinessDay = apps.get_model("core", "BusinessDay")
    rows = list(BusinessCalendar().rows(FIRST_YEAR, LAST_YEAR))
    moons = dict(lunar_days(rows[0].day, rows[-1].day))
    BusinessDay.objects.bulk_create(
        (
            BusinessDay(
                **row._asdict(),
                lunar_year=moon.year,
                lunar_month=moon.month,
                lunar_day=moon.day,
                lunar_is_leap=moon.is_leap,
            )
            for row in rows
            for moon in [moons[row.day]]
        ),
        batch_size=5000,
    )


class Migration(migrations.Migration):
    replaces = [("core", "0002_fill_business_days"), ("core", "0007_fill_lunar_days")]

    dependencies = [("core", "0002_references")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
