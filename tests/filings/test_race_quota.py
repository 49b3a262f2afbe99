"""Fifty filings of one salesperson at once never exceed the month's slots (C02, FIL-24).

The guard is the lock on the filer; its control takes the lock away, and the quota is passed.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from core.phones import normalise
from customers.services import register_customer
from customers.states import ExpectedPurchase, Grade
from filings.models import Filing, Policy
from filings.services import Lead, file_lead
from filings.states import Invalid
from staff.models import Person
from staff.states import Role, StoreKind
from tests.factories.staff import PersonFactory, StoreFactory

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 24
SLOTS = 5


@pytest.fixture
def filer():
    Policy.objects.filter(trade="furniture").update(field_quota=SLOTS)
    return PersonFactory(role=Role.SALES_FIELD, store=StoreFactory(kind=StoreKind.FIELD_TEAM))


@pytest.fixture
def leads(filer):
    """A customer for each of the filings, nobody's yet."""
    now = timezone.now() - timedelta(minutes=5)
    found = []
    for index in range(AT_ONCE):
        customer = register_customer(
            name="客户", phones=[normalise(f"1381357{index + 2468}")], store=filer.store,
            owner=None, grade=Grade.B1, by=filer, now=now, need="沙发",
            address=f"郑州市金水区绿城百合{index + 1}幢1单元101室",
            expected_purchase=ExpectedPurchase.MONTH,
        )  # fmt: skip
        found.append((customer, Lead(project=customer.projects.get(), acquired_at=now)))
    return found


def file_all_at_once(filer, leads) -> list[str]:
    barrier = Barrier(len(leads))

    def act(lead) -> str:
        person = Person.objects.select_related("store").get(pk=filer.pk)
        barrier.wait()
        try:
            return file_lead(customer=lead[0], lead=lead[1], filer=person, by=person).invalid
        finally:
            connection.close()

    with ThreadPoolExecutor(len(leads)) as pool:
        return list(pool.map(act, leads))


def admitted(filer) -> int:
    return Filing.objects.filter(filer=filer, submitted_at__isnull=False, invalid="").count()


def test_fifty_filings_at_once_never_exceed_the_quota(filer, leads):
    answers = file_all_at_once(filer, leads)
    assert sorted(answers) == [""] * SLOTS + [Invalid.OVER_QUOTA] * (AT_ONCE - SLOTS)
    assert admitted(filer) == SLOTS


def test_without_the_lock_on_the_filer_the_quota_is_passed(filer, leads, monkeypatch):
    """The control: the same race, each reading the slots before the others have written."""
    together = Barrier(AT_ONCE)
    from filings.services import filing as service

    counted = service.slots_of

    def counting(*args, **kwargs):
        slots = counted(*args, **kwargs)
        together.wait(timeout=30)
        return slots

    monkeypatch.setattr(service, "slots_of", counting)
    monkeypatch.setattr(service, "_hold_filers", lambda filers: None)
    file_all_at_once(filer, leads)
    assert admitted(filer) > SLOTS
