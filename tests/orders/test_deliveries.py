"""Goods handed over: the product on the card and its plan at once, and mistakes taken back."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from customers.models import OwnedProduct
from customers.services import ProductNotRecorded, record_product
from customers.states import GoneReason
from followups.models import AnchorDay, Obligation
from followups.states import Anchor, State
from orders.models import Delivery, Milestone, OrderEvent, Return
from orders.rules.checklists import checklist, unchecked
from orders.rules.handing_over import summary
from orders.services.completing import follow_goods
from orders.services.delivering import GoodsNotDelivered, Handed, NewDelivery, deliver_goods
from orders.services.delivery_mistakes import (
    DeliveryNotChanged,
    When,
    correct_delivery,
    note_installation,
    void_delivery,
)
from orders.services.gate import DeliveryHeld
from orders.services.holding import OrderNotChanged
from orders.states import (
    Checked,
    EventKind,
    LineState,
    MilestoneKind,
    OrderState,
    ReturnKind,
    Supply,
)
from staff.states import Role, Trade
from tests.factories.orders import delivery, due, order
from tests.factories.orders import line as add_line
from tests.factories.staff import PersonFactory, StoreFactory
from tests.followups.test_products import change

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
D = date(2026, 3, 18)
WHOLE = (Checked.COMPLETE, Checked.UNDAMAGED, Checked.INSTALLED, Checked.EXPLAINED)
CAR = checklist(Trade.CARS)
READY = {"state": LineState.READY}


def confirmed(*lines, **said):
    facts = {"promised_on": D, "current_on": D, "state": OrderState.CONFIRMED}
    return order(lines=lines or (READY,), **facts | said)


def deliver(of, pieces=None, *, by=None, key=None, now=NOW, **said):
    """All that is left, or these pieces by position (a number, or number and serial)."""
    handed = []
    for line in of.lines.order_by("position"):
        left = line.qty - line.delivered_qty
        qty = left if pieces is None else pieces.get(line.position, 0)
        qty, serial = qty if isinstance(qty, tuple) else (qty, "")
        if qty:
            handed.append(Handed(line_id=line.pk, qty=qty, serial=serial))
    facts = {"delivered_on": D, "signed_by": "李先生", "checked": WHOLE, "pieces": handed}
    told = NewDelivery(**facts | said)
    return deliver_goods(order=of, told=told, by=by or of.seller, key=key or uuid4(), now=now)


def cars(*lines):
    seller = PersonFactory(store=StoreFactory(trade=Trade.CARS))
    return confirmed(*lines, seller=seller)


def owed(product):
    """What of the plan of care hangs on this product."""
    made = Obligation.objects.filter(subject_id=product.pk, step__anchor=Anchor.DELIVERY)
    return made.order_by("due_on", "pk")


def test_goods_signed_for_are_the_customers_and_their_plan_begins_in_the_same_breath():
    of = confirmed(READY | {"product": "三人沙发"}, READY | {"product": "餐椅", "qty": 6})
    made = deliver(of, note="六楼无电梯")
    of.refresh_from_db()
    assert (of.state, of.delivered_on, of.lines_delivered) == ("delivered", D, 2)
    product = OwnedProduct.objects.get()
    assert made.product == product
    assert (product.product, product.delivered_on, product.purchased_on, product.sold_by) == (
        "三人沙发、餐椅×6", D, of.ordered_on, of.seller,
    )  # fmt: skip
    assert product.price == of.amount
    assert owed(product).filter(state=State.OPEN).exists()
    assert set(of.lines.values_list("state", "delivered_qty")) == {
        ("delivered", 1),
        ("delivered", 6),
    }
    reached = Milestone.objects.filter(order=of, line=None).values_list("kind", "reached_on")
    assert dict(reached) == {MilestoneKind.DELIVERED: D, MilestoneKind.INSTALLED: D}
    told = OrderEvent.objects.get(kind=EventKind.DELIVERED)
    assert (told.params["pieces"], told.params["is_whole"], told.note) == (7, True, "六楼无电梯")
    assert made.installed_on == D


def test_the_same_form_twice_is_one_delivery():
    of, key = confirmed(), uuid4()
    assert deliver(of, key=key) == deliver(of, key=key)
    assert (Delivery.objects.count(), OwnedProduct.objects.count()) == (1, 1)


def test_part_of_the_goods_leave_the_order_open_until_the_rest_is_there():
    of = confirmed(READY | {"qty": 3}, {"state": LineState.SUBMITTED})
    first = deliver(of, {1: 2}, checked=WHOLE)
    of.refresh_from_db()
    assert (of.state, of.delivered_on) == ("confirmed", None)
    assert list(of.lines.order_by("position").values_list("state", "delivered_qty")) == [
        ("ready", 2), ("submitted", 0),
    ]  # fmt: skip
    assert first.product.product == "三人沙发×2"
    of.lines.filter(position=2).update(state=LineState.ARRIVED)
    deliver(of, {1: 1, 2: 1}, delivered_on=TODAY)
    of.refresh_from_db()
    assert (of.state, of.delivered_on) == ("delivered", TODAY)
    assert OwnedProduct.objects.filter(customer=of.customer).count() == 2


def test_cars_are_products_each_with_its_vin_and_accessories_are_none():
    of = cars(READY | {"product": "轿车", "colour": "白"}, READY | {"product": "SUV"},
              READY | {"product": "脚垫", "is_accessory": True})  # fmt: skip
    vins = ("LSVAA4187E2184841", "lsvaa4187e2184842")
    made = deliver(of, {1: (1, vins[0]), 2: (1, vins[1]), 3: 1}, checked=CAR)
    rows = made.lines.order_by("line__position").values_list("serial", "product__product")
    assert list(rows) == [(vins[0], "轿车"), (vins[1].upper(), "SUV"), ("", None)]
    assert made.product is None
    assert OwnedProduct.objects.get(serial=vins[0]).colour == "白"


@pytest.mark.parametrize(
    ("line", "pieces", "code"),
    [
        (READY, {1: 1}, "vin_missing"),
        (READY | {"qty": 2}, {1: (2, "LSVAA4187E2184841")}, "one_car_at_a_time"),
    ],
)
def test_a_car_has_its_vin_and_comes_alone(line, pieces, code):
    with pytest.raises(GoodsNotDelivered) as refused:
        deliver(cars(line), pieces, checked=CAR)
    assert refused.value.codes == (code,)


@pytest.mark.parametrize(
    ("line", "said", "code"),
    [
        (READY, {"pieces": {}}, "no_lines"),
        (READY, {"signed_by": " "}, "signed_by_missing"),
        (READY, {"checked": (Checked.COMPLETE, Checked.EXPLAINED)}, "not_checked"),
        (READY, {"delivered_on": TODAY + timedelta(days=1)}, "in_future"),
        (READY, {"delivered_on": date(2026, 3, 11)}, "before_order"),
        ({"state": LineState.SUBMITTED}, {}, "not_here"),
    ],
)
def test_what_is_no_delivery_is_refused_in_words(line, said, code):
    of = confirmed(line)
    with pytest.raises(GoodsNotDelivered) as refused:
        deliver(of, **said)
    assert refused.value.codes[0] == code
    assert "%" not in str(refused.value)
    assert not Delivery.objects.exists()


def test_no_more_is_delivered_than_was_ordered():
    of = confirmed(READY | {"qty": 2})
    with pytest.raises(GoodsNotDelivered) as refused:
        deliver(of, {1: 3})
    assert refused.value.codes == ("too_many",)


def test_an_order_nobody_confirmed_or_that_is_delivered_is_not_handed_over():
    with pytest.raises(GoodsNotDelivered) as refused:
        deliver(confirmed(state=OrderState.CHECKED))
    assert refused.value.codes == ("not_confirmed",)
    done = confirmed()
    deliver(done)
    with pytest.raises(GoodsNotDelivered) as refused:
        deliver(done, {1: 1})
    assert refused.value.codes == ("delivered",)


def test_goods_that_are_not_paid_stay_here():
    of = confirmed()
    due(of, 5000)
    with pytest.raises(DeliveryHeld):
        deliver(of)
    assert not Delivery.objects.exists()


def test_from_stock_goods_are_handed_over_as_soon_as_they_are_allocated():
    of = confirmed({"state": LineState.ALLOCATED, "supply": Supply.STOCK})
    made = deliver(of)
    void_delivery(delivery=made, reason="错单", by=of.seller, now=NOW)
    assert of.lines.get().state == LineState.READY  # no milestone says that it was allocated


# --- Mistakes (decision 12).


def manager_of(of):
    return PersonFactory(role=Role.STORE_MANAGER, store=of.store)


def test_another_day_moves_what_is_open_and_leaves_what_is_done():
    of = confirmed()
    made = deliver(of, delivered_on=D)
    product = made.product
    first, *rest = owed(product)
    Obligation.objects.filter(pk=first.pk).update(state=State.DONE, closed_at=NOW)
    days = {each.pk: each.due_on for each in rest}
    later = NOW + timedelta(hours=1)
    correct_delivery(
        delivery=made, when=When(on=D + timedelta(days=1)), reason="改签收日", by=manager_of(of),
        now=later,
    )  # fmt: skip
    product.refresh_from_db()
    of.refresh_from_db()
    assert (product.delivered_on, of.delivered_on) == (D + timedelta(days=1),) * 2
    moved = {each.pk: each.due_on for each in owed(product) if each.pk in days}
    assert moved.keys() == days.keys()
    assert all(moved[pk] > days[pk] for pk in moved)
    first.refresh_from_db()
    assert first.state == State.DONE
    assert OrderEvent.objects.get(kind=EventKind.DELIVERY_CORRECTED).note == "改签收日"
    assert Milestone.objects.get(line__isnull=False, kind="delivered").reached_on > D


def test_the_card_does_not_say_another_day_than_the_order(as_):
    """The delivery is the order's: there it is corrected, and the card moves along."""
    of = confirmed()
    product = deliver(of, delivered_on=D).product
    by, later = manager_of(of), NOW + timedelta(hours=1)
    with pytest.raises(ProductNotRecorded) as refused:
        change(product, by=by, now=later, reason="改签收日", delivered_on=D + timedelta(days=1))
    assert refused.value.codes == ("of_an_order",)
    assert of.number in str(refused.value)
    change(product, by=by, now=later, colour="灰")
    assert (product.colour, product.delivered_on) == ("灰", D)
    page = as_(by).get(f"/products/{product.pk}/edit/").content.decode()
    assert f"/orders/?q={of.number}" in page
    assert 'name="reason"' not in page, "whose reason would be lost"


