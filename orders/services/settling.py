"""The deal of an order: settled with the first money that makes one, undone with the last."""

from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse

from customers.models import Customer, Project
from filings import services as filings
from filings.models import Deal, Ruling
from filings.states import DealKind
from orders.models import Order
from orders.services.holding import read_sums
from staff.models import Person
from staff.services.notices import tell
from staff.states import UNIT_MANAGER_ROLES, NoticeKind


def is_as_new(customer: Customer, project: Project) -> bool:
    """Whether an order began this further project of the customer, and nobody has settled it yet:
    it is as new as it was then, and operations look at it with the deal (FIL-33).
    """
    begun = Order.objects.filter(project=project, made_at=project.opened_at)
    settled = Deal.objects.filter(project=project, undone_at=None)
    is_first = not Project.objects.filter(customer=customer, pk__lt=project.pk).exists()
    return not is_first and begun.exists() and not settled.exists()


def sale_of_order(
    order: Order, *, by: Person, kind: DealKind = DealKind.DEPOSIT, amount: Decimal | None = None
) -> filings.Sale | None:
    """The sale of an order that is written: its seller's, whoever records what settles it.

    None where nobody knows for which home it is.
    """
    if order.project is None:
        return None
    return filings.Sale(
        customer=order.customer,
        project=order.project,
        closer=order.seller,
        store=order.store,
        amount=amount,
        order_no=order.number,
        kind=kind,
        is_new_project=is_as_new(order.customer, order.project),
        is_agreed_by_manager=by.role in UNIT_MANAGER_ROLES,
    )


def settle_sale(
    order: Order, sale: filings.Sale | None, *, by: Person, at: datetime
) -> Ruling | None:
    """Decide whose the sale is, with whatever makes the deal of a held order first (decision 5).

    None where it has one, or where the deposit is too small for one. Raises DealNotMade.
    """
    if sale is None or has_deal(order):
        return None
    ruling = filings.settle(sale, by=by, now=at)
    tell_whose(ruling, order, by=by, at=at)
    return ruling


def settle_deal(order: Order, *, by: Person, at: datetime) -> Ruling | None:
    """Decide whose the sale of a held order is with its money (FIL-21, FIL-41): the seller's,
    unless somebody filed the customer.
    """
    read_sums(order)
    return settle_sale(order, sale_of_order(order, by=by, amount=order.paid), by=by, at=at)


def has_deal(order: Order) -> bool:
    """Whether the sale of this order is decided, and stands."""
    return _deals(order).exists()


def undo_deal(order: Order, *, reason: str, by: Person, at: datetime) -> None:
    """No deal any more: the lead is open again, filings go by their own clocks (FIL-22)."""
    deal = _deals(order).select_related("credited_to").first()
    if deal is None:
        return
    filings.undo_deal(deal=deal, reason=reason, by=by, now=at)
    if deal.credited_to is not None and deal.credited_to_id != by.pk:
        tell(
            person=deal.credited_to,
            kind=NoticeKind.CREDIT,
            key=f"undone:{deal.pk}",
            params={"returned_by": by.name, "order": order.number},
            path=reverse("desk:customer", args=[order.customer_id]),
            now=at,
        )


def undo_if_nothing_is_left(order: Order, *, reason: str, by: Person, at: datetime) -> None:
    """The last money of an order went back: no deal, unless a signature made it one (FIL-21)."""
    if read_sums(order).paid == Decimal(0) and order.signed_on is None:
        undo_deal(order, reason=reason, by=by, at=at)


def _deals(order: Order) -> QuerySet[Deal]:
    """The deal of an order, as far as it stands."""
    return Deal.objects.filter(order_no=order.number, undone_at=None)


def tell_whose(ruling: Ruling | None, order: Order, *, by: Person, at: datetime) -> None:
    """Whoever gets the credit of money that a colleague took hears of it at once."""
    if ruling is None or ruling.credited_to is None or ruling.credited_to_id == by.pk:
        return
    tell(
        person=ruling.credited_to,
        kind=NoticeKind.CREDIT,
        key=f"deal:{ruling.deal_id}",
        params={"by": by.name, "store": order.store.name, "order": order.number},
        path=reverse("desk:customer", args=[order.customer_id]),
        now=at,
    )
