"""When a message was last tried, and which rows are one robot: a service counts refused ones, too.

What was sealed before gets its index here; what no key opens stays without one.
"""

from django.db import migrations, models

from core.keyring import keyring
from core.phones import PhoneUnreadable
from staff.outgoing import identity
from staff.states import RobotKind


def index_robots(apps, schema_editor):
    for robot in apps.get_model("staff", "Robot").objects.order_by("pk"):
        try:
            address = keyring().decrypt(robot.address_cipher)
            robot.address_index = keyring().index(
                identity(kind=RobotKind(robot.kind), address=address)
            )
        except (PhoneUnreadable, LookupError):
            continue
        robot.save(update_fields=["address_index"])


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0008_tell_what_became_of_a_proposal"),
    ]

    operations = [
        migrations.AddField(
            model_name="robot",
            name="address_index",
            field=models.BinaryField(db_default=b"", max_length=32),
        ),
        migrations.AddField(
            model_name="outgoing",
            name="tried_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(
                condition=models.Q(("robot__isnull", False)),
                fields=["tried_at"],
                name="outgoing_tried_lately",
            ),
        ),
        migrations.RunPython(index_robots, migrations.RunPython.noop),
    ]