def test_bought_goods_whose_delivery_was_a_mistake_are_the_cards_again():
    of = confirmed()
    awaited = record_product(
        customer=of.customer, product=of.lines.get().product, by=of.seller, now=NOW,
        today=TODAY, purchased_on=D,
    )  # fmt: skip
    made = deliver(of, delivered_on=D)
    assert made.product == awaited
    void_delivery(delivery=made, reason="送错客户", by=of.seller, now=NOW)
    change(awaited, by=manager_of(of), now=NOW, delivered_on=TODAY)
    assert awaited.delivered_on == TODAY


def test_a_delivery_taken_back_was_none():
    of = confirmed(READY, READY | {"qty": 2})
    made = deliver(of)
    product = made.product
    assert owed(product).filter(state=State.OPEN).exists()
    void_delivery(delivery=made, reason="送错客户", by=of.seller, now=NOW + timedelta(minutes=9))
    of.refresh_from_db()
    product.refresh_from_db()
    assert (of.state, of.delivered_on) == ("confirmed", None)
    assert set(of.lines.values_list("delivered_qty", flat=True)) == {0}
    assert not of.lines.filter(state=LineState.DELIVERED).exists()
    assert product.gone_reason == GoneReason.MISTAKE
    assert not owed(product).filter(state=State.OPEN).exists()
    assert not Milestone.objects.filter(order=of, reached_on__isnull=False).exists()
    again = deliver(of)
    assert again.product != product


