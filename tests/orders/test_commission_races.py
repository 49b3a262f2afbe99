"""Commission paid by two at once: never more than is payable, whichever order it is for."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from orders.models import CommissionEntry
from orders.services.commission import CommissionNotPaid, pay_commission
from orders.states import CommissionKind
from staff.states import Role
from tests.desk.test_merging_races import together
from tests.factories.staff import PersonFactory
from tests.orders.test_commission import SOFA, designer, done, goods_back

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seller():
    return PersonFactory()


def payment(order, amount, *, key=None):
    finance = PersonFactory(role=Role.FINANCE)
    said = {"on": date(2026, 3, 20), "voucher": "YJ-001", "key": key or uuid4(),
            "now": timezone.now()}  # fmt: skip
    return lambda: pay_commission(order=order, amount=Decimal(amount), by=finance, **said)


def paid():
    rows = CommissionEntry.objects.filter(kind=CommissionKind.PAID)
    return rows.aggregate(total=Sum("amount"))["total"]


def test_two_who_pay_the_same_order_at_once_pay_it_once(seller):
    order = done(seller)
    answers = together([payment(order, 9880), payment(order, 9880)])
    assert paid() == 9880
    (refused,) = [each for each in answers if isinstance(each, Exception)]
    assert isinstance(refused, CommissionNotPaid)


def test_two_orders_of_a_designer_who_owes_are_not_paid_beyond_what_is_open(seller):
    """Each alone may have 7,520.00: what is owed is deducted once, from whichever comes first."""
    of = designer(seller)
    owed = done(seller, of)
    payment(owed, 9880)()
    with transaction.atomic():
        goods_back(owed, Decimal(12000))
    others = [done(seller, of, lines=(SOFA,), paid=86000) for _each in range(2)]
    together([payment(order, 8600) for order in others])
    assert paid() == 9880 + 8600
    together([payment(order, 7520) for order in others])
    assert paid() == 9880 + 8600 + 7520


def test_one_form_sent_eight_times_at_once_is_one_payment(seller):
    order = done(seller)
    finance = PersonFactory(role=Role.FINANCE)
    said = {"order": order, "amount": Decimal(100), "on": date(2026, 3, 20), "voucher": "YJ-001",
            "by": finance, "key": uuid4(), "now": timezone.now()}  # fmt: skip
    answers = together([lambda: pay_commission(**said)] * 8)
    assert len({one.pk for one in answers}) == 1
    assert paid() == 100
