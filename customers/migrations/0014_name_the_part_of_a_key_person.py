from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0013_put_open_work_in_order")]

    operations = [
        migrations.AlterField(
            model_name="keyperson",
            name="role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("economic_buyer", "Economic buyer"),
                    ("sponsor", "Sponsor"),
                    ("technical_adviser", "Technical adviser"),
                    ("coach", "Coach"),
                    ("user", "User"),
                ],
                max_length=20,
                verbose_name="part in the purchase",
            ),
        ),
    ]
