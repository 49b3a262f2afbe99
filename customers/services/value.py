"""What customers have bought, added up on their cards: derived, and counted anew by every write.

The twin of `customers.verification.value_differences`.
"""

from collections.abc import Sequence

from django.db import connection

# What was recorded by mistake or came back was not bought; what was sold on later was. A product
# without a day was not bought from us as far as we know: a car that came from its former owner.
# The most there is is what the column holds.
RECOUNT = """
    UPDATE customers_customer customer
       SET bought_total = worth.total, bought_count = worth.times,
           last_bought_on = worth.last_on
      FROM (SELECT asked.id,
                   LEAST(COALESCE(sum(product.price), 0), 9999999999.99) AS total,
                   count(product.id) AS times,
                   max(GREATEST(product.purchased_on, product.delivered_on)) AS last_on
              FROM unnest(%(customers)s::bigint[]) AS asked (id)
              LEFT JOIN customers_ownedproduct product
                ON product.customer_id = asked.id
               AND product.gone_reason NOT IN ('mistake', 'returned')
               AND COALESCE(product.purchased_on, product.delivered_on) IS NOT NULL
             GROUP BY asked.id) worth
     WHERE customer.id = worth.id
       AND (customer.bought_total, customer.bought_count, customer.last_bought_on)
           IS DISTINCT FROM (worth.total, worth.times::integer, worth.last_on)
"""


def recount_value(customers: Sequence[int]) -> None:
    """Add up anew what these customers have bought: one statement, however many.

    Whoever writes, moves or ends products calls it, in the same transaction.
    """
    if not customers:
        return
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"customers": list(customers)})
