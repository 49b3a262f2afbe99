"""The deal of an order: settled with the first money that makes one, undone with the last."""

from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse

from customers.models import Project
from filings import services as filings
from filings.models import Deal, Ruling
from orders.models import Order
from orders.services.holding import read_sums
from staff.models import Person
from staff.services.notices import tell
from staff.states import UNIT_MANAGER_ROLES, NoticeKind


def settle_deal(order: Order, *, by: Person, at: datetime) -> Ruling | None:
    """Decide whose the sale of a held order is, where nobody has yet (FIL-21, FIL-41).

    The seller's, unless somebody filed the customer. None where there is a deal, or too little was
    paid for one.
    """
    if order.project is None or _deals(order).exists():
        return None
    read_sums(order)
    sale = filings.Sale(
        customer=order.customer,
        project=order.project,
        closer=order.seller,
        store=order.store,
        amount=order.paid,
        order_no=order.number,
        is_new_project=_has_begun_its_project(order),
        is_agreed_by_manager=by.role in UNIT_MANAGER_ROLES,
    )
    ruling = filings.settle(sale, by=by, now=at)
    tell_whose(ruling, order, by=by, at=at)
    return ruling


def _has_begun_its_project(order: Order) -> bool:
    """Whether a further project of the customer began with this very order: operations look at
    it with the deal (FIL-33).
    """
    project = order.project
    if project is None or project.opened_at != order.made_at:
        return False
    return Project.objects.filter(customer=order.customer_id, pk__lt=project.pk).exists()


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
