"""Taking a deposit: from a number, for whichever customer it is, with the credit decided at once.

In this order, in one transaction: hold the number; find or register the customer and hold them;
choose the project; write order and deposit; settle the lead; tell the filer. Before or after, never
between (FIL-37, FIL-41). Nothing else changes hands with it: no keeper, no access.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.addresses import key_of_address
from core.clock import database_now
from core.keyring import keyring
from core.phones import Phone
from core.refusals import Refused
from core.services import audit
from core.services.once import once
from customers.models import Customer, CustomerPhone, Project
from customers.services import register_customer
from customers.services.leads import hold_phones
from customers.states import Grade
from filings import services as filings
from filings.models import Deal, Protection, Ruling
from filings.services import TRADES_OF_HOMES
from followups import services as followups
from orders.models import Deposit, Order
from orders.states import Method
from staff.models import Person, Store
from staff.services.notices import tell
from staff.states import UNIT_MANAGER_ROLES, NoticeKind


class DepositNotTaken(Refused):
    """A deposit was not taken; nothing was written."""

    messages = {
        "store_missing": _("Whoever takes a deposit works in a store or a team."),
        "amount_missing": _("The amount is more than 0."),
        "which_home": _(
            "This customer has several homes. Type the address to which it is delivered."
        ),
        "address_missing": _(
            "This number is new to us. Type the address to which it is delivered: it shows whether "
            "somebody serves this home already."
        ),
        "number_taken": _("This order number belongs to another order. Check it, or leave it out."),
    }


@dataclass(frozen=True, kw_only=True)
class NewDeposit:
    """What was typed: who pays how much by which way, where it is delivered, on which order.

    Without `order_no` the order gets a number. `is_new_purchase` says in trades without homes that
    a further thing is bought (decision 1); in the others the address does.
    """

    phone: Phone
    payer: str
    amount: Decimal
    method: Method | str
    address: str = ""
    order_no: str = ""
    is_new_purchase: bool = False


@dataclass(frozen=True, kw_only=True)
class _Bought:
    """For which project of whom, and whether it was begun with this very deposit."""

    customer: Customer
    project: Project
    is_new: bool


@transaction.atomic
def take_deposit(
    *, taken: NewDeposit, by: Person, key: UUID, now: datetime | None = None
) -> Deposit:
    """Take a deposit for whoever has this number, and decide whose the sale is (FIL-21, FIL-41).

    `key` is the form's own id: sent twice, the same deposit comes back. Without `now` the
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
            return Deposit.objects.select_related("order").get(pk=form.result_id)

        customer, is_known = _customer(taken, store, by=by, now=now)
        at = now or database_now()
        is_new = taken.is_new_purchase and is_known
        bought = _bought(taken.address, customer, store, is_new=is_new, by=by, at=at)
        order = _order(taken, bought, store, by=by, at=at)
        deposit = Deposit.objects.create(
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


def _customer(
    taken: NewDeposit, store: Store, *, by: Person, now: datetime | None
) -> tuple[Customer, bool]:
    """The customer of this number, held, and whether we knew them; else they are the closer's."""
    hold_phones([taken.phone])
    key = keyring().index(taken.phone.e164)
    known = CustomerPhone.objects.filter(key=key).select_related("customer").first()
    if known is not None:
        return followups.hold_one(known.customer), True
    if store.trade in TRADES_OF_HOMES and not taken.address.strip():
        raise DepositNotTaken.because("address_missing")
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
    return followups.hold_one(registered), False


def _bought(
    address: str, customer: Customer, store: Store, *, is_new: bool, by: Person, at: datetime
) -> _Bought:
    """For which project it is (decision 1): the only one, the one of this address, or a new one.

    Raises DepositNotTaken where several homes are known and no address says which.
    """
    projects = list(Project.objects.filter(customer=customer, joined_to=None).order_by("pk"))
    if is_new or not projects:
        return _begun(address, customer, by=by, at=at)
    if store.trade not in TRADES_OF_HOMES:
        return _Bought(customer=customer, project=projects[-1], is_new=False)
    if not address and len(projects) > 1:
        raise DepositNotTaken.because("which_home")
    found = _home_of(address, projects, customer, at=at)
    if found is None:
        return _begun(address, customer, by=by, at=at)
    return _Bought(customer=customer, project=found, is_new=False)


def _home_of(
    address: str, projects: list[Project], customer: Customer, *, at: datetime
) -> Project | None:
    """The project of this address; the only one takes the address where it had none."""
    first = projects[0]
    if not address:
        return first
    key = key_of_address(address)
    same = [one for one in projects if key == (one.address_key or customer.address_key)]
    if same:
        return _held_first(same, at=at)
    if len(projects) > 1 or first.address_key or customer.address_key:
        return None
    Project.objects.filter(pk=first.pk).update(address=address, address_key=key)
    first.refresh_from_db()
    return first


def _held_first(same: list[Project], *, at: datetime) -> Project:
    """Of several projects of one home the one that is protected, or sold; else the oldest."""
    protected = Protection.objects.filter(
        project__in=same, withdrawn=False, during__contains=at
    ).values_list("project", flat=True)
    sold = Deal.objects.filter(project__in=same, undone_at=None).values_list("project", flat=True)
    for chosen in (set(protected), set(sold)) if len(same) > 1 else ():
        if found := [one for one in same if one.pk in chosen]:
            return found[0]
    return same[0]


def _begun(address: str, customer: Customer, *, by: Person, at: datetime) -> _Bought:
    """A project of its own (FIL-33); a person looks at it where another holds a lead."""
    project = Project.objects.create(
        customer=customer,
        address=address,
        address_key=key_of_address(address),
        opened_at=at,
        opened_by=by,
    )
    return _Bought(customer=customer, project=project, is_new=True)


def _order(taken: NewDeposit, bought: _Bought, store: Store, *, by: Person, at: datetime) -> Order:
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
    order: Order, bought: _Bought, store: Store, *, by: Person, at: datetime
) -> Ruling | None:
    """Decide whose the sale is: with the first deposit that makes the deal of this order."""
    if Deal.objects.filter(order_no=order.number, undone_at=None).exists():
        return None
    standing = Deposit.objects.filter(order=order, returned_at=None)
    sale = filings.Sale(
        customer=bought.customer,
        project=bought.project,
        closer=by,
        store=store,
        amount=standing.aggregate(paid=Sum("amount"))["paid"],
        order_no=order.number,
        is_new_project=bought.is_new,
        is_agreed_by_manager=by.role in UNIT_MANAGER_ROLES,
    )
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
