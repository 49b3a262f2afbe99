"""Goods that came back are not owed any more: the amount counts the pieces that stay (ORD-37)."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("orders.migrations.0004_orders_in_full").KEEP_ORDERS
ALL_PIECES = "sum(amount) FILTER (WHERE state <> 'cancelled')"
PIECES_THAT_STAY = "sum((qty - returned_qty) * agreed_price) FILTER (WHERE state <> 'cancelled')"
AFTER = BEFORE.replace(ALL_PIECES, PIECES_THAT_STAY)


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_tell_of_orders_handed_over")]

    operations = [migrations.RunSQL(AFTER, BEFORE)]
