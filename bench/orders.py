"""Two years of orders beside the demonstration's customers, written by a handful of statements.

Orders of all colours: the older ones archived, those of the last weeks anything from received to
delivered, a twentieth unpaid past its day. Two lines an order, a deposit and the rest, one due;
a quote each, what happened to it, what was handed over; some have a designer, a credit, a return.
The database reckons their sums by its own triggers, as everywhere.
"""

from datetime import date
from typing import Any

from django.db import connection, transaction

DAYS = 730

ORDERS = """
    WITH buyer AS (
        SELECT customer.id, customer.store_id, customer.owner_id,
               row_number() OVER (ORDER BY customer.id) - 1 AS n
          FROM customers_customer customer
          JOIN staff_person owner ON owner.id = customer.owner_id
         WHERE customer.merged_into_id IS NULL)
    INSERT INTO orders_order (number, ordered_on, customer_id, store_id, seller_id, buyer, address,
                              promised_on, current_on, terms)
    SELECT 'BN' || lpad(i::text, 8, '0'), on_day, buyer.id, buyer.store_id, buyer.owner_id,
           'Buyer ' || i, 'Street ' || i %% 900, on_day + 45, on_day + 45 + i %% 7 - 3,
           CASE WHEN i %% 10 = 0 THEN 'on_delivery' ELSE 'prepaid' END
      FROM generate_series(1, %(orders)s) i
      CROSS JOIN LATERAL (
           SELECT %(today)s::date - (%(orders)s - i) * %(days)s / %(orders)s) at(on_day)
      JOIN buyer ON buyer.n = i * 7919::bigint %% (SELECT count(*) FROM buyer)
     ORDER BY i
"""

LINES = """
    INSERT INTO orders_orderline (order_id, position, product, spec, colour, qty, list_price,
                                  agreed_price, supply, state, is_accessory, remark, po_no,
                                  carrier, tracking_no)
    SELECT ordered.id, k, CASE k WHEN 1 THEN 'Sofa' ELSE 'Chair' END, '', 'grey', k,
           3000 + ordered.id %% 50 * 100, 2800 + ordered.id %% 50 * 100,
           CASE WHEN ordered.id %% 25 = 0 AND k = 2 THEN 'floor_sample' ELSE 'purchase' END,
           CASE WHEN age > 50 THEN 'delivered'
                WHEN age > 35 OR k = 1 AND age > 20 THEN 'arrived'
                WHEN age > 5 THEN 'submitted' ELSE 'open' END,
           k = 2, '', '', '', ''
      FROM (SELECT id, %(today)s::date - ordered_on AS age FROM orders_order
             WHERE number LIKE 'BN%%') ordered
     CROSS JOIN generate_series(1, 2) k ORDER BY ordered.id, k
"""

DUES = """
    INSERT INTO orders_due (order_id, position, kind, amount, due_on, dispute_reason)
    SELECT id, 1, CASE terms WHEN 'prepaid' THEN 'before_delivery' ELSE 'on_delivery' END, amount,
           CASE WHEN %(today)s::date - ordered_on > 50 THEN current_on END, ''
      FROM orders_order WHERE number LIKE 'BN%%' ORDER BY id
"""

PAYMENTS = """
    INSERT INTO orders_payment (order_id, kind, payer, amount, method, taken_at, taken_by_id, key,
                                note, confirmed_at, confirmed_by_id, return_reason)
    SELECT ordered.id, CASE k WHEN 1 THEN 'deposit' ELSE 'payment' END, 'Buyer',
           CASE k WHEN 1 THEN 1000 ELSE amount - 1000 END, 'wechat', ordered_on + k * 10, seller_id,
           gen_random_uuid(), '', ordered_on + k * 10,
           (SELECT min(id) FROM staff_person WHERE role = 'finance'), ''
      FROM orders_order ordered CROSS JOIN generate_series(1, 2) k
     WHERE number LIKE 'BN%%'
       AND (k = 1 OR %(today)s::date - ordered_on > 30 AND ordered.id %% 20 > 0)
     ORDER BY ordered.id, k
"""

