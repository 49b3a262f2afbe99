"""A customer whom nobody keeps goes to whoever holds the protected lead (decision 1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Access, Customer
from desk.services.adopting import give_to_holders
from filings.models import Dispute, Filing
from filings.states import DisputeKind
from staff.models import Person
from staff.states import StoreKind, Trade
from tests.factories.staff import PersonFactory, StoreFactory
from tests.filings.held import filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def filing():
    store = StoreFactory(trade=Trade.FURNITURE, kind=StoreKind.STORE)
    return filed(PersonFactory(store=store), days_ago=1)


def _keeper(filing) -> Person | None:
    return Customer.objects.get(pk=filing.customer_id).owner


def test_it_goes_to_the_holder(filing):
    Customer.objects.filter(pk=filing.customer_id).update(owner=None)
    assert give_to_holders(now=timezone.now()) == 1
    assert _keeper(filing) == filing.holder
    assert give_to_holders(now=timezone.now()) == 0


def test_it_goes_from_a_leaver_to_the_holder_who_had_access_until_then(filing):
    leaver = PersonFactory(store=filing.store)
    Customer.objects.filter(pk=filing.customer_id).update(owner=leaver)
    Access.objects.create(customer_id=filing.customer_id, person=filing.holder)
    assert give_to_holders(now=timezone.now()) == 0
    Person.objects.filter(pk=leaver.pk).update(is_active=False)
    assert give_to_holders(now=timezone.now()) == 1
    assert _keeper(filing) == filing.holder
    assert not Access.objects.filter(customer_id=filing.customer_id).exists()


def test_a_lead_that_protects_no_more_gives_nothing(filing):
    Customer.objects.filter(pk=filing.customer_id).update(owner=None)
    assert give_to_holders(now=timezone.now() + timedelta(days=30)) == 0
    assert _keeper(filing) is None


def test_a_holder_who_left_gets_nobody(filing):
    Customer.objects.filter(pk=filing.customer_id).update(owner=None)
    Person.objects.filter(pk=filing.holder_id).update(is_active=False)
    assert give_to_holders(now=timezone.now()) == 0


def test_a_further_project_gives_nobody_before_operations_have_looked(filing):
    Customer.objects.filter(pk=filing.customer_id).update(owner=None)
    question = Dispute.objects.create(
        kind=DisputeKind.NEW_PROJECT, customer=filing.customer, project=filing.project,
        opened_at=timezone.now(),
    )  # fmt: skip
    Filing.objects.filter(pk=filing.pk).update(is_new_project=True)
    assert give_to_holders(now=timezone.now()) == 0
    question.delete()
    assert give_to_holders(now=timezone.now()) == 1


def test_it_asks_as_much_for_many_as_for_none(filing, django_assert_num_queries):
    with django_assert_num_queries(1):
        give_to_holders(now=timezone.now())
