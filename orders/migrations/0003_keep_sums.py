"""The sums that orders and credits keep of their rows, kept by the database itself.

Thousands of orders at once are summed with each table read once, whatever the planner knows of it:
order by order, an import of 20,000 orders into tables that nobody had analysed yet joined them with
themselves in a nested loop, ten minutes instead of seconds.
"""

from django.db import migrations

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
KEEP = """
CREATE OR REPLACE FUNCTION orders_keep(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM orders_order WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    IF cardinality(ids) > 500 THEN
        PERFORM orders_keep_many(ids);
        RETURN;
    END IF;
    UPDATE orders_order kept
       SET amount = line.amount, paid = paid.paid - gone.amount + brought.amount,
           unconfirmed = paid.unconfirmed, due_before = due.before,
           lines_all = line.everything, lines_submitted = line.submitted,
           lines_arrived = line.arrived, lines_delivered = line.delivered
      FROM (SELECT id, current_on FROM orders_order WHERE id = ANY(ids)) touched
     CROSS JOIN LATERAL (
          SELECT CASE WHEN count(*) > 0 THEN
                      COALESCE(sum((qty - returned_qty) * agreed_price)
                                   FILTER (WHERE state <> 'cancelled'), 0) END AS amount,
                 count(*) FILTER (WHERE state <> 'cancelled') AS everything,
                 count(*) FILTER (WHERE state IN ('submitted', 'in_production', 'arrived', 'ready',
                                                  'shipped', 'delivered')) AS submitted,
                 count(*) FILTER (WHERE state IN ('arrived', 'ready', 'shipped', 'delivered'))
                     AS arrived,
                 count(*) FILTER (WHERE state = 'delivered') AS delivered
            FROM orders_orderline WHERE order_id = touched.id) line
     CROSS JOIN LATERAL (
          SELECT COALESCE(sum(amount), 0) AS paid,
                 COALESCE(sum(amount) FILTER (WHERE confirmed_at IS NULL), 0) AS unconfirmed
            FROM orders_payment WHERE order_id = touched.id AND returned_at IS NULL) paid
     CROSS JOIN LATERAL (
          SELECT COALESCE(sum(amount), 0) AS amount
            FROM orders_credit WHERE order_id = touched.id) gone
     CROSS JOIN LATERAL (
          SELECT COALESCE(sum(amount), 0) AS amount
            FROM orders_credituse
           WHERE order_id = touched.id AND refused_at IS NULL) brought
     CROSS JOIN LATERAL (
          SELECT COALESCE(sum(amount) FILTER (
                     WHERE kind IN ('ordered', 'before_delivery')
                        OR kind = 'on_day' AND due_on <= touched.current_on), 0) AS before
            FROM orders_due WHERE order_id = touched.id) due
     WHERE kept.id = touched.id
       AND (kept.amount, kept.paid, kept.unconfirmed, kept.due_before, kept.lines_all,
            kept.lines_submitted, kept.lines_arrived, kept.lines_delivered)
           IS DISTINCT FROM
           (line.amount, paid.paid - gone.amount + brought.amount, paid.unconfirmed, due.before,
            line.everything, line.submitted, line.arrived, line.delivered);
END
$$;
"""
# What of a credit was offset or refunded, or is about to be.
KEEP_CREDITS = """
CREATE OR REPLACE FUNCTION orders_keep_credits(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    SELECT 1 FROM orders_credit WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    UPDATE orders_credit kept
       SET used = (SELECT COALESCE(sum(amount), 0) FROM orders_credituse
                    WHERE credit_id = kept.id AND refused_at IS NULL)
     WHERE kept.id = ANY(ids)
$$;
"""
DROP = """
DROP FUNCTION orders_keep(bigint[]);
DROP FUNCTION orders_keep_many(bigint[]);
DROP FUNCTION orders_keep_credits(bigint[]);
"""


class Migration(migrations.Migration):
    replaces = [
        ("orders", "0006_returned_goods_cost_nothing"),
        ("orders", "0012_keep_many_orders_at_once"),
    ]

    dependencies = [("orders", "0002_references")]

    operations = [migrations.RunSQL(KEEP_MANY + KEEP + KEEP_CREDITS, DROP)]
