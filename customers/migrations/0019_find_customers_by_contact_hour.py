"""Today asks which customers may be called from a later hour on: few name one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0018_note_birthdays_and_terms")]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["contact_from"],
                condition=models.Q(contact_from__isnull=False),
                name="customer_by_contact_hour",
            ),
        )
    ]
