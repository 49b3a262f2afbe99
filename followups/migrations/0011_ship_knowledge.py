from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("followups", "0010_ship_surveys")]
    operations = []
