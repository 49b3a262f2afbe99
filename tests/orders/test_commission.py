"""Commission of designers in the database: introduced, earned, paid once (ORD-18, M71)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from core.models import AuditEntry
from orders.models import CommissionEntry, Introduction, Order, OrderEvent, OrderLine, Return
from orders.queries.commission import (
    commission_in_short,
    commissions,
    in_state,
    with_commission,
)
from orders.services.commission import CommissionNotPaid, claw_back, pay_commission
from orders.services.holding import OrderNotChanged, hold_order
from orders.services.introducing import NotIntroduced, introduce, name_designer
from orders.states import (
    CommissionState,
    EventKind,
    LineState,
    OrderState,
    ReturnCause,
    ReturnKind,
    ReturnState,
)
from staff.states import Role
from tests.factories import orders
from tests.factories.designers import designer, introduction
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db
DAY, NOW = date(2026, 3, 20), orders.NOW + timedelta(days=10)
SOFA = {"price": 43000, "qty": 2, "delivered_qty": 2, "state": LineState.DELIVERED}
LAMPS = {
    "price": 3200, "qty": 2, "delivered_qty": 2, "state": LineState.DELIVERED,
    "is_accessory": True, "product": "落地灯",
}  # fmt: skip
WORTH = 92400


@pytest.fixture
def seller():
    return PersonFactory()


@pytest.fixture
def finance():
    return PersonFactory(role=Role.FINANCE)


def done(seller, of=None, *, lines=(SOFA, LAMPS), paid=WORTH, state=OrderState.DELIVERED, **said):
    """An order of this designer that is delivered and paid."""
    return orders.order(
        seller=seller, lines=lines, paid=paid, state=state, designer=of or designer(seller),
        delivered_on=date(2026, 3, 18), **said,
    )  # fmt: skip


def pay(order, amount, by, **said):
    said = {"on": DAY, "voucher": "YJ-001", "key": uuid4(), "now": NOW} | said
    return pay_commission(order=order, amount=Decimal(str(amount)), by=by, **said)


def goods_back(order, amount, *, cause=ReturnCause.CUSTOMER, kind=ReturnKind.RETURN, line=None):
    """A return of so much that is settled, and what it claws back."""
    manager = PersonFactory(role=Role.STORE_MANAGER, store=order.store)
    row = Return.objects.create(
        order=order, line=line or order.lines.get(position=1), kind=kind, cause=cause, qty=1,
        amount=amount, asked_on=DAY, is_within=True, state=ReturnState.SETTLED,
        asked_by=order.seller, decided_by=manager, decided_at=NOW, settled_on=DAY, key=uuid4(),
    )  # fmt: skip
    return claw_back(row, hold_order(order, even_closed=True), on=DAY, by=manager, at=NOW)


def refusal(kind, act, *args, **said):
    with pytest.raises(kind) as refused:
        act(*args, **said)
    return refused.value.codes


def test_the_worked_example_from_delivery_to_claw_back(seller, finance):
    order = done(seller)
    found = commission_in_short(order)
    assert (found.furniture, found.accessories) == (Decimal("86000.00"), Decimal("6400.00"))
    assert (found.reckoned.due, found.payable) == (Decimal("9880.00"), Decimal("9880.00"))
    pay(order, 9880, finance)
    entry = goods_back(order, Decimal(12000))
    assert entry.amount == Decimal("1080.00")
    found = commission_in_short(order)
    assert (found.state, found.open_in_all) == (CommissionState.CLAWED_BACK, Decimal("-1080.00"))
    kinds = OrderEvent.objects.filter(order=order).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [EventKind.COMMISSION_PAID, EventKind.COMMISSION_CLAWED_BACK]
    assert AuditEntry.objects.filter(verb="order_commission_paid", by=finance).exists()


def test_nothing_is_payable_before_the_order_is_delivered_and_paid(seller, finance):
    of = designer(seller)
    on_the_way = orders.order(seller=seller, lines=(SOFA,), paid=86000, designer=of)
    unpaid = done(seller, of, paid=WORTH - 1)
    for order in (on_the_way, unpaid):
        assert commission_in_short(order).reckoned.due is None
        assert refusal(CommissionNotPaid, pay, order, 1, finance) == ("not_completed",)
    settled = done(seller, of, state=OrderState.ARCHIVED)
    assert pay(settled, 1, finance).amount == 1


def test_never_more_than_is_payable(seller, finance):
    order = done(seller)
    assert refusal(CommissionNotPaid, pay, order, "9880.01", finance) == ("more_than_payable",)
    pay(order, 9880, finance)
    assert refusal(CommissionNotPaid, pay, order, "0.01", finance) == ("nothing_payable",)
    no_designer = orders.order(seller=seller)
    assert refusal(CommissionNotPaid, pay, no_designer, 1, finance) == ("no_designer",)
    assert refusal(CommissionNotPaid, pay, order, 1, finance, voucher="") == (
        "voucher_missing", "nothing_payable",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "code"),
    [(date(2026, 3, 22), None), (date(2026, 3, 23), "paid_in_future"),
     (date(2026, 3, 12), None), (date(2026, 3, 11), "paid_before_order")],
)  # fmt: skip
def test_a_payment_has_a_day_that_was(seller, finance, on, code):
    order = done(seller)
    if code:
        assert refusal(CommissionNotPaid, pay, order, 1, finance, on=on) == (code,)
    else:
        assert pay(order, 1, finance, on=on).on == on


def test_the_same_form_twice_is_one_payment(seller, finance):
    order, key = done(seller), uuid4()
    assert pay(order, 9880, finance, key=key) == pay(order, 9880, finance, key=key)
    assert CommissionEntry.objects.count() == 1


def test_what_a_designer_owes_is_deducted_from_the_next_order(seller, finance):
    of = designer(seller)
    first, second = done(seller, of), done(seller, of, lines=(SOFA,), paid=86000)
    pay(first, 9880, finance)
    goods_back(first, Decimal(12000))
    assert commission_in_short(second).payable == Decimal("7520.00")
    assert refusal(CommissionNotPaid, pay, second, "7520.01", finance) == ("more_than_payable",)
    pay(second, 7520, finance)
    found = commissions(with_commission(Order.objects.all()))
    assert [each.payable for each in found.values()] == [0, 0]
    assert {each.state for each in found.values()} == {
        CommissionState.CLAWED_BACK, CommissionState.PAID,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cause", "kind", "amount"),
    [
        (ReturnCause.CUSTOMER, ReturnKind.RETURN, Decimal("1080.00")),
        (ReturnCause.QUALITY, ReturnKind.RETURN, None),
        (ReturnCause.DAMAGED, ReturnKind.RETURN, None),
        (ReturnCause.WRONG, ReturnKind.RETURN, None),
        (ReturnCause.OTHER, ReturnKind.RETURN, None),
        (ReturnCause.CUSTOMER, ReturnKind.EXCHANGE, None),
    ],
)
def test_only_what_the_customer_gives_back_at_will_is_clawed_back(seller, cause, kind, amount):
    entry = goods_back(done(seller), Decimal(12000), cause=cause, kind=kind)
    assert (entry.amount if entry else None) == amount


def test_accessories_are_clawed_back_at_their_own_rate(seller):
    order = done(seller)
    entry = goods_back(order, Decimal(3200), line=order.lines.get(position=2))
    assert entry.amount == Decimal("576.00")
    assert goods_back(orders.order(seller=seller), Decimal(5000)) is None


def test_exchanged_goods_count_once_as_their_new_line(seller):
    order = done(seller)
    goods_back(order, Decimal(43000), kind=ReturnKind.EXCHANGE)
    assert commission_in_short(order).furniture == Decimal("43000.00")
    orders.line(order, price=40000, state=LineState.DELIVERED, delivered_qty=1)
    assert commission_in_short(order).furniture == Decimal("83000.00")


def test_rates_are_those_of_the_introduction_else_of_the_agreement_else_the_usual(seller):
    of = designer(seller, furniture_rate=Decimal("12.5"))
    order = done(seller, of)
    rates = commission_in_short(order).rates
    assert (rates.furniture, rates.accessories) == (Decimal("12.5"), Decimal(20))
    introduction(of, order.customer, furniture_rate=8, accessories_rate=0)
    rates = commission_in_short(order).rates
    assert (rates.furniture, rates.accessories) == (8, 0)


def test_states_in_sql_are_those_of_the_rule(seller, finance):
    of, owing = designer(seller), designer(seller)
    paid, owed, next_one = done(seller, of), done(seller, owing), done(seller, owing)
    done(seller, designer(seller))
    done(seller, of, lines=(SOFA,), paid=0)
    orders.order(seller=seller, designer=of)
    orders.order(seller=seller)
    pay(paid, 9880, finance)
    pay(owed, 9880, finance)
    pay(next_one, 1, finance)
    for _again in range(5):
        goods_back(owed, Decimal(86000))
    assert commission_in_short(next_one).payable == 0
    rows = with_commission(Order.objects.order_by("pk"))
    told = {pk: each.state for pk, each in commissions(rows).items()}
    for state in CommissionState:
        expected = {pk for pk, each in told.items() if each == state}
        assert {row.pk for row in in_state(rows, state)} == expected, state
    assert set(told.values()) == {
        CommissionState.ORDERED, CommissionState.DONE, CommissionState.PAID,
        CommissionState.CLAWED_BACK,
    }  # fmt: skip


def test_commission_of_many_orders_is_two_queries(seller, django_assert_num_queries):
    for _each in range(3):
        done(seller)
    with django_assert_num_queries(2):
        assert len(commissions(with_commission(Order.objects.all()))) == 3


def test_an_introduction_keeps_the_rates_of_that_day_and_names_the_designer_on_the_card(seller):
    of = designer(seller, furniture_rate=Decimal(8))
    customer = orders.order(seller=seller).customer
    said = {"designer": of, "customer": customer, "by": seller, "now": NOW}
    key = uuid4()
    first = introduce(on=date(2026, 3, 5), key=key, **said)
    assert introduce(on=date(2026, 3, 5), key=key, **said) == first
    assert (first.furniture_rate, first.accessories_rate) == (8, 20)
    customer.refresh_from_db()
    assert customer.designer == of
    assert refusal(NotIntroduced, introduce, on=DAY, key=uuid4(), **said) == (
        "introduced_already",
    )  # fmt: skip
    late = designer(seller, valid_until=date(2026, 3, 19))
    assert refusal(NotIntroduced, introduce, on=DAY, key=uuid4(), **said | {"designer": late}) == (
        "after_agreement",
    )
    customer.refresh_from_db()
    assert customer.designer == of


def test_naming_a_designer_on_an_order_introduces_the_customer_on_its_day(seller):
    of, order = designer(seller), orders.order(seller=seller)
    name_designer(order=order, designer=of, by=seller, now=NOW)
    told = Introduction.objects.get()
    assert (told.introduced_on, told.customer) == (order.ordered_on, order.customer)
    order.refresh_from_db()
    assert order.designer == of
    assert refusal(NotIntroduced, name_designer, order=order, designer=of, by=seller) == (
        "named_already",
    )  # fmt: skip
    name_designer(order=order, designer=None, by=seller, now=NOW)
    order.refresh_from_db()
    assert order.designer is None


def test_no_commission_follows_from_an_introduction_after_the_order(seller):
    of, order = designer(seller), orders.order(seller=seller)
    introduction(of, order.customer, on=order.ordered_on + timedelta(days=1))
    said = {"order": order, "designer": of, "by": seller, "now": NOW}
    assert refusal(NotIntroduced, name_designer, **said) == ("after_order",)


def test_after_the_confirmation_a_manager_names_the_designer_and_after_payment_nobody(
    seller, finance
):
    of = designer(seller)
    order = orders.order(seller=seller, state=OrderState.DELIVERED, lines=(SOFA,), paid=86000)
    said = {"order": order, "designer": of, "now": NOW}
    assert refusal(NotIntroduced, name_designer, by=seller, **said) == ("manager_names",)
    manager = PersonFactory(role=Role.STORE_MANAGER, store=seller.store)
    name_designer(by=manager, **said)
    pay(order, 1, finance)
    said["designer"] = designer(seller)
    assert refusal(NotIntroduced, name_designer, by=manager, **said) == ("paid_already",)
    closed = done(seller, state=OrderState.SETTLED)
    assert refusal(OrderNotChanged, name_designer, by=manager, **said | {"order": closed}) == (
        "closed",
    )  # fmt: skip


def test_what_came_back_is_out_of_the_order_s_amount(seller):
    order = orders.order(seller=seller, lines=({**SOFA, "price": 100},))
    OrderLine.objects.filter(order=order).update(returned_qty=1)
    order.refresh_from_db()
    assert order.amount == Decimal(100)
