"""Changes after the lines were agreed: what the order costs, and the credit of it (ORD-17)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from core.services.once import FormOfSomebodyElse
from followups.models import Chore
from followups.states import ChoreKind
from orders.models import Credit, Order, OrderLine
from orders.queries.money import dues_of
from orders.services.changing import Change, OrderNotReduced, reckon
from orders.services.floor_samples import follow_floor_samples
from orders.services.holding import OrderNotChanged
from orders.services.lines import LinesNotPlaced, NewLine, correct_line
from orders.states import CreditKind, EventKind, LineState, OrderState, Supply
from stock.models import Brand, Style
from tests.factories import orders as make
from tests.factories.orders import NOW, TODAY
from tests.orders.changes import change, drop, to
from tests.orders.money import kept_right, order_of, pay, till

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return till()


def refused(*args, **said) -> tuple[str, ...]:
    with pytest.raises(OrderNotReduced) as refusal:
        change(*args, **said)
    return refusal.value.codes


def test_fewer_pieces_of_what_is_paid_make_a_credit_in_the_same_breath(cast):
    order = order_of(cast.seller, {"price": 1200, "qty": 4}, 5000)
    pay(order, 9800)
    chairs = order.lines.get(position=1)
    credit = change(order, to(chairs, qty=3), by=cast.seller)
    assert (credit.kind, credit.amount, credit.before, credit.after) == (
        CreditKind.FEWER, 1200, 9800, 8600,
    )  # fmt: skip
    assert (order.amount, order.paid) == (8600, 8600)
    assert [due.amount for due in dues_of(order)] == [8600]
    assert kept_right(order)
    event = order.events.get(kind=EventKind.LINE_CHANGED)
    assert event.params == {"of": "fewer", "before": "4800.00", "after": "3600.00", "qty": 3}


def test_what_is_not_paid_yet_makes_none(cast):
    order = order_of(cast.seller, {"price": 1200, "qty": 4}, 5000)
    pay(order, 8600)
    assert change(order, to(order.lines.get(position=1), qty=3), by=cast.seller) is None
    assert (order.amount, order.paid) == (8600, 8600)
    credit = drop(order, by=cast.seller)
    assert credit.amount == 5000
    assert OrderLine.objects.get(position=2).state == LineState.CANCELLED


def test_what_is_left_to_deliver_called_off_leaves_the_order_delivered(cast):
    told = {"state": OrderState.CONFIRMED, "promised_on": TODAY, "delivery": TODAY}
    order = order_of(cast.seller, {"price": 1200, "qty": 4, "state": LineState.READY}, **told)
    chairs = order.lines.get()
    make.delivery(order, TODAY, pieces={chairs.pk: 3})
    change(order, to(chairs, qty=3), by=cast.seller)
    chairs.refresh_from_db()
    assert chairs.state == LineState.DELIVERED
    assert (order.state, order.delivered_on) == (OrderState.DELIVERED, TODAY)


@pytest.mark.parametrize("kind", [CreditKind.CHEAPER, CreditKind.DIFFERENCE])
def test_a_lower_price_even_of_what_is_delivered(cast, kind):
    order = order_of(cast.seller, 5000)
    pay(order, 5000)
    OrderLine.objects.update(delivered_qty=1, state=LineState.DELIVERED)
    line = order.lines.get()
    credit = change(order, to(line, price=Decimal("4899.90")), by=cast.seller, kind=kind)
    assert (credit.amount, order.amount) == (Decimal("100.10"), Decimal("4899.90"))


@pytest.mark.parametrize(("price", "credit"), [(4000, 1000), (5000, None), (6000, None)])
def test_an_exchange_takes_one_off_and_writes_another(cast, price, credit):
    order = order_of(cast.seller, 5000, 700)
    pay(order, 5700)
    new = NewLine(product="布艺沙发", qty=1, agreed_price=Decimal(price), list_price=Decimal(price),
                  supply=Supply.STOCK)  # fmt: skip
    made = change(order, to(order.lines.get(position=1), qty=0), by=cast.seller,
                  kind=CreditKind.EXCHANGED, added=[new])  # fmt: skip
    assert (made.amount if made else None) == credit
    assert order.amount == price + 700
    assert order.lines.get(position=3).product == "布艺沙发"
    assert sum(due.amount for due in dues_of(order)) == order.amount


def test_what_stops_a_change(cast):
    order = order_of(cast.seller, {"price": 100, "qty": 4}, 5000)
    first, second = order.lines.order_by("position")
    by = {"by": cast.seller}
    assert refused(order, to(first, qty=3), reason=" ", **by) == ("reason_missing",)
    assert refused(order, to(first), **by) == ("nothing_changes",)
    assert refused(order, to(first, qty=5), **by) == ("more_not_less",)
    assert refused(order, to(first, price=101), **by) == ("more_not_less",)
    assert refused(order, to(first, qty=3), kind=CreditKind.CHEAPER, **by) == ("price_alone",)
    assert refused(order, to(first, qty=0), to(second, qty=0), **by) == ("last_line",)
    assert refused(order, to(first, qty=0), kind=CreditKind.EXCHANGED, **by) == (
        "exchange_missing",
    )
    assert refused(order, to(first, qty=3), kind=CreditKind.RETURNED, **by) == ("not_a_change",)
    elsewhere = make.line(make.order(seller=cast.seller))
    assert refused(order, to(elsewhere, qty=0), **by) == ("not_a_change",)
    OrderLine.objects.filter(pk=first.pk).update(delivered_qty=2)
    assert refused(order, to(first, qty=1), **by) == ("delivered",)
    OrderLine.objects.filter(pk=second.pk).update(state=LineState.SHIPPED)
    assert refused(order, to(second, qty=0), **by) == ("under_way",)
    OrderLine.objects.filter(pk=second.pk).update(state=LineState.CANCELLED)
    assert refused(order, to(second, qty=0), **by)[0] == "gone_already"


def test_a_price_under_the_floor_needs_its_number_here_too(cast):
    style = Style.objects.create(
        brand=Brand.objects.create(name="梦百合"), number="M-12", tag_price=Decimal(300),
        floor_price=Decimal("253.97"),
    )  # fmt: skip
    order = order_of(cast.seller, {"price": 300, "style": style})
    line = order.lines.get()
    said = {"by": cast.seller, "kind": CreditKind.CHEAPER}
    assert refused(order, to(line, price=253), **said) == ("under_floor",)
    change(order, to(line, price=254), **said)
    assert order.amount == 254


def test_the_floor_of_free_text_that_was_known_stays(cast):
    order = order_of(cast.seller, {"price": 800, "floor_price": Decimal(700)}, 100)
    line = order.lines.get(position=1)
    said = {"by": cast.seller, "kind": CreditKind.CHEAPER}
    assert refused(order, to(line, price=699), **said) == ("under_floor",)
    cheaper = NewLine(product=line.product, qty=1, list_price=Decimal(800), agreed_price=Decimal(1))
    with pytest.raises(LinesNotPlaced) as refusal:
        correct_line(line=line, said=cheaper, by=cast.seller, now=NOW)
    assert refusal.value.codes == ("under_floor",)
    change(order, to(line, price=700), **said)
    assert order.lines.get(position=1).floor_price == 700


def test_the_chores_of_a_sold_sample_stay_due_whatever_changes_afterwards(cast):
    """ORD-23: a substitute is wanted also once the sample is delivered."""
    sample = {"price": 5000, "supply": Supply.FLOOR_SAMPLE, "state": LineState.READY}
    order = order_of(cast.seller, sample, 700, 300)
    first, second, third = order.lines.order_by("position")
    follow_floor_samples(order, [first, second, third], now=NOW)
    open_ones = Chore.objects.filter(subject_id=first.pk, dropped_at=None)
    days = set(open_ones.values_list("due_on", flat=True))
    change(order, to(second, qty=0), by=cast.seller, now=NOW + timedelta(days=9))
    assert set(open_ones.values_list("due_on", flat=True)) == days
    OrderLine.objects.filter(pk=first.pk).update(state=LineState.DELIVERED, delivered_qty=1)
    change(order, to(third, price=200), by=cast.seller, kind=CreditKind.CHEAPER)
    assert open_ones.count() == 2
    first.refresh_from_db()
    first.state = LineState.CANCELLED
    follow_floor_samples(order, [first], now=NOW)
    assert not open_ones.exists()


def test_the_same_form_twice_changes_once(cast):
    order, key = order_of(cast.seller, 5000, 700), uuid4()
    pay(order, 5700)
    line = order.lines.get(position=2)
    first = change(order, to(line, qty=0), by=cast.seller, key=key)
    assert change(order, to(line, qty=0), by=cast.seller, key=key) == first
    other = order.lines.order_by("position").first()
    with pytest.raises(FormOfSomebodyElse):
        change(order, to(other, qty=0), by=cast.seller, key=key)
    assert Credit.objects.count() == 1


def test_a_changed_order_says_why_it_differs_from_the_original(cast):
    order = order_of(cast.seller, 5000, 700)
    Order.objects.filter(pk=order.pk).update(original_amount=5700)
    change(order, to(order.lines.get(position=2), qty=0), by=cast.seller, reason="客户减项")
    assert (order.original_amount, order.difference_reason) == (5700, "客户减项")


def test_an_exchange_at_the_same_price_is_explained_while_it_is_made(cast):
    """For a moment both goods stand on the order: its amount is not the original's then."""
    order = order_of(cast.seller, 5000, 700)
    Order.objects.filter(pk=order.pk).update(original_amount=5700)
    new = NewLine(product="茶几", qty=1, agreed_price=Decimal(700), list_price=Decimal(700))
    last = order.lines.get(position=2)
    change(order, to(last, qty=0), by=cast.seller, kind=CreditKind.EXCHANGED, added=[new])
    assert (order.amount, order.original_amount) == (5700, 5700)
    change(order, to(order.lines.get(position=3), qty=0), by=cast.seller, reason="客户不要了")
    assert (order.amount, order.difference_reason) == (5000, "客户不要了")
    change(order, to(order.lines.get(position=1), price=4900), by=cast.seller,
           kind=CreditKind.CHEAPER, reason="补差价")  # fmt: skip
    assert order.difference_reason == "客户不要了", "why it began to differ"


