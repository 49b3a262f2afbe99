"""What every list of orders says of a row: whose it is, and what was ordered."""

from django.utils.translation import gettext as _

from core.phones import mask_in_text
from orders.queries.ledger import LedgerOrder
from orders.states import OrderState

NOTHING = "–"


def told_name(order: LedgerOrder) -> str:
    """The card's name; of a card that is not seen, the name that the seller was told, if any."""
    return order.customer.shown_name if order.is_card_seen else mask_in_text(order.buyer)


def customer_of(order: LedgerOrder) -> str:
    """The same in a cell."""
    return told_name(order) or NOTHING


def goods_of(order: LedgerOrder) -> str:
    """The first line, and how many there are; of a cancelled order none is left."""
    if not order.goods:
        return NOTHING if order.state == OrderState.CANCELLED else _("not written down yet")
    goods = mask_in_text(order.goods)
    if order.lines_all < 2:
        return goods
    return _("%(goods)s and %(count)s more") % {"goods": goods, "count": order.lines_all - 1}
