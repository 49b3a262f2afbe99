"""For whom and for which home somebody sells, and whose the credit will be: read before it is done.

The same choice of the home, and the same reckoning (`filings.propose`), as taking a deposit,
placing an order and signing it.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.addresses import key_of_address
from core.keyring import keyring
from core.phones import Phone
from core.refusals import Refused
from customers.models import Customer, CustomerPhone, Project
from customers.services.identity import suspects_of_typed
from customers.services.leads import hold_phones
from filings import services as filings
from filings.models import Deal, Protection, Ruling
from filings.queries import looked_up
from filings.services import TRADES_OF_HOMES, DealNotMade
from filings.services.rulings import Ruled
from filings.states import DealKind, LookUp
from followups import services as followups
from orders.models import Order
from orders.services.payments import NewBill, NewPayment
from orders.services.settling import has_deal, is_as_new, sale_of_order
from orders.states import Method, PaymentKind, Whose
from staff.models import Person
from staff.states import UNIT_MANAGER_ROLES


class SaleNotMade(Refused):
    """A deposit was not taken, an order not placed or not signed; nothing was written."""

    messages = {
        "store_missing": _("Whoever sells works in a store or a team."),
        "amount_missing": _("The amount is more than 0."),
        "which_home": _(
            "This customer has several homes. Type the address to which it is delivered."
        ),
        "address_missing": _(
            "Type the address to which it is delivered: it shows whether somebody serves this home "
            "already."
        ),
        "look_first": _("Read whose the credit is first."),
        "phone_missing": _("Enter a phone number."),
        "number_taken": _("This order number belongs to another order. Check it, or leave it out."),
    }


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody sells says of whom and where: a number, an address, an order.

    `phone` None: the `customer` is known without it, to somebody who sees the card. Without
    `order_no` the order gets a number.
    `is_new_purchase` says in trades without homes that a further thing is bought (decision 1); in
    the others the address does.
    """

    phone: Phone | None
    customer: Customer | None = None
    address: str = ""
    order_no: str = ""
    is_new_purchase: bool = False


@dataclass(frozen=True, kw_only=True)
class NewDeposit(Wanted):
    """What was typed: who pays how much by which way, where it is delivered, on which order."""

    phone: Phone
    payer: str
    amount: Decimal
    method: Method | str
    bill: NewBill | None = None

    def payment(self) -> NewPayment:
        """The money alone, as any other of an order."""
        return NewPayment(
            amount=self.amount,
            method=self.method,
            payer=self.payer,
            kind=PaymentKind.DEPOSIT,
            bill=self.bill,
        )


@dataclass(frozen=True, kw_only=True)
class Bought:
    """For which project of whom, and whether it was begun with this very sale."""

    customer: Customer
    project: Project
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class Home(Bought):
    """The same before anything is written: rows without a key are not there yet.

    `takes_address`: the only project has no address and takes the one that was typed.
    """

    takes_address: bool = False


def customer_of(phone: Phone) -> Customer | None:
    """Whose number this is."""
    rows = CustomerPhone.objects.filter(key=keyring().index(phone.e164))
    known = rows.select_related("customer__store").first()
    return known.customer if known else None


def hold_buyer(wanted: Wanted) -> Customer | None:
    """The customer who is known, or whose number this is, held; None for somebody new.

    From here on nobody else registers the number. Raises SaleNotMade.
    """
    if wanted.customer is not None:
        return followups.hold_one(wanted.customer)
    if wanted.phone is None:
        raise SaleNotMade.because("phone_missing")
    hold_phones([wanted.phone])
    known = customer_of(wanted.phone)
    return followups.hold_one(known) if known is not None else None


def said_of_buyer(wanted: Wanted) -> str:
    """What makes two sendings of one form about the same customer."""
    if wanted.customer is not None:
        return f"customer {wanted.customer.pk}"
    return wanted.phone.e164 if wanted.phone is not None else ""


def home_of(taken: Wanted, known: Customer | None, *, by: Person, at: datetime) -> Home:
    """For which project it is (decision 1): the only one, the one of this address, or a new one.

    Raises SaleNotMade where an address has to say which.
    """
    if (store := by.store) is None:
        raise SaleNotMade.because("store_missing")
    address, key = taken.address, key_of_address(taken.address)
    if store.trade in TRADES_OF_HOMES and not address and _is_free(known, by=by, at=at):
        raise SaleNotMade.because("address_missing")
    begun = Project(address=address, address_key=key, opened_at=at, opened_by=by)
    if known is None:
        card = Customer(store=store, owner=by, address=address, address_key=key)
        begun.customer = card
        return Home(customer=card, project=begun, is_new=False)
    begun.customer = known
    projects = list(Project.objects.filter(customer=known, joined_to=None).order_by("pk"))
    if taken.is_new_purchase or not projects:
        return Home(customer=known, project=begun, is_new=True)
    if store.trade not in TRADES_OF_HOMES:
        return _as_it_is(known, projects[-1])
    if not address and len(projects) > 1:
        raise SaleNotMade.because("which_home")
    same = [one for one in projects if key == (one.address_key or known.address_key)]
    if not address or same:
        chosen = _held_first(same, at=at) if address else projects[0]
        return _as_it_is(known, chosen)
    only = projects[0]
    if len(projects) > 1 or only.address_key or known.address_key:
        return Home(customer=known, project=begun, is_new=True)
    only.address, only.address_key = address, key
    return Home(customer=known, project=only, is_new=False, takes_address=True)


