from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("followups", "0013_ship_wordings")]
    operations = []
