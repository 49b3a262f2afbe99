"""Who does the work of an order."""

from customers.models import Access
from orders.models import Order
from staff.models import Person


def carer_of(order: Order) -> Person | None:
    """Who talks to the customer about this order: the seller, where they may see the card.

    None: whoever keeps the customer (decision 4: taking an order opens no card).
    """
    seller = order.seller
    if not seller.is_active or order.customer.owner_id == seller.pk:
        return None
    has_access = Access.objects.filter(customer=order.customer_id, person=seller).exists()
    return seller if has_access else None
