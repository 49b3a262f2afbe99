"""What is delivered and came back, held against deliveries, returns and the customers' cards."""

# A delivery that stands counts at its lines, once.
DELIVERED_PIECES = """
    SELECT line.order_id, line.id, line.delivered_qty, COALESCE(handed.qty, 0)
      FROM orders_orderline line
      LEFT JOIN (SELECT part.line_id, sum(part.qty) AS qty
                   FROM orders_deliveryline part
                   JOIN orders_delivery delivery
                     ON delivery.id = part.delivery_id AND delivery.voided_at IS NULL
                  GROUP BY part.line_id) handed ON handed.line_id = line.id
     WHERE line.delivered_qty <> COALESCE(handed.qty, 0) OR line.delivered_qty > line.qty
     ORDER BY line.id
"""
RETURNED_PIECES = """
    SELECT line.order_id, line.id, line.returned_qty, COALESCE(back.qty, 0)
      FROM orders_orderline line
      LEFT JOIN (SELECT line_id, sum(qty) AS qty FROM orders_return
                  WHERE state = 'settled' GROUP BY line_id) back ON back.line_id = line.id
     WHERE line.returned_qty <> COALESCE(back.qty, 0) OR line.returned_qty > line.delivered_qty
     ORDER BY line.id
"""
# A line is delivered exactly when all its pieces are; of one that was cancelled nothing is.
LINE_STATE = """
    SELECT order_id, id, state, CASE WHEN delivered_qty = qty THEN 'delivered' END
      FROM orders_orderline
     WHERE (state = 'delivered') <> (delivered_qty = qty)
        OR state = 'cancelled' AND delivered_qty > 0
     ORDER BY id
"""
# An order is delivered with the last of its lines, on the day of the last delivery; of a cancelled
# one nothing is left, and nothing goes out before it is confirmed or was brought in.
DELIVERED_STATE = """
    WITH line AS (
        SELECT order_id, count(*) FILTER (WHERE state = 'delivered') AS delivered,
               count(*) FILTER (WHERE state NOT IN ('delivered', 'cancelled')) AS left_over
          FROM orders_orderline GROUP BY order_id),
    handed AS (
        SELECT order_id, max(delivered_on) AS last_on FROM orders_delivery
         WHERE voided_at IS NULL GROUP BY order_id),
    sold AS (
        SELECT sold.id, sold.state, sold.delivered_on, handed.last_on,
               COALESCE(line.delivered, 0) > 0 AND line.left_over = 0 AS is_whole,
               COALESCE(line.delivered, 0) + COALESCE(line.left_over, 0) AS going
          FROM orders_order sold
          LEFT JOIN line ON line.order_id = sold.id
          LEFT JOIN handed ON handed.order_id = sold.id)
    SELECT id, concat_ws(' ', state, delivered_on),
           CASE WHEN is_whole THEN concat_ws(' ', 'delivered', last_on) END
      FROM sold
     WHERE CASE WHEN state IN ('delivered', 'settled', 'archived')
                THEN NOT is_whole OR delivered_on IS DISTINCT FROM last_on
                WHEN state = 'cancelled' THEN going > 0 OR last_on IS NOT NULL
                ELSE is_whole OR delivered_on IS NOT NULL END
     ORDER BY id
"""
# A settled exchange has what came instead, and no return has anything instead.
RETURN_UNSETTLED = """
    SELECT order_id, id, state, kind FROM orders_return
     WHERE (settled_on IS NOT NULL) <> (state = 'settled')
        OR (new_line_id IS NOT NULL) <> (state = 'settled' AND kind = 'exchange')
     ORDER BY id
"""
# What was handed over stands on the card: each car by itself, of other trades the delivery.
DELIVERY_OFF_CARD = """
    SELECT delivery.order_id, delivery.id
      FROM orders_delivery delivery
      JOIN orders_order sold ON sold.id = delivery.order_id
      JOIN staff_store store ON store.id = sold.store_id
     WHERE delivery.voided_at IS NULL AND delivery.product_id IS NULL
       AND EXISTS (SELECT 1 FROM orders_deliveryline part
                     JOIN orders_orderline line ON line.id = part.line_id
                    WHERE part.delivery_id = delivery.id AND part.product_id IS NULL
                      AND NOT (store.trade = 'cars' AND line.is_accessory))
     ORDER BY delivery.id
"""
# It is the customer's, delivered, and still theirs unless it came back or was a mistake.
CARD_PRODUCT = """
    WITH brought AS (
        SELECT id AS delivery_id, product_id FROM orders_delivery WHERE product_id IS NOT NULL
         UNION ALL
        SELECT delivery_id, product_id FROM orders_deliveryline WHERE product_id IS NOT NULL)
    SELECT delivery.order_id, delivery.id, product.id,
           concat_ws(' ', product.customer_id, product.delivered_on), sold.customer_id
      FROM brought
      JOIN orders_delivery delivery ON delivery.id = brought.delivery_id
      JOIN orders_order sold ON sold.id = delivery.order_id
      JOIN customers_ownedproduct product ON product.id = brought.product_id
     WHERE product.customer_id <> sold.customer_id
        OR delivery.voided_at IS NULL AND product.gone_on IS NULL AND product.delivered_on IS NULL
     ORDER BY delivery.id
"""
