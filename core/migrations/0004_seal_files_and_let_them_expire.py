"""Files get an end and are sealed: what lies there in plain text is sealed row by row."""

from datetime import timedelta

from django.db import migrations, models
from django.db.models.functions import Now


def seal(apps, schema_editor):
    from core.keyring import keyring

    files = apps.get_model("core", "StoredFile")
    for pk in files.objects.order_by("pk").values_list("pk", flat=True):
        content = bytes(files.objects.values_list("content", flat=True).get(pk=pk))
        files.objects.filter(pk=pk).update(content=keyring().seal(content))


def unseal(apps, schema_editor):
    from core.keyring import keyring

    files = apps.get_model("core", "StoredFile")
    for pk in files.objects.filter(emptied_at=None).values_list("pk", flat=True):
        content = files.objects.values_list("content", flat=True).get(pk=pk)
        files.objects.filter(pk=pk).update(content=keyring().unseal(content))


class Migration(migrations.Migration):
    dependencies = [("core", "0003_form_content")]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="expires_at",
            field=models.DateTimeField(db_default=Now() + timedelta(days=7)),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="emptied_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                fields=["expires_at"],
                condition=models.Q(emptied_at=None),
                name="file_to_empty",
            ),
        ),
        migrations.RunPython(seal, unseal),
    ]
