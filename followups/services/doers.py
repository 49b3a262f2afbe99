"""Whose work a step of a plan is, in SQL: the set-based twin of `followups.rules.doer`.

Written where a `customer` and a `leader` of the customer's store stand (`staff.leaders.LEADERS`).
"""


def people(sold_by: str = "NULL::bigint") -> str:
    """Keeper and seller beside the customer, while they work here; the seller while they see them.

    Whoever keeps the customer sees them; whoever sold has access as long as they may serve them.
    """
    return f"""
      LEFT JOIN LATERAL (SELECT id FROM staff_person
                          WHERE id = customer.owner_id AND is_active OFFSET 0) keeper ON true
      LEFT JOIN LATERAL (SELECT person.id FROM staff_person person
                           JOIN customers_access access ON access.person_id = person.id
                          WHERE person.id = {sold_by} AND person.is_active
                            AND access.customer_id = customer.id OFFSET 0) seller ON true
      JOIN leader ON leader.store_id = customer.store_id"""


def doer(role: str) -> str:
    """Whose the work is that `role` does."""
    return f"""CASE {role} WHEN 'sales_manager' THEN leader.sales_id
                    WHEN 'service_lead' THEN leader.service_id
                    WHEN 'seller' THEN COALESCE(seller.id, keeper.id)
                    ELSE keeper.id END"""
