from django.db import migrations, models

SOURCES = [
    ("walk_in", "Walked in"),
    ("advert", "Advertisement"),
    ("online", "Online"),
    ("event", "Event"),
    ("friend", "Friend"),
    ("owner_referral", "Referred by a customer"),
    ("repurchase", "Further purchase of a household"),
    ("designer", "Designer"),
    ("partner", "Partner trade"),
    ("intercept", "Approached outside"),
    ("field_invite", "Invited by field sales"),
    ("other", "Other"),
]


class Migration(migrations.Migration):
    dependencies = [("customers", "0016_know_when_to_leave_in_peace")]
    operations = [
        migrations.AlterField(
            model_name="arrival",
            name="source",
            field=models.CharField(blank=True, choices=SOURCES, max_length=20),
        ),
        migrations.AlterField(
            model_name="customer",
            name="source",
            field=models.CharField(
                blank=True, choices=SOURCES, max_length=20, verbose_name="source"
            ),
        ),
        migrations.AlterField(
            model_name="leadsource",
            name="source",
            field=models.CharField(
                choices=SOURCES, default="online", max_length=20, verbose_name="source"
            ),
        ),
    ]