def _as_it_is(known: Customer, project: Project) -> Home:
    """A project that is there already."""
    return Home(customer=known, project=project, is_new=is_as_new(known, project))


def _is_free(known: Customer | None, *, by: Person, at: datetime) -> bool:
    """Whether this number is free to whoever asks: a card that nobody filed and that is not
    theirs reads like none at all (decision 4).
    """
    if known is None:
        return True
    if known.owner_id == by.pk or by.store is None:
        return False
    is_filing = filings.files_leads(by.store, now=at)
    found = looked_up(known, by=by, acting=[by.pk], is_filing=is_filing, now=at)
    return found == LookUp.FREE


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


def sale_of(
    bought: Bought,
    *,
    by: Person,
    order_no: str,
    amount: Decimal | None = None,
    suspects: frozenset[int] | None = None,
) -> filings.Sale:
    """The sale of whoever takes the deposit, as far as leads are concerned."""
    if by.store is None:
        raise SaleNotMade.because("store_missing")
    return filings.Sale(
        customer=bought.customer,
        project=bought.project,
        closer=by,
        store=by.store,
        amount=amount,
        order_no=order_no,
        is_new_project=bought.is_new,
        is_agreed_by_manager=by.role in UNIT_MANAGER_ROLES,
        suspects=suspects,
    )


def foresee(taken: Wanted, home: Home, *, by: Person, now: datetime) -> Whose:
    """Whose the credit is if this is sold now: what the settlement will say.

    A deposit that is too small to settle is decided with the rest of it, in the same way.
    """
    if (ruling := _ruling_of_order(taken, home, by=by)) is not None:
        return _whose(ruling, by=by)
    suspects = None
    if home.customer.pk is None and taken.phone is not None:
        suspects = suspects_of_typed(phone=taken.phone, address=taken.address)
    sale = sale_of(home, by=by, order_no=taken.order_no, suspects=suspects)
    try:
        proposal = filings.propose(sale, now=now)
    except DealNotMade:
        return Whose.REFUSED
    return _whose(proposal.ruled(), by=by)


def foresee_signing(order: Order, *, by: Person, now: datetime) -> Whose | None:
    """Whose the credit is if this order is signed now; None where it is settled already."""
    if has_deal(order):
        return None
    sale = sale_of_order(order, by=by, kind=DealKind.SIGNED)
    if sale is None:
        return Whose.ADDRESS
    try:
        proposal = filings.propose(sale, now=now)
    except DealNotMade:
        return Whose.REFUSED
    return _whose(proposal.ruled(), by=by)


def _ruling_of_order(taken: Wanted, home: Home, *, by: Person) -> Ruling | None:
    """What was ruled of this very order: a further deposit on it is no further deal."""
    own = Order.objects.filter(
        number=taken.order_no, customer=home.customer.pk, project=home.project.pk, store=by.store
    )
    if not taken.order_no or not own.exists():
        return None
    deals = Deal.objects.filter(order_no=taken.order_no, undone_at=None)
    return Ruling.objects.filter(deal__in=deals).order_by("-pk").first()


def _whose(ruled: Ruled | Ruling, *, by: Person) -> Whose:
    """What a ruling says to whoever takes the deposit."""
    if ruled.shares:
        return Whose.SHARED
    if ruled.credited_to_id is None:
        return Whose.HOME if ruled.is_home_region else Whose.RULED
    if ruled.credited_to_id == by.pk:
        return Whose.YOURS
    return Whose.FILER if ruled.filing_id is not None else Whose.COLLEAGUE


def foreseen(taken: Wanted, known: Customer | None, *, by: Person, now: datetime) -> Whose:
    """The same for a page: what cannot be said before an address is typed says so."""
    try:
        return foresee(taken, home_of(taken, known, by=by, at=now), by=by, now=now)
    except SaleNotMade as refusal:
        if "store_missing" in refusal.codes:
            raise
        return Whose.ADDRESS
