from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("followups", "0011_ship_knowledge")]
    operations = []