def test_a_checked_order_that_is_changed_is_checked_anew(cast):
    """ORD-32: nobody has looked at what stands on it now."""
    order = order_of(cast.seller, 5000, 700, state=OrderState.CHECKED)
    pay(order, 5700)
    new = NewLine(product="茶几", qty=1, agreed_price=Decimal(700), list_price=Decimal(700))
    last = order.lines.get(position=2)
    change(order, to(last, qty=0), by=cast.seller, kind=CreditKind.EXCHANGED, added=[new])
    assert order.state == OrderState.RECEIVED
    assert Chore.objects.get(kind=ChoreKind.CHECK_ORDER).subject_id == order.pk


def test_what_it_comes_to_is_said_before_the_button(cast):
    order = order_of(cast.seller, 5000, 700)
    pay(order, 5500)
    said = Change(kind=CreditKind.FEWER, lines=[to(order.lines.get(position=2), qty=0)], reason="")
    told = reckon(order, said)
    assert (told.before, told.after, told.credit) == (5700, 5000, 500)


def test_a_closed_order_is_not_changed(cast):
    order = make.order(seller=cast.seller, lines=[100, 200], state=OrderState.CANCELLED)
    with pytest.raises(OrderNotChanged) as refusal:
        drop(order, by=cast.seller, now=NOW)
    assert refusal.value.codes == ("closed",)
