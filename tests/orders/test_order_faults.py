"""`kill -9` on the way from the deposit to the delivery: each act stands whole, or not (F15).

One process takes a deposit, takes the rest, changes the order and hands it over; it dies between
two steps of one of these. What stands then begins the story, and the same forms end it.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from customers.models import OwnedProduct
from filings.models import Deal, Ruling
from followups.models import AnchorDay, Obligation
from orders.models import Credit, Delivery, Due, Order, OrderEvent, OrderLine, Payment
from orders.services.changing import Change, LineChange, change_order
from orders.services.delivering import Handed, NewDelivery, deliver_goods
from orders.services.lines import NewLine, place_lines
from orders.services.payments import NewPayment, take_payment
from orders.states import CreditKind, LineState, Method, OrderState, Supply
from staff.models import Person
from tests.dying import die
from tests.orders import stage
from tests.orders.money import kept_right, owed_rightly
from tests.racing import IS_PROVING, say

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 20)
KEYS = [UUID(int=number, version=4) for number in range(1, 5)]

# Where the process dies: as this name is about to be called, in the order in which it happens.
FAILPOINTS = (
    ("filings.services.settling", "write_ruling"),
    ("orders.services.deposits", "follow_money"),
    ("orders.services.lines", "follow_amount"),
    ("orders.services.payments", "settle_deal"),
    ("orders.services.payments", "follow_money"),
    ("orders.services.changing", "explain_change"),
    ("orders.services.changing", "follow_amount"),
    ("orders.services.changing", "follow_goods"),
    ("orders.services.delivering", "_hand_over"),
    ("orders.services.delivering", "_own"),
    ("orders.services.delivering", "follow_goods"),
    ("orders.services.delivering", "_note"),
)
# Each costs a process: among all tests one that no other file has.
TRIED = FAILPOINTS if IS_PROVING else FAILPOINTS[5:6]

TELLER = """
import os, signal, django
django.setup()
import importlib
from tests.orders.test_order_faults import story
def dies(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
{first}
module, name = "{module}", "{name}"
setattr(importlib.import_module(module), name, dies)
story({closer})
dies()
"""
# What the one transaction protects us from: it keeps what was written so far.
COMMITS_AS_IT_GOES = """
from django.db import connection
def dies(*args, **kwargs):
    connection.connection.commit()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def story(closer: int) -> Order:
    """From the deposit to the delivery; told again, what stands already is not done twice."""
    by = Person.objects.select_related("store").get(pk=closer)
    order = stage.deposit(by, key=KEYS[0], now=NOW).order
    if not OrderLine.objects.filter(order=order).exists():
        lines = [NewLine(product=product, qty=1, agreed_price=Decimal(price),
                         list_price=Decimal(price), supply=Supply.STOCK)
                 for product, price in (("三人沙发", 8000), ("茶几", 1000))]  # fmt: skip
        place_lines(order=order, lines=lines, by=by, now=NOW)
    rest = NewPayment(amount=Decimal(4000), method=Method.WECHAT, payer="李先生")
    take_payment(order=order, taken=rest, by=by, key=KEYS[1], now=NOW)
    sofa, table = OrderLine.objects.filter(order=order).order_by("position")
    gone = LineChange(line_id=table.pk, qty=0, price=table.agreed_price)
    change = Change(kind=CreditKind.FEWER, lines=[gone], reason="客户减项")
    change_order(order=order, change=change, by=by, key=KEYS[2], now=NOW)
    if not Delivery.objects.exists():
        Order.objects.filter(pk=order.pk).update(
            state=OrderState.CONFIRMED, promised_on=DAY, current_on=DAY, confirmed_at=NOW
        )
        OrderLine.objects.filter(pk=sofa.pk).update(state=LineState.READY)
    told = NewDelivery(
        pieces=[Handed(line_id=sofa.pk, qty=1)], delivered_on=DAY, signed_by="李先生",
        checked=("complete", "undamaged", "installed", "explained"),
    )  # fmt: skip
    deliver_goods(order=order, told=told, by=by, key=KEYS[3], now=NOW)
    return Order.objects.get(pk=order.pk)


def acts() -> list[tuple[bool, ...]]:
    """Of each act in turn, whether each part of it stands: all of them are the same in one act."""
    has = lambda rows, **said: rows.objects.filter(**said).exists()  # noqa: E731
    gone = OrderLine.objects.filter(state=LineState.CANCELLED).exists()
    return [
        (has(Payment, amount=5000), has(Order), has(Deal), has(Ruling)),
        (has(OrderLine), has(Due), has(OrderEvent, kind="lines_placed")),
        (has(Payment, amount=4000), OrderEvent.objects.filter(kind="paid").count() == 2),
        (has(Credit), gone, has(AnchorDay, anchor="credit"), has(OrderEvent, kind="credit_made")),
        (has(Delivery), has(OwnedProduct), has(Order, state="delivered"),
         has(Obligation, step__plan__trades__contains=["furniture"])),
    ]  # fmt: skip


def is_whole(told: list[tuple[bool, ...]]) -> bool:
    """Every act stands whole or not at all, and none before the one it follows."""
    whole = [all(parts) for parts in told if all(parts) or not any(parts)]
    return len(whole) == len(told) and whole == sorted(whole, reverse=True)


@pytest.fixture
def cast():
    return stage.stage()


def tell_and_die(cast, at: tuple[str, str], first: str = "") -> None:
    module, name = at
    die(TELLER.format(module=module, name=name, closer=cast.closer.pk, first=first))


@pytest.mark.parametrize("at", TRIED, ids=lambda at: at[1])
def test_killed_between_two_steps_each_act_stands_whole_and_the_story_goes_on(cast, at, capsys):
    tell_and_die(cast, at)
    told = acts()
    assert is_whole(told), told
    assert not all(all(parts) for parts in told)
    assert all(kept_right(each) for each in Order.objects.all())

    order = story(cast.closer.pk)
    assert acts() == [tuple([True] * len(parts)) for parts in told]
    assert kept_right(order)
    assert owed_rightly()
    assert (order.amount, order.paid, order.state) == (8000, 8000, OrderState.DELIVERED)
    assert (Payment.objects.count(), Credit.objects.get().amount) == (2, 1000)
    say(capsys, "F15 killed on the way from deposit to delivery", at=at[1], between=0)


def test_the_control_what_commits_as_it_goes_leaves_a_credit_for_goods_still_ordered(cast):
    tell_and_die(cast, ("orders.services.changing", "explain_change"), COMMITS_AS_IT_GOES)
    told = acts()
    assert not is_whole(told), told
