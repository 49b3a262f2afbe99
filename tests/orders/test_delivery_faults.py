"""`kill -9` between the steps of a delivery: all of it stands, or none (F15)."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from customers.models import OwnedProduct
from followups.models import Course, Obligation
from orders.models import Delivery, DeliveryLine, Milestone, Order, OrderEvent
from orders.services.delivering import Handed, NewDelivery, deliver_goods
from orders.states import LineState, OrderState
from tests.dying import die
from tests.factories.orders import order
from tests.racing import IS_PROVING

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
D = date(2026, 3, 18)

# Dies where `name` is about to be called, or once all is done.
CARRIER = """
import os, signal, django
from uuid import UUID
django.setup()
from orders.services import delivering
from tests.orders.test_delivery_faults import hand_over
def dies(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
{first}
if "{name}":
    setattr(delivering, "{name}", dies)
hand_over({order}, key=UUID("{key}"))
dies()
"""
# Each costs a process; `make prove` dies at every one of them.
BETWEEN = ("_hand_over", "_own", "follow_goods", "_note") if IS_PROVING else ("_own",)
# What the one transaction protects us from: it keeps what was written so far.
COMMITS_AS_IT_GOES = """
from django.db import connection
def dies(*args, **kwargs):
    connection.connection.commit()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def hand_over(pk: int, *, key: UUID) -> Delivery:
    """All goods of this order, by its seller."""
    of = Order.objects.select_related("seller", "store").get(pk=pk)
    pieces = [Handed(line_id=line.pk, qty=line.qty) for line in of.lines.all()]
    told = NewDelivery(
        pieces=pieces, delivered_on=D, signed_by="李先生",
        checked=("complete", "undamaged", "installed", "explained"),
    )  # fmt: skip
    return deliver_goods(order=of, told=told, by=of.seller, key=key, now=NOW)


def written(of) -> tuple[object, ...]:
    """What a delivery leaves: its rows, the product with its plan, how far line and order are."""
    of.refresh_from_db()
    rows = (Delivery, DeliveryLine, OwnedProduct, Milestone, OrderEvent)
    cared = Course.objects.filter(product__isnull=False).exists() and Obligation.objects.exists()
    line = of.lines.get()
    return (
        *(each.objects.count() for each in rows), cared, line.delivered_qty, line.state, of.state,
    )  # fmt: skip


NOTHING = (0, 0, 0, 0, 0, False, 0, "ready", "confirmed")
EVERYTHING = (1, 1, 1, 3, 1, True, 2, "delivered", "delivered")


@pytest.fixture
def of():
    goods = [{"state": LineState.READY, "qty": 2}]
    return order(lines=goods, state=OrderState.CONFIRMED, promised_on=D, current_on=D)


def hand_over_and_die(of, key: UUID, *, name: str = "", first: str = "") -> None:
    die(CARRIER.format(order=of.pk, key=key, name=name, first=first))


@pytest.mark.parametrize("name", BETWEEN)
def test_killed_on_the_way_nothing_stands_and_the_same_form_delivers_then(of, name):
    key = uuid4()
    hand_over_and_die(of, key, name=name)
    assert written(of) == NOTHING

    hand_over(of.pk, key=key)
    assert written(of) == EVERYTHING


def test_killed_with_the_answer_on_its_way_the_same_form_finds_what_stands(of):
    key = uuid4()
    hand_over_and_die(of, key)
    assert written(of) == EVERYTHING
    assert hand_over(of.pk, key=key) == Delivery.objects.get()
    assert written(of) == EVERYTHING


def test_control_what_commits_as_it_goes_leaves_goods_without_their_product(of):
    hand_over_and_die(of, uuid4(), name="_own", first=COMMITS_AS_IT_GOES)
    assert written(of)[:3] == (1, 1, 0)
