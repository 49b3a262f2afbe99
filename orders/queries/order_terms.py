"""The parameters of orders in the trade of a store."""

from orders.models import OrderTerms
from staff.models import Store


def order_terms(store: Store) -> OrderTerms:
    """What holds for the orders of this store; as shipped where nobody has set anything."""
    found = OrderTerms.objects.filter(trade=store.trade).first()
    return found or OrderTerms(trade=store.trade)
