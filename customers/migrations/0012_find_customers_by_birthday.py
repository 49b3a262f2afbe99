from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_retire_numbers")]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["birth_month", "birth_day", "birth_year"],
                condition=Q(("birth_month__isnull", False), ("birth_year__isnull", False)),
                name="customer_by_birthday",
            ),
        ),
    ]
