"""Since when we know birthdays and the days ahead of products: care counts from then.

What was written before care counted from it is taken as learnt now: nobody is greeted for the
birthdays of years ago. Of insurances and the like, as learnt 30 days ago, so that what runs out
within weeks is still seen to.
"""

from django.db import migrations, models
from django.db.models import Q

_NOTE_BIRTHDAYS = """
    UPDATE {table} SET birthday_noted_at = now()
     WHERE birth_month IS NOT NULL AND birthday_noted_at IS NULL
"""
_NOTE_TERMS = """
    UPDATE customers_ownedproduct
       SET terms_noted_at = GREATEST(added_at, now() - interval '30 days')
     WHERE COALESCE(insurance_until, first_service_on, warranty_until) IS NOT NULL
       AND terms_noted_at IS NULL
"""
_BIRTHDAYS = {
    "customer": "birthday_is_noted",
    "householdmember": "member_birthday_is_noted",
    "keyperson": "key_person_birthday_is_noted",
}
_NOTED = Q(birth_month=None) | Q(birthday_noted_at__isnull=False)


def note(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for model in _BIRTHDAYS:
            cursor.execute(_NOTE_BIRTHDAYS.format(table=f"customers_{model}"))
        cursor.execute(_NOTE_TERMS)


class Migration(migrations.Migration):
    dependencies = [("customers", "0017_say_what_a_household_buys_further")]
    operations = [
        migrations.RunPython(note, migrations.RunPython.noop),
        *(
            migrations.AddConstraint(
                model_name=model, constraint=models.CheckConstraint(name=name, condition=_NOTED)
            )
            for model, name in _BIRTHDAYS.items()
        ),
        migrations.AddConstraint(
            model_name="ownedproduct",
            constraint=models.CheckConstraint(
                name="terms_are_noted",
                condition=Q(insurance_until=None, first_service_on=None, warranty_until=None)
                | Q(terms_noted_at__isnull=False),
            ),
        ),
    ]