def test_what_the_card_knew_as_bought_waits_for_its_goods_again():
    of = confirmed()
    bought = record_product(
        customer=of.customer, product="三人沙发", purchased_on=of.ordered_on, by=of.seller,
        now=NOW, today=TODAY,
    )  # fmt: skip
    made = deliver(of)
    assert made.product == bought
    void_delivery(delivery=made, reason="没送到", by=of.seller, now=NOW)
    bought.refresh_from_db()
    assert (bought.delivered_on, bought.gone_on, bought.purchased_on) == (
        None, None, of.ordered_on,
    )  # fmt: skip


def test_an_order_is_as_far_as_its_lines_whoever_changes_them():
    of = confirmed(READY, READY)
    deliver(of, {1: 1})
    of.lines.filter(position=2).update(state=LineState.CANCELLED)
    of.refresh_from_db()
    follow_goods(of, by=of.seller, now=NOW)
    assert (of.state, of.delivered_on) == ("delivered", D)
    add_line(of, state=LineState.OPEN)
    follow_goods(of, by=of.seller, now=NOW)
    of.refresh_from_db()
    assert (of.state, of.delivered_on) == ("confirmed", None)


def test_an_order_brought_in_without_a_promise_may_turn_out_not_to_be_delivered():
    of = confirmed(state=OrderState.RECEIVED, promised_on=None, current_on=None)
    made = delivery(of, D)
    void_delivery(delivery=made, reason="没送", by=manager_of(of), now=NOW)
    of.refresh_from_db()
    assert (of.state, of.promised_on) == ("confirmed", D)


