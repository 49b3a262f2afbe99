"""Many filings of one salesperson at once never exceed the month's slots (C02, FIL-24).

The guard is the lock on the filer; its control takes the lock away, and the quota is passed.
"""

from collections import Counter
from datetime import timedelta
from threading import Barrier

import pytest
from django.utils import timezone

from core.phones import normalise
from customers.services import register_customer
from customers.states import ExpectedPurchase, Grade
from filings.models import Filing, Policy
from filings.services import Lead, facts, file_lead
from filings.services import filing as service
from filings.states import Invalid
from staff.models import Person
from staff.states import Role, StoreKind
from tests.factories.staff import PersonFactory, StoreFactory
from tests.racing import IS_PROVING, race, say

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 50 if IS_PROVING else 24  # fifty are the promise
SLOTS = 20
USED = 6


@pytest.fixture
def filer():
    assert Policy.objects.get(trade="furniture").field_quota == SLOTS
    return PersonFactory(role=Role.SALES_FIELD, store=StoreFactory(kind=StoreKind.FIELD_TEAM))


def leads_of(filer, count):
    """A customer for each of the filings at once, nobody's yet; six slots are used."""
    now = timezone.now() - timedelta(minutes=5)
    found = []
    for index in range(count + USED):
        customer = register_customer(
            name="客户", phones=[normalise(f"1381357{index + 2468}")], store=filer.store,
            owner=None, grade=Grade.B1, by=filer, now=now, need="沙发",
            address=f"郑州市金水区绿城百合{index + 1}幢1单元101室",
            expected_purchase=ExpectedPurchase.MONTH,
        )  # fmt: skip
        found.append((customer, Lead(project=customer.projects.get(), acquired_at=now)))
    for customer, lead in found[:USED]:
        file_lead(customer=customer, lead=lead, filer=filer, by=filer)
    assert admitted(filer) == USED
    return found[USED:]


def file_all_at_once(filer, leads):
    def filing(customer, lead):
        # Each device has read who signed in.
        person = Person.objects.select_related("store").get(pk=filer.pk)
        return lambda: file_lead(customer=customer, lead=lead, filer=person, by=person).invalid

    return race([filing(customer, lead) for customer, lead in leads])


def admitted(filer) -> int:
    return Filing.objects.filter(filer=filer, submitted_at__isnull=False, invalid="").count()


def test_many_filings_at_once_never_exceed_the_quota(filer, capsys):
    raced, free = file_all_at_once(filer, leads_of(filer, AT_ONCE)), SLOTS - USED
    found = Counter(raced.answers)
    say(
        capsys, "filings of one salesperson at once", filings=AT_ONCE, admitted=found[""],
        free=free, refused=found[Invalid.OVER_QUOTA], deadlocks=raced.deadlocks,
        tried_again=dict(raced.busy), seconds=round(raced.seconds, 1),
    )  # fmt: skip
    assert found == {"": free, Invalid.OVER_QUOTA: AT_ONCE - free}
    assert admitted(filer) == SLOTS
    assert raced.deadlocks == 0


def test_without_the_lock_on_the_filer_the_quota_is_passed(filer, monkeypatch):
    """The control: a race for the same slots, each read before the others have written."""
    leads = leads_of(filer, SLOTS - USED + 1)
    counted_by_all, count = Barrier(len(leads)), facts.slots_of

    def count_with_the_others(*args, **kwargs):
        slots = count(*args, **kwargs)
        counted_by_all.wait(timeout=30)
        return slots

    monkeypatch.setattr(facts, "slots_of", count_with_the_others)
    monkeypatch.setattr(service, "hold_filers", lambda filers: None)
    file_all_at_once(filer, leads)
    assert admitted(filer) == USED + len(leads) > SLOTS
