"""Taking a deposit: from a number, for whichever customer it is, with the credit decided at once.

In this order, in one transaction: hold the number; find or register the customer and hold them;
choose the project; write order and deposit; settle the lead; tell the filer. Before or after, never
between (FIL-37, FIL-41). Nothing else changes hands with it: no keeper, no access.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from core.clock import database_now
from core.services import audit
from core.services.once import once
from orders.models import Order, Payment
from orders.services.buying import bought, open_order
from orders.services.following import follow_money
from orders.services.foreseeing import (
    Bought,
    NewDeposit,
    SaleNotMade,
    foresee,
    hold_buyer,
    home_of,
    sale_of,
)
from orders.services.holding import hold_order
from orders.services.payments import write_payment
from orders.services.settling import settle_sale
from staff.models import Person, Store


@transaction.atomic
def take_deposit(
    *,
    taken: NewDeposit,
    by: Person,
    key: UUID,
    expected: str | None = None,
    now: datetime | None = None,
) -> Payment:
    """Take a deposit for whoever has this number, and decide whose the sale is (FIL-21, FIL-41).

    `key` is the form's own id: sent twice, the same deposit comes back. `expected` is the answer
    that was read before the button; where it is true no more, nothing is taken. Without `now` the
    database's clock is read under the lock. Raises SaleNotMade, CustomerNotRegistered and
    DealNotMade.
    """
    if (store := by.store) is None:
        raise SaleNotMade.because("store_missing")
    if taken.amount <= 0:
        raise SaleNotMade.because("amount_missing")
    content = "\n".join([taken.phone.e164, str(taken.amount), taken.order_no, taken.address])
    with once(key=key, purpose="deposit", by=by, content=content) as form:
        if form.result_id:
            return Payment.objects.select_related("order").get(pk=form.result_id)

        held = hold_buyer(taken)
        at = now or database_now()
        home = home_of(taken, held, by=by, at=at)
        if expected is not None and foresee(taken, home, by=by, now=at) != expected:
            raise SaleNotMade.because("look_first")
        sold = bought(taken, home, store, name=taken.payer, by=by, at=at)
        customer = sold.customer
        order = _order(taken, sold, store, by=by, at=at)
        deposit = write_payment(order, taken.payment(), by=by, at=at, key=key)

        _settle(order, sold, by=by, at=at)

        audit.record(verb="take_deposit", of=deposit, by=by, order=order.pk, customer=customer.pk)
        follow_money(order, now=at)
        form.result_id = deposit.pk
    return deposit


def _order(taken: NewDeposit, bought: Bought, store: Store, *, by: Person, at: datetime) -> Order:
    """The order of this number, where it is this customer's in this store; else a new one."""
    if taken.order_no:
        known = Order.objects.filter(number=taken.order_no).first()
        if known is not None:
            said = (known.customer_id, known.project_id, known.store_id)
            if said != (bought.customer.pk, bought.project.pk, store.pk):
                raise SaleNotMade.because("number_taken")
            return hold_order(known)
    return open_order(bought, store, by=by, at=at, number=taken.order_no, buyer=taken.payer)


def _settle(order: Order, bought: Bought, *, by: Person, at: datetime) -> None:
    """With the first deposit that makes the deal of this order, its credit is decided."""
    standing = Payment.objects.filter(order=order, returned_at=None)
    amount = standing.aggregate(paid=Sum("amount"))["paid"]
    sale = sale_of(bought, by=by, order_no=order.number, amount=amount)
    settle_sale(order, sale, by=by, at=at)
