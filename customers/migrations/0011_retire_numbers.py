from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_sort_customers_by_value")]

    operations = [
        migrations.AddField(
            model_name="customerphone",
            name="retired_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="customerphone",
            constraint=models.CheckConstraint(
                condition=Q(("retired_at", None), ("is_primary", False), _connector="OR"),
                name="retired_number_is_not_main",
            ),
        ),
    ]
