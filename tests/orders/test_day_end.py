"""The end of a day: what a store ordered and received, signed, and what changed since (ORD-29)."""

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import translation

from core.refusals import Refused
from orders.models import DayEnd, Order, Payment
from orders.queries.day_end import day_of, days_in_short
from orders.services.confirming import confirm_payment
from orders.services.credits import ask_refund, pay_refund
from orders.services.day_end import close_day, mark_of
from orders.services.returning import return_payment
from orders.services.slips import NewSlip, note_slip
from orders.showing.day_end import sheet_of
from orders.states import Method
from staff.states import Role
from tests.factories import orders as make
from tests.factories.orders import NOW, TODAY
from tests.factories.staff import PersonFactory
from tests.orders.changes import drop
from tests.orders.money import later, order_of, pay, till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def cast():
    return till()


def traded(cast) -> Order:
    """A day on which 6000 were ordered and 4000 received; 500 more were given back the same day."""
    order = order_of(cast.seller, 5000, 1000)
    pay(order, 3000)
    confirm_payment(payment=pay(order, 1000, method=Method.CASH), by=cast.finance, now=NOW)
    gone = pay(order, 500, method=Method.CASH)
    return_payment(payment=gone, reason="多收", by=cast.manager, now=later(hours=1))
    order_of(PersonFactory(), 777)
    make.payment(order, 9, is_imported=True)
    return order


def test_a_day_is_the_days_orders_and_money_by_method(cast):
    traded(cast)
    found = day_of(cast.seller.store, TODAY)
    assert ([each.amount for each in found.orders], found.ordered) == ([6000], 6000)
    told = [(each.method, each.count, each.received, each.unconfirmed) for each in found.methods]
    assert told == [(Method.WECHAT, 1, 3000, 3000), (Method.CASH, 1, 1000, 0)]
    assert (found.received, found.unconfirmed, found.gone) == (4000, 3000, 0)
    assert day_of(cast.seller.store, TODAY + timedelta(days=1)).payments == []


def test_money_given_back_later_was_received_on_its_day_and_goes_on_the_other(cast):
    order = order_of(cast.seller, 5000)
    gone = pay(order, 500, method=Method.CASH)
    return_payment(payment=gone, reason="多收", by=cast.manager, now=later(days=2))
    store = cast.seller.store
    days = [day_of(store, TODAY + timedelta(days=number)) for number in range(3)]
    assert [(day.received, day.gone) for day in days] == [(500, 0), (0, 0), (0, 500)]
    (short,) = days_in_short([store], TODAY)
    assert short.received == 500


def test_differences_of_slips_and_refunds_stand_on_the_day(cast):
    order = order_of(cast.seller, 5000, 1000)
    slip = NewSlip(payer="李", bank="工行", amount=order.amount - 10, paid_on=TODAY)
    note_slip(order=order, slip=slip, by=cast.seller, key=uuid4(), now=NOW)
    confirm_payment(payment=pay(order, 6000), by=cast.finance, now=NOW)
    credit = drop(order, by=cast.seller)
    use = ask_refund(credit=credit, amount=credit.amount, by=cast.seller, key=uuid4(), now=NOW)
    pay_refund(use=use, method=Method.CASH, voucher="V-9", by=cast.finance, now=later(days=28))
    today = day_of(cast.seller.store, TODAY)
    assert ([each.amount for each in today.slips], today.ordered) == ([5990], 5000)
    then = day_of(cast.seller.store, TODAY + timedelta(days=28))
    assert ([each.voucher for each in then.refunds], then.gone) == (["V-9"], 1000)
    assert then.methods[0].refunded == 1000


