"""Deals on the card: the timeline's rows, worded, and the line at the top of the card."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core.amounts import money_text
from core.days import day_text
from core.phones import mask_in_text
from customers.queries import TimelineKind
from desk.timeline_rows import Row, with_more
from filings.queries.on_card import CustomerWithLeads
from orders.queries.on_card import HeldCustomer
from staff.scope import ORDER_READERS, Reach


def _deal(row: Row) -> tuple[str, str]:
    amount = money_text(Decimal(row.code3)) if row.code3 else ""
    return with_more(_("Deal: a deposit was taken"), amount), row.text


def _undone(row: Row) -> tuple[str, str]:
    return _("The deposit of order %(order)s was returned") % {"order": row.code3}, row.text


DEALS_WORDED: Mapping[TimelineKind, Callable[[Row], tuple[str, str]]] = {
    TimelineKind.DEAL: _deal,
    TimelineKind.DEAL_UNDONE: _undone,
}


def held_of(customer: HeldCustomer, reader: Reach) -> str:
    """That all deliveries to them are held, and why, to whoever reads orders (FIN-06); else ""."""
    if not customer.held_because or not reader.has_role(ORDER_READERS):
        return ""
    return _("All deliveries are held: %(why)s") % {"why": mask_in_text(customer.held_because)}


def sold_of(customer: CustomerWithLeads, *, today: date) -> str:
    """Sold on 12 Mar (Thu), order DD-2603-000187; "" where no deal stands."""
    if customer.sold_at is None:
        return ""
    day = day_text(customer.store.today(customer.sold_at), today=today)
    if not customer.sold_order:
        return _("Sold on %(day)s") % {"day": day}
    return _("Sold on %(day)s, order %(order)s") % {"day": day, "order": customer.sold_order}