@pytest.mark.parametrize(
    ("who", "minutes", "reason", "code"),
    [
        ("seller", 11, "错", "too_late_to_take_back"),
        ("colleague", 1, "错", "not_yours_to_take_back"),
        ("manager", 60, " ", "reason_missing"),
        ("manager", 60, "错", None),
    ],
)
@pytest.mark.parametrize("act", ["void", "correct"])
def test_whoever_recorded_it_mends_it_for_ten_minutes_and_a_manager_with_a_reason(
    who, minutes, reason, code, act
):
    of = confirmed()
    made = deliver(of)
    by = {"seller": of.seller, "colleague": PersonFactory(store=of.store)}.get(who)
    by, at = by or manager_of(of), NOW + timedelta(minutes=minutes)

    def mend():
        if act == "void":
            return void_delivery(delivery=made, reason=reason, by=by, now=at)
        return correct_delivery(delivery=made, when=When(on=TODAY), reason=reason, by=by, now=at)

    if code is None:
        mend()
        return
    with pytest.raises(DeliveryNotChanged) as refused:
        mend()
    assert refused.value.codes == (code,)


def test_goods_that_came_back_were_delivered():
    of = confirmed()
    made = deliver(of)
    Return.objects.create(
        order=of, line=of.lines.get(), kind=ReturnKind.RETURN, cause="quality", qty=1, amount=5000,
        asked_on=TODAY, is_within=True, asked_by=of.seller, key=uuid4(),
    )  # fmt: skip
    with pytest.raises(DeliveryNotChanged) as refused:
        void_delivery(delivery=made, reason="错", by=of.seller, now=NOW)
    assert refused.value.codes == ("goods_came_back",)


def test_a_settled_order_keeps_its_deliveries():
    of = confirmed()
    made = deliver(of)
    type(of).objects.filter(pk=of.pk).update(state=OrderState.CANCELLED, cancelled_at=NOW,
                                             cancel_reason="x")  # fmt: skip
    with pytest.raises(OrderNotChanged):
        void_delivery(delivery=made, reason="错", by=of.seller, now=NOW)


def test_installed_another_day():
    of = confirmed()
    made = deliver(of, checked=WHOLE[:2] + WHOLE[3:])
    assert made.installed_on is None
    note_installation(delivery=made, on=TODAY, by=of.seller, now=NOW)
    assert Milestone.objects.get(kind=MilestoneKind.INSTALLED).reached_on == TODAY
    for on, code in ((D - timedelta(days=1), "installed_before"),
                     (TODAY + timedelta(days=1), "in_future")):  # fmt: skip
        with pytest.raises(DeliveryNotChanged) as refused:
            note_installation(delivery=made, on=on, by=of.seller, now=NOW)
        assert refused.value.codes == (code,)


def test_the_payment_check_ends_with_the_delivery_and_comes_back_with_a_mistake():
    of = confirmed()
    due(of, 5000)
    type(of).objects.filter(pk=of.pk).update(
        released_at=NOW, released_by=manager_of(of), release_reason="老客户"
    )
    made = deliver(of)
    days = AnchorDay.objects.filter(anchor=Anchor.ORDER_DELIVERY, subject_id=of.pk, ended_at=None)
    assert not days.exists()
    void_delivery(delivery=made, reason="错", by=of.seller, now=NOW)
    assert days.exists()


# --- Rules.


def test_each_trade_has_its_list_and_the_installation_may_come_later():
    assert [item.value for item in checklist(Trade.CARS)] == [
        "clean", "faultless", "documents", "keys", "explained",
    ]  # fmt: skip
    for trade in (Trade.FURNITURE, Trade.MATTRESSES, Trade.HOME):
        assert checklist(trade) == WHOLE
    assert unchecked(Trade.FURNITURE, ["complete"]) == [Checked.UNDAMAGED, Checked.EXPLAINED]
    assert unchecked(Trade.CARS, CAR) == []


@pytest.mark.parametrize(
    ("goods", "longest", "text"),
    [
        ([("沙发", 1)], 20, "沙发"),
        ([("沙发", 1), ("餐椅", 6)], 20, "沙发、餐椅×6"),
        ([("沙发", 1), ("餐椅", 6), ("床", 1)], 7, "沙发 +2"),
        ([("一张非常长的桌子", 1)], 4, "一张非常"),
    ],
)
def test_a_delivery_is_called_by_its_goods(goods, longest, text):
    assert summary(goods, longest=longest) == text
