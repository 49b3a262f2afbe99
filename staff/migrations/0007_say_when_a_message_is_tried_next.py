"""The time at which a message is tried next, named as times are named here."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0006_one_installation_speaks_outside"),
    ]

    operations = [
        migrations.RemoveIndex("outgoing", "outgoing_to_send"),
        migrations.RenameField("outgoing", "not_before", "next_at"),
        migrations.AddIndex(
            "outgoing",
            models.Index(
                condition=models.Q(("state__in", ["waiting", "sending"])),
                fields=["next_at", "id"],
                name="outgoing_to_send",
            ),
        ),
    ]
