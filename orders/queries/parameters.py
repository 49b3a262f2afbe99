"""What holds for the orders of each trade, and who set it."""

from django.db.models import QuerySet

from core.models import AuditEntry
from orders.models import OrderTerms
from staff.models import Store
from staff.scope import SERVING_KINDS
from staff.states import Trade

MOST = 20


def terms_of_trade(trade: Trade) -> OrderTerms:
    """What holds in a trade; as shipped where nobody has set anything."""
    found = OrderTerms.objects.select_related("changed_by").filter(trade=trade).first()
    return found or OrderTerms(trade=trade)


def trades_served() -> list[Trade]:
    """The trades of which there is a store, in their order; all before the first store."""
    stores = Store.objects.filter(is_active=True, kind__in=SERVING_KINDS)
    found = set(stores.order_by().values_list("trade", flat=True).distinct())
    return [trade for trade in Trade if trade in found] or list(Trade)


def changes_of(terms: OrderTerms) -> QuerySet[AuditEntry]:
    """The latest changes, each with whoever made it."""
    entries = AuditEntry.objects.filter(
        object_type=OrderTerms._meta.label_lower, object_id=terms.pk, verb="set_order_terms"
    )
    return entries.select_related("by").order_by("-at", "-pk")[:MOST]
