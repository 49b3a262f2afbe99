"""Sums of thousands of orders at once: each table is read once, whatever the planner knows of it.

Order by order, an import of 20,000 orders into tables that nobody had analysed yet joined them
with themselves in a nested loop: ten minutes instead of seconds.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("orders.migrations.0006_returned_goods_cost_nothing").AFTER
BODY = BEFORE[BEFORE.index("    UPDATE orders_order kept") : BEFORE.rindex("$$;")]

KEEP_MANY = """
CREATE OR REPLACE FUNCTION orders_keep_many(ids bigint[]) RETURNS void
LANGUAGE sql SET enable_nestloop = off SET jit = off AS $$
    WITH touched AS MATERIALIZED (SELECT DISTINCT unnest(ids) AS id),
    line AS (
          SELECT order_id,
                 COALESCE(sum((qty - returned_qty) * agreed_price)
                              FILTER (WHERE state <> 'cancelled'), 0) AS amount,
                 count(*) FILTER (WHERE state <> 'cancelled') AS everything,
                 count(*) FILTER (WHERE state IN ('submitted', 'in_production', 'arrived', 'ready',
                                                  'shipped', 'delivered')) AS submitted,
                 count(*) FILTER (WHERE state IN ('arrived', 'ready', 'shipped', 'delivered'))
                     AS arrived,
                 count(*) FILTER (WHERE state = 'delivered') AS delivered
            FROM orders_orderline JOIN touched ON touched.id = order_id GROUP BY order_id),
    paid AS (
          SELECT order_id, sum(amount) AS paid,
                 COALESCE(sum(amount) FILTER (WHERE confirmed_at IS NULL), 0) AS unconfirmed
            FROM orders_payment JOIN touched ON touched.id = order_id
           WHERE returned_at IS NULL GROUP BY order_id),
    gone AS (
          SELECT order_id, sum(amount) AS amount
            FROM orders_credit JOIN touched ON touched.id = order_id GROUP BY order_id),
    brought AS (
          SELECT order_id, sum(amount) AS amount
            FROM orders_credituse JOIN touched ON touched.id = order_id
           WHERE refused_at IS NULL GROUP BY order_id),
    due AS (
          SELECT order_id,
                 COALESCE(sum(owed.amount) FILTER (
                     WHERE kind IN ('ordered', 'before_delivery')
                        OR kind = 'on_day' AND due_on <= current_on), 0) AS before
            FROM orders_due owed JOIN touched ON touched.id = order_id
            JOIN orders_order ON orders_order.id = order_id GROUP BY order_id),
    kept AS (
          SELECT touched.id, line.amount,
                 COALESCE(paid.paid, 0) - COALESCE(gone.amount, 0) + COALESCE(brought.amount, 0)
                     AS paid,
                 COALESCE(paid.unconfirmed, 0) AS unconfirmed, COALESCE(due.before, 0) AS before,
                 COALESCE(line.everything, 0) AS everything,
                 COALESCE(line.submitted, 0) AS submitted, COALESCE(line.arrived, 0) AS arrived,
                 COALESCE(line.delivered, 0) AS delivered
            FROM touched
            LEFT JOIN line ON line.order_id = touched.id
            LEFT JOIN paid ON paid.order_id = touched.id
            LEFT JOIN gone ON gone.order_id = touched.id
            LEFT JOIN brought ON brought.order_id = touched.id
            LEFT JOIN due ON due.order_id = touched.id)
    UPDATE orders_order sold
       SET amount = kept.amount, paid = kept.paid, unconfirmed = kept.unconfirmed,
           due_before = kept.before, lines_all = kept.everything, lines_submitted = kept.submitted,
           lines_arrived = kept.arrived, lines_delivered = kept.delivered
      FROM kept
     WHERE sold.id = kept.id
       AND (sold.amount, sold.paid, sold.unconfirmed, sold.due_before, sold.lines_all,
            sold.lines_submitted, sold.lines_arrived, sold.lines_delivered)
           IS DISTINCT FROM
           (kept.amount, kept.paid, kept.unconfirmed, kept.before, kept.everything,
            kept.submitted, kept.arrived, kept.delivered)
$$;
"""
KEEP = f"""
CREATE OR REPLACE FUNCTION orders_keep(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM orders_order WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    IF cardinality(ids) > 500 THEN
        PERFORM orders_keep_many(ids);
        RETURN;
    END IF;
{BODY.rstrip()};
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0011_list_quotes_newest_first")]

    operations = [
        migrations.RunSQL(KEEP_MANY, "DROP FUNCTION orders_keep_many(bigint[])"),
        migrations.RunSQL(KEEP, BEFORE),
    ]
