"""Taking a deposit: from a number, for whichever customer it is, with the credit decided at once.

In this order, in one transaction: hold the number; find or register the customer and hold them;
choose the project; write order and deposit; settle the lead; tell the filer. Before or after, never
between (FIL-37, FIL-41). Nothing else changes hands with it: no keeper, no access.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.urls import reverse

from core.clock import database_now
from core.services import audit
from core.services.once import once
from customers.models import Project
from customers.services import register_customer
from customers.services.leads import hold_phones
from customers.states import Grade
from filings import services as filings
from filings.models import Deal, Ruling
from followups import services as followups
from orders.models import Order, Payment
from orders.services.foreseeing import (
    Bought,
    DepositNotTaken,
    Home,
    NewDeposit,
    customer_of,
    foresee,
    home_of,
    sale_of,
)
from staff.models import Person, Store
from staff.services.notices import tell
from staff.states import NoticeKind


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
    database's clock is read under the lock. Raises DepositNotTaken, CustomerNotRegistered and
    DealNotMade.
    """
    if (store := by.store) is None:
        raise DepositNotTaken.because("store_missing")
    if taken.amount <= 0:
        raise DepositNotTaken.because("amount_missing")
    content = "\n".join([taken.phone.e164, str(taken.amount), taken.order_no, taken.address])
    with once(key=key, purpose="deposit", by=by, content=content) as form:
        if form.result_id:
            return Payment.objects.select_related("order").get(pk=form.result_id)

        hold_phones([taken.phone])
        known = customer_of(taken.phone)
        held = followups.hold_one(known) if known is not None else None
        at = now or database_now()
        home = home_of(taken, held, by=by, at=at)
        if expected is not None and foresee(taken, home, by=by, now=at) != expected:
            raise DepositNotTaken.because("look_first")
        bought = _bought(taken, home, store, by=by, now=now)
        customer = bought.customer
        order = _order(taken, bought, store, by=by, at=at)
        deposit = Payment.objects.create(
            order=order,
            payer=taken.payer,
            amount=taken.amount,
            method=taken.method,
            taken_at=at,
            taken_by=by,
            key=key,
        )

        ruling = _settle(order, bought, store, by=by, at=at)

        audit.record(verb="take_deposit", of=deposit, by=by, order=order.pk, customer=customer.pk)
        _tell_whose(ruling, order, by=by, at=at)
        followups.touch_and_ask(customers=[customer.pk], now=at)
        form.result_id = deposit.pk
    return deposit


def _bought(
    taken: NewDeposit, home: Home, store: Store, *, by: Person, now: datetime | None
) -> Bought:
    """Who buys, held, and for which project: registered, begun or addressed where it is new."""
    customer, project = home.customer, home.project
    if customer.pk is None:
        registered = register_customer(
            name=taken.payer,
            phones=[taken.phone],
            store=store,
            owner=by,
            grade=Grade.A,
            by=by,
            now=now or database_now(),
            address=taken.address,
        )
        customer = followups.hold_one(registered)
        project = Project.objects.get(customer=customer)
    elif project.pk is None:
        project = Project.objects.create(
            customer=customer,
            address=project.address,
            address_key=project.address_key,
            opened_at=now or database_now(),
            opened_by=by,
        )
    elif home.takes_address:
        Project.objects.filter(pk=project.pk).update(
            address=project.address, address_key=project.address_key
        )
    return Bought(customer=customer, project=project, is_new=home.is_new)


def _order(taken: NewDeposit, bought: Bought, store: Store, *, by: Person, at: datetime) -> Order:
    """The order of this number, where it is this customer's in this store; else a new one."""
    if taken.order_no:
        known = Order.objects.filter(number=taken.order_no).first()
        if known is not None:
            said = (known.customer_id, known.project_id, known.store_id)
            if said != (bought.customer.pk, bought.project.pk, store.pk):
                raise DepositNotTaken.because("number_taken")
            return known
    pk = _next_order()
    number = taken.order_no or f"DD-{at.astimezone(store.tzinfo):%y%m}-{pk:06d}"
    try:
        with transaction.atomic():
            return Order.objects.create(
                pk=pk,
                number=number,
                ordered_on=store.today(at),
                customer=bought.customer,
                project=bought.project,
                store=store,
                seller=by,
                made_at=at,
            )
    except IntegrityError as error:
        raise DepositNotTaken.because("number_taken") from error


def _next_order() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('orders_order', 'id'))")
        return cursor.fetchone()[0]


def _settle(
    order: Order, bought: Bought, store: Store, *, by: Person, at: datetime
) -> Ruling | None:
    """Decide whose the sale is: with the first deposit that makes the deal of this order."""
    if Deal.objects.filter(order_no=order.number, undone_at=None).exists():
        return None
    standing = Payment.objects.filter(order=order, returned_at=None)
    amount = standing.aggregate(paid=Sum("amount"))["paid"]
    sale = sale_of(bought, by=by, order_no=order.number, amount=amount)
    return filings.settle(sale, by=by, now=at)


def _tell_whose(ruling: Ruling | None, order: Order, *, by: Person, at: datetime) -> None:
    """Whoever gets the credit of a deposit that a colleague took hears of it at once."""
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
