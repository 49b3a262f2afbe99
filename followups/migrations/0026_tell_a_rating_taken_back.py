from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("followups", "0025_words_for_a_campaign_that_changed")]
    operations = [
        migrations.AlterField(
            model_name="caseevent",
            name="act",
            field=models.CharField(
                choices=[
                    ("opened", "opened"),
                    ("answered", "first answer"),
                    ("unanswered", "first answer taken back"),
                    ("noted", "noted"),
                    ("assigned", "handed to somebody"),
                    ("paused", "clock paused"),
                    ("resumed", "clock runs again"),
                    ("escalated", "reported up"),
                    ("solved", "solved"),
                    ("reopened", "opened again"),
                    ("rated", "customer asked how satisfied"),
                    ("unrated", "rating taken back"),
                    ("voided", "taken back"),
                ],
                max_length=10,
            ),
        ),
    ]
