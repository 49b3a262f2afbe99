"""Orders of the shop's system for homes that somebody holds a filing of: the deal is made (FIL-37).

Whose all other old sales are says the shop's system; the next money taken here decides as always.
"""

from collections.abc import Sequence

from filings.models import Protection
from filings.services import DealNotMade
from orders.models import Order
from orders.services.importing import Brought
from orders.services.settling import settle_deal


def settle_filed(orders: Sequence[int], brought: Brought) -> list[int]:
    """Settle those of these orders that were paid for and whose project was filed by the day of the
    order and is protected now; the orders that a manager has to take (XRG-02).

    The caller holds the customers.
    """
    projects = Order.objects.filter(pk__in=orders, paid__gt=0).values("project")
    protected = Protection.objects.filter(
        withdrawn=False, during__contains=brought.now, project__in=projects
    )
    filed = dict(protected.order_by("pk").values_list("project", "filing__submitted_at"))
    found = Order.objects.filter(pk__in=orders, project__in=filed, paid__gt=0)
    refused = []
    for order in found.select_related("customer__store", "project", "store", "seller"):
        since = filed.get(order.project_id or 0)
        if since is None or order.ordered_on < order.store.today(since):
            continue
        try:
            settle_deal(order, by=brought.by, at=brought.now)
        except DealNotMade:
            refused.append(order.pk)
    return refused
