import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_ship_stage_sets")]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="duplicate_of",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="duplicates",
                to="customers.lead",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("duplicate_of", None),
                    models.Q(("state__in", ("waiting", "offered")), _negated=True),
                    _connector="OR",
                ),
                name="duplicate_lead_is_closed",
            ),
        ),
    ]
