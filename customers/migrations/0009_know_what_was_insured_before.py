from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_tell_duplicate_leads"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="ownedproduct",
            name="one_owner_a_serial",
        ),
        migrations.AddField(
            model_name="productevent",
            name="insured_before_until",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="productevent",
            name="insurer_before",
            field=models.CharField(blank=True, db_default="", max_length=60),
        ),
        migrations.AddField(
            model_name="productevent",
            name="policy_before",
            field=models.CharField(blank=True, db_default="", max_length=60),
        ),
        migrations.AddField(
            model_name="productevent",
            name="policy_no",
            field=models.CharField(
                blank=True, db_default="", max_length=60, verbose_name="policy no."
            ),
        ),
        migrations.AddConstraint(
            model_name="ownedproduct",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("serial", ""), _negated=True), ("gone_on", None)),
                fields=("serial",),
                name="one_owner_a_serial",
                violation_error_message="This serial number belongs to another product.",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="ownedproduct",
            name="gone_product_says_why",
        ),
        migrations.AddField(
            model_name="ownedproduct",
            name="gone_note",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddConstraint(
            model_name="ownedproduct",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("gone_note", ""), ("gone_on", None), ("gone_reason", "")),
                    models.Q(
                        ("gone_on__isnull", False), models.Q(("gone_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="gone_product_says_why",
            ),
        ),
    ]
