"""Stores, people and leads for whoever takes deposits in a test."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from core.phones import normalise
from customers.models import Customer
from customers.states import ExpectedPurchase, Grade
from filings import services as filings
from filings.models import Filing
from orders.services import NewDeposit, take_deposit
from orders.states import Method
from staff.models import Person, Store
from staff.states import Role
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory

NOW = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
PHONE = "13800138000"
HOME = "杭州市余杭区翡翠城7幢1单元502室"
SECOND_HOME = "杭州市余杭区西溪里3幢2单元301室"


@dataclass(frozen=True)
class Stage:
    store: Store
    other: Store
    filer: Person
    closer: Person
    manager: Person


def stage() -> Stage:
    """Two stores of a region: who files works in one, who takes the deposit in the other."""
    region = RegionFactory(name="杭州", places="余杭、西湖")
    store, other = StoreFactory(region=region), StoreFactory(region=region)
    return Stage(
        store=store,
        other=other,
        filer=PersonFactory(store=store, role=Role.SALES_STORE),
        closer=PersonFactory(store=other, role=Role.SALES_STORE),
        manager=PersonFactory(store=other, role=Role.STORE_MANAGER),
    )


def customer_of(person: Person, *, now: datetime = NOW, phone: str = PHONE, **card) -> Customer:
    facts = {"address": HOME, "need": "沙发", "expected_purchase": ExpectedPurchase.MONTH}
    return CustomerFactory(owner=person, phone=phone, now=now, grade=Grade.B1, **facts | card)


def file(customer: Customer, person: Person, *, now: datetime | None = NOW, project=None) -> Filing:
    """File this customer; the answer may be a draft, or refused."""
    project = project or customer.projects.order_by("pk").first()
    lead = filings.Lead(project=project, acquired_at=now or customer.registered_at)
    return filings.file_lead(customer=customer, lead=lead, filer=person, by=person, now=now)


def filed(
    customer: Customer, person: Person, *, now: datetime | None = NOW, project=None
) -> Filing:
    """This customer, filed and admitted."""
    filing = file(customer, person, now=now, project=project)
    assert (filing.submitted_at is not None, filing.invalid) == (True, "")
    return filing


def deposit(by: Person, *, now=NOW + timedelta(days=2), key=None, **facts):
    said = {"phone": normalise(PHONE), "payer": "李先生", "amount": Decimal(5000),
            "method": Method.WECHAT, "address": HOME} | facts  # fmt: skip
    return take_deposit(taken=NewDeposit(**said), by=by, key=key or uuid4(), now=now)
