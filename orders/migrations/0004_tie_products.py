"""Products that deliveries have brought say of which order they are."""

from django.db import migrations

TIE = """
UPDATE customers_ownedproduct SET order_no = told.number
  FROM (SELECT delivery.product_id, orders_order.number
          FROM orders_delivery AS delivery
          JOIN orders_order ON orders_order.id = delivery.order_id
         WHERE delivery.voided_at IS NULL AND delivery.product_id IS NOT NULL
         UNION ALL
        SELECT piece.product_id, orders_order.number
          FROM orders_deliveryline AS piece
          JOIN orders_delivery AS delivery ON delivery.id = piece.delivery_id
          JOIN orders_order ON orders_order.id = delivery.order_id
         WHERE delivery.voided_at IS NULL AND piece.product_id IS NOT NULL) AS told
 WHERE customers_ownedproduct.id = told.product_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_tie_products_to_orders"),
        ("orders", "0003_keep_sums"),
    ]
    operations = [migrations.RunSQL(TIE, migrations.RunSQL.noop)]
