import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Until now whoever was credited had the slot.
WHO_WAS_CREDITED = """
    UPDATE filings_deal SET refills_id = credited_to_id
     WHERE filing_id IS NOT NULL AND credited_to_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("filings", "0011_never_emptied"),
    ]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="own_region",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="staff.region",
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="is_repeat",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="deal",
            name="refills",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="violation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("after_deal", "Filed after the deal"),
                    ("over_quota", "Filed over the quota"),
                    ("late", "Filed too late"),
                    ("back_dated", "Follow-up entered too late"),
                    ("cross_region_filing", "Filed across regions"),
                    ("cross_region_sale", "Sold across regions"),
                    ("update_missed", "Update missed"),
                    ("copied_note", "Same words as the contact before"),
                    ("refiled", "Filed again soon after taking back or releasing"),
                    ("other_number", "Another number of a filed customer"),
                    ("returned_slot", "Slot used of a deposit that was returned"),
                    ("handed_at_limit", "Handed over shortly before the limit"),
                ],
                max_length=25,
            ),
        ),
        migrations.RunSQL(WHO_WAS_CREDITED, migrations.RunSQL.noop),
    ]