def test_a_day_is_the_stores_own(cast):
    """Half past midnight in Shanghai belongs to the new day, though London still has the old."""
    order = order_of(cast.seller, 5000)
    pay(order, 100, now=datetime(2026, 3, 13, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai")))
    assert day_of(cast.seller.store, date(2026, 3, 12)).payments == []
    assert len(day_of(cast.seller.store, date(2026, 3, 13)).payments) == 1


def test_what_was_signed_stays_and_what_changed_since_is_said(cast):
    order = traded(cast)
    store = cast.seller.store
    found = day_of(store, TODAY)
    end = close_day(store=store, day=TODAY, seen=mark_of(found), by=cast.finance, now=NOW)
    assert (end.orders, end.ordered, end.payments, end.received) == (1, 6000, 2, 4000)
    with translation.override("en"):
        told = sheet_of(day_of(store, TODAY), end).differences
    assert told == []
    (short,) = days_in_short([store], TODAY)
    assert (short.closed_by, short.differs, short.unconfirmed) == (cast.finance, False, 1)

    pay(order, 800)
    drop(order, by=cast.seller)
    with translation.override("en"):
        told = sheet_of(day_of(store, TODAY), end).differences
    assert told == [
        "Ordered: ¥6,000 when it was signed, ¥5,000 now",
        "Payments: 2 when it was signed, 3 now",
        "Received: ¥4,000 when it was signed, ¥4,800 now",
    ]
    assert days_in_short([store], TODAY)[0].differs


def refused(**said) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        close_day(**{"now": NOW} | said)
    return refusal.value.codes


def test_what_stops_a_signature(cast):
    store = cast.seller.store
    traded(cast)
    tomorrow = TODAY + timedelta(days=1)
    assert refused(store=store, day=tomorrow, by=cast.finance) == ("in_future",)
    seen = mark_of(day_of(store, TODAY))
    pay(Order.objects.get(store=store), 5)
    assert refused(store=store, day=TODAY, seen=seen, by=cast.finance) == ("changed",)
    close_day(store=store, day=TODAY, by=cast.finance, now=NOW)
    assert refused(store=store, day=TODAY, by=cast.other_finance) == ("closed_already",)
    assert DayEnd.objects.count() == 1


def test_finance_signs_on_the_sheet_and_a_manager_reads_it(cast, as_):
    order = traded(cast)
    store = cast.seller.store
    url = reverse("orders:day_end", args=[store.pk, TODAY.isoformat()])
    manager, finance = as_(cast.manager), as_(cast.finance)
    page = manager.get(url).content.decode()
    assert order.number in page
    assert "Sign the day" not in page
    assert manager.post(url, {"note": ""}).status_code == 200
    assert not DayEnd.objects.exists()
    assert "Sign the day" in finance.get(url).content.decode()
    seen = mark_of(day_of(store, TODAY))
    assert finance.post(url, {"note": "平", "seen": seen}).status_code == 302
    page = finance.get(url).content.decode()
    assert f"Signed by {cast.finance.name}" in page
    Payment.objects.filter(order=order).update(amount=1)
    assert "Changed since it was signed" in finance.get(url).content.decode()
    day_list = reverse("orders:day_ends") + f"?day={TODAY}"
    assert "changed since" in finance.get(day_list).content.decode()


def test_days_of_other_stores_are_not_there(cast, as_):
    url = reverse("orders:day_end", args=[cast.seller.store.pk, TODAY.isoformat()])
    stranger = as_(PersonFactory(role=Role.STORE_MANAGER))
    assert stranger.get(url).status_code == 404
    browser = as_(cast.finance)
    for day in ("2026-13-01", "x", "0001-01-01", "9999-12-31"):
        assert browser.get(url.replace(TODAY.isoformat(), day)).status_code == 400, day
        assert browser.get(reverse("orders:day_ends") + f"?day={day}").status_code == 400, day


def test_a_sheet_asks_as_much_for_a_busy_day(cast, as_, django_assert_max_num_queries):
    order = traded(cast)
    url = reverse("orders:day_end", args=[cast.seller.store.pk, TODAY.isoformat()])
    browser = as_(cast.finance)
    browser.get(url)
    with django_assert_max_num_queries(20) as first:
        browser.get(url)
    for _each in range(5):
        pay(order, 1)
        order_of(cast.seller, 10)
    with django_assert_max_num_queries(len(first)):
        browser.get(url)
