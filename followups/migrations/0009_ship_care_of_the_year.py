from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("followups", "0008_surveys_scripts_cases_and_outreach")]
    operations = []
