from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("followups", "0014_keep_first_plan_versions")]
    operations = [
        migrations.AddField(
            model_name="caseevent",
            name="points",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("customer", "Waiting for the customer"),
                    ("parts", "Waiting for parts"),
                    ("supplier", "Waiting for the maker"),
                    ("other", "Other"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
    ]
