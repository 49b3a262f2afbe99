"""The account in whose name unattended work is done: it exists everywhere and signs in nowhere."""

from django.contrib.auth.hashers import make_password
from django.db import migrations


def open_system_account(apps, schema_editor):
    apps.get_model("staff", "Person").objects.get_or_create(
        username="system",
        defaults={
            "name": "Genjin",
            "role": "admin",
            "is_system": True,
            "is_active": False,
            "password": make_password(None),
        },
    )


class Migration(migrations.Migration):
    replaces = [("staff", "0003_open_the_system_account")]

    dependencies = [("staff", "0001_tables")]

    operations = [migrations.RunPython(open_system_account, migrations.RunPython.noop)]
