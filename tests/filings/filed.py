"""Customers that are filed, through the services, at a time that is given."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from core.phones import normalise
from customers.models import Contact, Customer
from customers.rules import NextStep
from customers.services import record_contact, register_customer
from customers.states import Channel, ExpectedPurchase, Grade, NextKind, Outcome, Reason
from filings import services
from filings.models import Filing, Policy
from filings.services import Sale
from staff.models import Person
from staff.states import Role, StoreKind, Trade
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.filings.held import file

# None of these is a number that people type where they have none, as 13612345678 is.
_numbers = count(13_612_346_001)
ADDRESS = "杭州市余杭区良渚街道金地小区3幢2单元{}室"


def began_long_ago() -> None:
    """Leads are filed since 2000: what was known since makes who files late (FIL-26)."""
    Policy.objects.update(set_at=datetime(2000, 1, 1, tzinfo=UTC))


def people() -> dict[str, Person]:
    """A salesperson of a store, a colleague there, one of a field team, and operations.

    They have filed leads since long ago, not since the test database was made.
    """
    began_long_ago()
    region = RegionFactory(name="杭州", places="杭州、余杭")
    store = StoreFactory(trade=Trade.FURNITURE, region=region)
    team = StoreFactory(trade=Trade.FURNITURE, region=region, kind=StoreKind.FIELD_TEAM)
    return {
        "store": PersonFactory(role=Role.SALES_STORE, store=store),
        "colleague": PersonFactory(role=Role.SALES_STORE, store=store),
        "other": PersonFactory(role=Role.SALES_STORE, store=store),
        "field": PersonFactory(role=Role.SALES_FIELD, store=team),
        "ops": PersonFactory(role=Role.OPS_MANAGER, store=None),
    }


def customer_of(person: Person, *, now: datetime, **facts) -> Customer:
    """A card with all that a filing needs."""
    number = next(_numbers)
    return register_customer(
        name="张敏", phones=[normalise(str(number))], store=person.store, owner=person,
        grade=facts.pop("grade", Grade.B1), by=person, now=now, need="沙发",
        address=ADDRESS.format(100 + number % 900),
        expected_purchase=ExpectedPurchase.MONTH, **facts,
    )  # fmt: skip


def filed(person: Person, *, now: datetime, **facts) -> Filing:
    """A customer of this person, registered and filed at this moment."""
    filing = file(customer_of(person, now=now, **facts), person, now=now)
    found = (filing.submitted_at, filing.invalid)
    assert found == (now, ""), found
    return filing


def reach(
    filing: Filing, person: Person, *, now: datetime, occurred_at: datetime | None = None, **said
) -> Contact:
    """This person calls the customer, and is heard by the filing."""
    customer = Customer.objects.select_related("store", "owner").get(pk=filing.customer_id)
    today: date = customer.store.today(now)
    contact = record_contact(
        customer=customer, channel=Channel.CALL, outcome=Outcome.CONNECTED, by=person, now=now,
        today=today, reason=Reason.OTHER, occurred_at=occurred_at,
        next_step=NextStep(kind=NextKind.CALL, on=today + timedelta(days=3)), **said,
    )  # fmt: skip
    services.extend_protection(contact=contact)
    return contact


def sell(filing: Filing, person: Person, *, now: datetime, order_no: str = ""):
    """This person takes a deposit for the filing's project."""
    filing.refresh_from_db()
    sale = Sale(customer=filing.customer, project=filing.project, closer=person,
                store=person.store, order_no=order_no)  # fmt: skip
    return services.settle(sale, by=person, now=now)
