"""Who does the work of an order."""

from customers.models import Access, Customer
from orders.models import Order
from staff.models import Person


def knows_card(customer: Customer, person: Person) -> bool:
    """Whether this person keeps the customer, or was given access to the card."""
    if customer.owner_id == person.pk:
        return True
    return Access.objects.filter(customer=customer, person=person).exists()


def carer_of(order: Order) -> Person | None:
    """Who talks to the customer about this order: the seller, where they may see the card.

    None: whoever keeps the customer (decision 4: taking an order opens no card).
    """
    seller = order.seller
    if not seller.is_active or order.customer.owner_id == seller.pk:
        return None
    return seller if knows_card(order.customer, seller) else None
