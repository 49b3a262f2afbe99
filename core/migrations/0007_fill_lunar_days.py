"""A database knows the lunar day of each of its days, from its first minute on."""

from django.db import migrations
from django.db.models import Max, Min

from core.lunar import lunar_days

_FILL = """
    UPDATE core_businessday known
       SET lunar_year = moon.year, lunar_month = moon.month, lunar_day = moon.day,
           lunar_is_leap = moon.is_leap
      FROM unnest(%s::date[], %s::smallint[], %s::smallint[], %s::smallint[], %s::boolean[])
           AS moon (on_day, year, month, day, is_leap)
     WHERE known.day = moon.on_day
"""


def fill(apps, schema_editor):
    ends = apps.get_model("core", "BusinessDay").objects.aggregate(
        first=Min("day"), last=Max("day")
    )
    if ends["first"] is None:
        return
    rows = [
        (day, moon.year, moon.month, moon.day, moon.is_leap)
        for day, moon in lunar_days(ends["first"], ends["last"])
    ]
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_FILL, [list(column) for column in zip(*rows, strict=True)])


class Migration(migrations.Migration):
    dependencies = [("core", "0006_know_lunar_days")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=False)]
