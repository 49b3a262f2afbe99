"""A deposit is one kind of payment."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_take_deposits")]
    operations = [migrations.RenameModel("Deposit", "Payment")]