# What became of them; the sums stand by now.
STATES = """
    UPDATE orders_order
       SET state = CASE WHEN %(today)s::date - ordered_on > 50 AND amount = paid THEN 'archived'
                        WHEN %(today)s::date - ordered_on > 50 THEN 'delivered'
                        WHEN %(today)s::date - ordered_on > 5 THEN 'confirmed'
                        ELSE 'received' END,
           delivered_on = CASE WHEN %(today)s::date - ordered_on > 50 THEN current_on END,
           settled_at = CASE WHEN %(today)s::date - ordered_on > 50 THEN current_on + 3 END
     WHERE number LIKE 'BN%%'
"""

DATE_CHANGES = """
    INSERT INTO orders_datechange (order_id, which, before_on, after_on, cause, note, by_id)
    SELECT id, 'current', promised_on, current_on,
           (ARRAY['supplier', 'customer', 'logistics'])[id %% 3 + 1], '', seller_id
      FROM orders_order WHERE number LIKE 'BN%%' AND current_on <> promised_on
"""

QUOTES = """
    INSERT INTO orders_quote (number, buyer, customer_id, store_id, seller_id, quoted_at,
                              valid_until, state, remark, declined_reason, amount, key)
    SELECT 'Q' || number, buyer, customer_id, store_id, seller_id, ordered_on - interval '5 days',
           ordered_on + 25, 'open', '', '', amount, gen_random_uuid()
      FROM orders_order WHERE number LIKE 'BN%%' ORDER BY id
"""

DELIVERIES = """
    INSERT INTO orders_delivery (order_id, delivered_on, signed_by, checked, note, noted_by_id,
                                 void_reason, key)
    SELECT id, delivered_on, 'Buyer', '{}', '', seller_id, '', gen_random_uuid()
      FROM orders_order WHERE number LIKE 'BN%%' AND delivered_on IS NOT NULL ORDER BY id
"""

PIECES = """
    INSERT INTO orders_deliveryline (delivery_id, line_id, qty, serial)
    SELECT delivery.id, line.id, line.qty, ''
      FROM orders_delivery delivery JOIN orders_order ordered ON ordered.id = delivery.order_id
      JOIN orders_orderline line ON line.order_id = ordered.id
     WHERE ordered.number LIKE 'BN%%' ORDER BY delivery.id, line.id
"""

EVENTS = """
    INSERT INTO orders_orderevent (order_id, kind, at, by_id, params, note)
    SELECT id, kind, ordered_on + k * interval '3 days', seller_id, '{}', ''
      FROM orders_order
     CROSS JOIN unnest(ARRAY['received', 'checked', 'confirmed', 'paid']) WITH ORDINALITY e(kind, k)
     WHERE number LIKE 'BN%%' AND ordered_on + k::integer * 3 <= %(today)s ORDER BY id, k
"""

CREDITS = """
    INSERT INTO orders_credit (order_id, customer_id, kind, changed_on, before, after, amount,
                               refundable_from, handler_id, made_by_id, contact_note, used, key)
    SELECT id, customer_id, 'fewer', current_on, amount + 100, amount, 100, current_on + 28,
           seller_id, seller_id, '', 0, gen_random_uuid()
      FROM orders_order WHERE number LIKE 'BN%%' AND state = 'delivered' AND paid < amount
     ORDER BY id
"""

RETURNS = """
    INSERT INTO orders_return (order_id, line_id, kind, cause, qty, amount, asked_on, is_within,
                               note, state, asked_by_id, decision_note, key)
    SELECT ordered.id, line.id, 'return', 'quality', 1, line.agreed_price, delivered_on + 5, true,
           '', 'asked', ordered.seller_id, '', gen_random_uuid()
      FROM orders_order ordered JOIN orders_orderline line
        ON line.order_id = ordered.id AND line.position = 1
     WHERE ordered.number LIKE 'BN%%' AND ordered.state = 'delivered' ORDER BY ordered.id
"""

DESIGNERS = """
    UPDATE orders_order ordered SET designer_id = designer.id
      FROM customers_designer designer
     WHERE number LIKE 'BN%%' AND ordered.id %% 20 = 1 AND designer.store_id = ordered.store_id
"""

STATEMENTS = (
    ORDERS, LINES, DUES, PAYMENTS, STATES, DATE_CHANGES, QUOTES, DELIVERIES, PIECES, EVENTS,
    CREDITS, RETURNS, DESIGNERS,
)  # fmt: skip


@transaction.atomic
def build(*, orders: int, today: date) -> None:
    """Write so many orders into a database that has its customers."""
    params: dict[str, Any] = {"orders": orders, "today": today, "days": DAYS}
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, params)
        cursor.execute("ANALYZE")
