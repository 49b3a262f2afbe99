from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("followups", "0009_ship_care_of_the_year")]
    operations = []
