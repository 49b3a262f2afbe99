"""Deposits while others file, hand over or take deposits: real connections, one order of events."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from core.phones import normalise
from core.refusals import Refused
from customers.models import Customer
from filings import services as filings
from filings.models import Deal, Filing, FilingEvent, Ruling
from filings.states import EventKind, Invalid
from orders.services import NewDeposit, take_deposit
from orders.states import Method
from staff.states import Role
from tests.desk.test_merging_races import together
from tests.factories.staff import PersonFactory
from tests.orders.stage import HOME, PHONE, customer_of, deposit, file, filed, stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return stage()


def known(cast):
    return customer_of(cast.filer, now=timezone.now() - timedelta(hours=1))


def test_two_deposits_at_once_are_one_customer_and_one_credit(cast):
    done = together([lambda: deposit(cast.closer, now=None), lambda: deposit(cast.filer, now=None)])
    assert not [one for one in done if isinstance(one, Exception)]
    assert Customer.objects.count() == 1
    first, second = Deal.objects.order_by("at", "pk")
    assert first.credited_to == second.credited_to == first.closer
    assert next(ruling.previous_id for ruling in Ruling.objects.order_by("pk")) is None


def test_one_form_sent_ten_times_at_once_is_one_deposit(cast):
    key = uuid4()
    done = together([lambda: deposit(cast.closer, key=key, now=None)] * 10)
    assert len({one.pk for one in done}) == 1
    assert (Deal.objects.count(), Ruling.objects.count()) == (1, 1)


def test_one_form_sent_eight_times_at_once_is_one_receipt_whatever_its_answer_is_by_then(cast):
    """The first sending makes the number known: what the others have seen is true no more."""
    key = uuid4()
    said = NewDeposit(phone=normalise(PHONE), payer="李先生", amount=Decimal(5000),
                      method=Method.WECHAT, address=HOME)  # fmt: skip
    done = together(
        [lambda: take_deposit(taken=said, by=cast.closer, key=key, expected="yours")] * 8
    )
    assert len({one.pk for one in done}) == 1
    with pytest.raises(Refused):
        take_deposit(taken=said, by=cast.filer, key=uuid4(), expected="yours")


def test_a_deposit_while_the_filing_changes_hands_credits_the_holder_at_commit(cast):
    filing = filed(known(cast), cast.filer, now=None)
    colleague = PersonFactory(store=cast.store, role=Role.SALES_STORE)

    def hand_over():
        return filings.hand_over(filing=filing, holder=colleague, reason="调岗", by=cast.manager)

    done = together([hand_over, lambda: deposit(cast.closer, now=None)])
    assert not [one for one in done if isinstance(one, Exception)]
    order = [row.kind for row in FilingEvent.objects.order_by("pk")]
    was_first = order.index(EventKind.HANDED_OVER) < order.index(EventKind.DEALT)
    assert Ruling.objects.get().credited_to == (colleague if was_first else cast.filer)


def test_a_deposit_against_a_filing_at_the_same_instant_has_one_order(cast):
    customer = known(cast)
    done = together(
        [lambda: file(customer, cast.filer, now=None), lambda: deposit(cast.closer, now=None)]
    )
    assert not [one for one in done if isinstance(one, Exception) and not isinstance(one, Refused)]
    filing, deal = Filing.objects.get(), Deal.objects.get()
    if filing.invalid:
        assert filing.invalid == Invalid.AFTER_DEAL
        assert filing.submitted_at >= deal.at
        assert deal.credited_to == cast.closer
    else:
        assert filing.submitted_at < deal.at
        assert deal.credited_to == cast.filer


def test_a_release_beside_a_deposit_decides_one_way_or_the_other(cast):
    """Who releases first has given the credit up; who comes after the deposit is told of it."""
    filing = filed(known(cast), cast.filer, now=None)
    released, deposited = together(
        [
            lambda: filings.release(filing=filing, by=cast.filer, is_manager=False),
            lambda: deposit(cast.closer, now=None),
        ]
    )
    assert not isinstance(deposited, Exception)
    order = [row.kind for row in FilingEvent.objects.order_by("pk")]
    if isinstance(released, Exception):
        assert getattr(released, "codes", released) == ("sold_already",)
        assert EventKind.RELEASED not in order
        assert Ruling.objects.get().credited_to == cast.filer
    else:
        assert order.index(EventKind.RELEASED) < order.index(EventKind.DEALT)
        assert Ruling.objects.get().credited_to == cast.closer
