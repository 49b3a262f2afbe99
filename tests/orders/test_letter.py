"""The confirmation letter: its six items, sent, confirmed, and the day promised for good (M08)."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from orders.models import Milestone, OrderEvent
from orders.rules.letters import Written, missing_items
from orders.services.dates import Planned, Why, plan_delivery
from orders.services.holding import OrderNotChanged
from orders.services.letters import OrderNotConfirmed, confirm_order, send_letter
from orders.states import EventKind, LineState, MilestoneKind, OrderChannel, OrderState
from tests.factories.orders import order

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
D = date(2026, 5, 10)
SOFA = Written(product="沙发", qty=1, list_price=Decimal(5000), agreed_price=Decimal(4500))


def missing(**said):
    facts = {"number": "DD-1", "customer": "李", "lines": [SOFA], "delivery_on": D}
    return missing_items(**facts | said)


def line(**said):
    facts = {"product": "沙发", "qty": 1, "list_price": Decimal(1), "agreed_price": Decimal(1)}
    return Written(**facts | said)


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        ({}, []),
        ({"number": " "}, ["number"]),
        ({"customer": ""}, ["customer"]),
        ({"lines": []}, ["products", "quantities", "prices"]),
        ({"lines": [SOFA, line(product="")]}, ["products"]),
        ({"lines": [line(qty=0)]}, ["quantities"]),
        ({"lines": [line(list_price=Decimal(0), agreed_price=Decimal(0))]}, ["prices"]),
        ({"lines": [line(agreed_price=Decimal(0))]}, []),  # a gift
        ({"delivery_on": None}, ["delivery"]),
        ({"lines": [], "delivery_on": None}, ["products", "quantities", "prices", "delivery"]),
    ],
)
def test_which_of_the_six_are_lacking(said, lacks):
    assert missing(**said) == lacks


def checked(**said):
    return order(**{"state": OrderState.CHECKED, "current_on": D} | said)


def send(of, *, way=OrderChannel.WECHAT, now=NOW):
    return send_letter(order=of, way=way, by=of.seller, now=now)


def confirm(of, *, now=NOW + timedelta(hours=2)):
    return confirm_order(order=of, by=of.seller, now=now)


@pytest.mark.django_db
def test_sent_and_confirmed_are_stamped_and_the_day_is_promised_for_good():
    of = checked()
    send(of)
    confirm(of)
    of.refresh_from_db()
    assert (of.state, of.promised_on, of.current_on) == ("confirmed", D, D)
    assert (of.letter_sent_at, of.letter_way) == (NOW, "wechat")
    assert of.confirmed_at == NOW + timedelta(hours=2)
    assert Milestone.objects.get(kind=MilestoneKind.CONFIRMED).reached_on == date(2026, 3, 20)
    assert Milestone.objects.get(kind=MilestoneKind.DELIVERED).planned_on == D
    assert OrderEvent.objects.get(kind=EventKind.CONFIRMED).params == {
        "promised_on": "2026-05-10", "amount": "5000.00",
    }  # fmt: skip
    with pytest.raises(OrderNotConfirmed) as refused:
        confirm(of)
    assert refused.value.codes == ("confirmed_already",)


@pytest.mark.django_db
def test_cancelled_lines_are_no_items():
    of = checked(lines=[{"state": LineState.CANCELLED}])
    with pytest.raises(OrderNotConfirmed) as refused:
        send(of)
    assert refused.value.codes == ("lacks_products", "lacks_quantities", "lacks_prices")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "act", "code"),
    [
        ({"current_on": None}, send, "lacks_delivery"),
        ({"state": OrderState.RECEIVED}, send, "not_checked"),
        ({"state": OrderState.RECEIVED}, confirm, "not_checked"),
        ({}, confirm, "not_sent"),
        ({"current_on": None}, confirm, "lacks_delivery"),
    ],
)
def test_what_is_not_ready_says_what_it_lacks(said, act, code):
    of = checked(**said)
    with pytest.raises(OrderNotConfirmed) as refused:
        act(of)
    assert refused.value.codes == (code,)
    assert str(refused.value)


@pytest.mark.django_db
def test_what_was_changed_since_the_letter_is_sent_again():
    of = checked()
    send(of)
    plan_delivery(
        order=of, on=D + timedelta(days=1), plan=Planned(), why=Why(cause="ours"), by=of.seller,
        now=NOW,
    )  # fmt: skip
    with pytest.raises(OrderNotConfirmed) as refused:
        confirm(of)
    assert refused.value.codes == ("letter_outdated",)
    send(of, now=NOW + timedelta(minutes=5))
    confirm(of)
    of.refresh_from_db()
    assert of.promised_on == D + timedelta(days=1)


@pytest.mark.django_db
def test_a_closed_order_has_no_letters():
    with pytest.raises(OrderNotChanged):
        send(order(state=OrderState.CANCELLED))


def test_each_sheet_that_scrolls_on_a_phone_is_reached_by_keyboard_and_named():
    sheets = [
        (path.name, sheet)
        for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
        for sheet in re.findall(r'<article class="paper\b[^>]*>', path.read_text())
    ]
    assert len(sheets) >= 7
    reached = 'tabindex="0" aria-labelledby="paper-title"'
    assert [name for name, sheet in sheets if reached not in sheet] == []
