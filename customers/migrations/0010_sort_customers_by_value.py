import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_know_what_was_insured_before")]

    operations = [
        migrations.RemoveIndex(model_name="customer", name="customer_by_last_bought"),
        migrations.RemoveIndex(model_name="customer", name="customer_by_total"),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                django.db.models.expressions.OrderBy(
                    django.db.models.expressions.F("last_bought_on"), nulls_first=True
                ),
                django.db.models.expressions.OrderBy(django.db.models.expressions.F("id")),
                name="customer_by_last_bought",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["bought_total", "id"], name="customer_by_total"),
        ),
    ]
