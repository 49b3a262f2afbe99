from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("followups", "0012_ship_the_case_step")]
    operations = []
