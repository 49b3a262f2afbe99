from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("followups", "0006_ship_agreed_steps")]

    operations = [
        migrations.AlterField(
            model_name="obligation",
            name="cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("left_over", "Its step or anchor is gone"),
                    ("replaced", "Something else takes its place"),
                    ("silence", "Fell due while no contact was wished"),
                    ("given_up", "The customer was given up"),
                    ("voided", "Its contact was taken back"),
                    ("called_off", "Its appointment was moved, missed or cancelled"),
                ],
                max_length=10,
            ),
        ),
    ]
