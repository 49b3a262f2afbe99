"""Who brought whom, up to the first of a chain and down to the last."""

from django.db import connection

from customers.models import Customer
from customers.rules.referrals import Link

DEEPEST, MOST = 12, 300

# Both ways a path is carried along, so that a circle made by two people at once ends.
_UP = """
    WITH RECURSIVE chain AS (
        SELECT id, referrer_id, ARRAY[id] AS path FROM customers_customer WHERE id = %(customer)s
        UNION ALL
        SELECT above.id, above.referrer_id, chain.path || above.id
          FROM chain JOIN customers_customer above ON above.id = chain.referrer_id
         WHERE NOT above.id = ANY(chain.path) AND above.merged_into_id IS NULL
           AND cardinality(chain.path) < %(deepest)s)
    SELECT id FROM chain ORDER BY cardinality(path) DESC LIMIT 1
"""
_DOWN = """
    WITH RECURSIVE chain AS (
        SELECT id, NULL::bigint AS referrer_id, ARRAY[id] AS path
          FROM customers_customer WHERE id = %(customer)s
        UNION ALL
        SELECT below.id, below.referrer_id, chain.path || below.id
          FROM chain JOIN customers_customer below ON below.referrer_id = chain.id
         WHERE NOT below.id = ANY(chain.path) AND below.merged_into_id IS NULL
           AND cardinality(chain.path) < %(deepest)s)
    SELECT id, referrer_id FROM chain ORDER BY path LIMIT %(most)s
"""


def first_of_chain(customer: Customer) -> int:
    """Whoever stands at the top of the chain that brought this customer."""
    with connection.cursor() as cursor:
        cursor.execute(_UP, {"customer": customer.pk, "deepest": DEEPEST})
        row = cursor.fetchone()
    return row[0] if row else customer.pk


def links_below(customer_id: int) -> list[Link]:
    """The customer and all whom they brought, near and far."""
    with connection.cursor() as cursor:
        cursor.execute(_DOWN, {"customer": customer_id, "deepest": DEEPEST, "most": MOST})
        return [Link(customer_id=pk, referrer_id=referrer) for pk, referrer in cursor.fetchall()]


def brought_by(customer_id: int) -> set[int]:
    """The ids of all whom this customer brought, near and far."""
    return {link.customer_id for link in links_below(customer_id)} - {customer_id}
