"""A guest who does not come has no new next step where one was agreed before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0019_find_customers_by_contact_hour")]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="none_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_need", "No need now"),
                    ("bought_elsewhere", "Bought elsewhere"),
                    ("budget", "Budget dropped"),
                    ("unwilling", "Does not wish contact"),
                    ("cared_for", "All well, care plan goes on"),
                    ("stands", "What was agreed stands"),
                ],
                max_length=20,
            ),
        )
    ]
