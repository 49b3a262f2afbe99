"""The colour of an order (ORD-11): the rule, case by case, and its twin in SQL over any order."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from orders.models import Due, Order, OrderTerms
from orders.queries.completion import IS_OPEN, is_paid, of_completion, standing_of, with_facts
from orders.queries.receivables import owed_of
from orders.rules.ageing import still_open
from orders.rules.completion import Progress, pay_state, standing
from orders.states import Completion, DueKind, LateWith, OrderState, PayState
from staff.states import Trade
from tests.examples import examples
from tests.factories.customers import CustomerFactory
from tests.factories.orders import NOW, TODAY

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
D = Decimal


def order(**said) -> Progress:
    """Prepaid, 3,000 of 8,600 paid, one of two lines here, to be delivered in three weeks."""
    facts = {
        "state": OrderState.CONFIRMED, "amount": D(8600), "paid": D(8600), "due_before": D(8600),
        "lines_all": 2, "lines_arrived": 1, "current_on": TODAY + 3 * WEEK,
    }  # fmt: skip
    return Progress(**facts | said)


@pytest.mark.parametrize(
    ("said", "colour", "late"),
    [
        ({}, "awaited", ()),
        ({"lines_arrived": 2}, "deliverable", ()),
        ({"paid": D("8599.99")}, "unpaid", ()),
        ({"paid": D("8599.99"), "lines_arrived": 2}, "unpaid", ()),
        ({"amount": None, "paid": D(500), "due_before": D(0), "lines_all": 0}, "unpaid", ()),
        ({"state": "delivered", "lines_arrived": 2}, "done", ()),
        ({"state": "archived", "lines_arrived": 2}, "done", ()),
        ({"state": "delivered", "paid": D(3000), "due_before": D(3000)}, "unpaid", ()),
        ({"state": "delivered", "paid": D(0), "owes_overdue": True}, "overdue", ("receivable",)),
        ({"state": "cancelled", "paid": D(0), "current_on": TODAY - DAY}, "cancelled", ()),
        # Cash on delivery: what is due later holds nothing (decision 16).
        ({"paid": D(2000), "due_before": D(2000), "lines_arrived": 2}, "deliverable", ()),
        ({"current_on": TODAY}, "awaited", ()),
        ({"current_on": TODAY - DAY}, "overdue", ("delivery",)),
        ({"current_on": TODAY + WEEK, "paid": D(5600)}, "overdue", ("payment",)),
        ({"current_on": TODAY + WEEK + DAY, "paid": D(5600)}, "unpaid", ()),
        ({"current_on": TODAY + WEEK + DAY, "paid": D(1), "check_days": 8}, "overdue",
         ("payment",)),
        ({"current_on": TODAY - DAY, "paid": D(1)}, "overdue", ("delivery", "payment")),
        ({"current_on": None, "owes_overdue": True}, "overdue", ("receivable",)),
    ],
)  # fmt: skip
def test_the_colour_of_an_order(said, colour, late):
    found = standing(order(**said), today=TODAY)
    assert (found.completion, found.late_with) == (Completion(colour), late)


def test_a_delivery_with_three_thousand_open_is_red_a_week_before():
    june = order(current_on=date(2026, 6, 20), paid=D(5600))
    assert standing(june, today=date(2026, 6, 12)).completion == Completion.UNPAID
    assert standing(june, today=date(2026, 6, 13)).late_with == (LateWith.PAYMENT,)


AMOUNTS = st.sampled_from([D(0), D(1), D(3), D(7), D(10)])
DAYS = st.sampled_from([None, *(TODAY + n * DAY for n in (-8, -1, 0, 1, 7, 8, 20))])
DUES = st.lists(
    st.tuples(st.sampled_from(DueKind.values), st.sampled_from([D(1), D(4), D(6)]), DAYS),
    max_size=3,
)
ANY_ORDER = st.fixed_dictionaries(
    {
        "state": st.sampled_from(OrderState.values),
        "amount": st.one_of(st.none(), AMOUNTS),
        "paid": AMOUNTS,
        "due_before": AMOUNTS,
        "lines_all": st.integers(0, 2),
        "lines_arrived": st.integers(0, 2),
        "current_on": DAYS,
        "delivered_on": DAYS,
        "dues": DUES,
        "is_of_cars": st.booleans(),
    }
)
numbers = count(1)


def mended(facts):
    """What the database lets be, as near to the facts as can be."""
    amount, paid, state = facts["amount"], facts["paid"], facts["state"]
    if state in (OrderState.SETTLED, OrderState.ARCHIVED):
        amount = paid
    elif amount is None and state == OrderState.CONFIRMED:
        state = OrderState.CHECKED
    elif amount is not None:
        paid = min(paid, amount)
    return facts | {"amount": amount, "paid": paid, "state": state}


SAID = ("state", "amount", "paid", "due_before", "lines_all", "lines_arrived", "delivered_on",
        "settled_at", "cancelled_at", "cancel_reason")  # fmt: skip


def write(orders, *, of) -> None:
    """The orders as rows; their sums are set, not reckoned: the colours read no more than them."""
    rows = []
    for facts in orders:
        buyer = of[facts["is_of_cars"]]
        rows.append(Order(
            number=f"C{next(numbers)}", ordered_on=TODAY, customer=buyer, store=buyer.store,
            seller=buyer.owner, promised_on=TODAY, current_on=facts["current_on"],
        ))  # fmt: skip
    Order.objects.bulk_create(rows)
    Due.objects.bulk_create(
        Due(order=row, position=at, kind=kind, amount=amount, disputed_at=None,
            due_on=day or (TODAY if kind == DueKind.ON_DAY else None))
        for row, facts in zip(rows, orders, strict=True)
        for at, (kind, amount, day) in enumerate(facts["dues"])
    )  # fmt: skip
    for row, facts in zip(rows, orders, strict=True):
        gone = facts["state"] == OrderState.CANCELLED
        told = facts | {"settled_at": NOW, "cancelled_at": NOW if gone else None,
                        "cancel_reason": "x" if gone else ""}  # fmt: skip
        for name in SAID:
            setattr(row, name, told[name])
    Order.objects.bulk_update(rows, SAID)


@pytest.fixture
def buyers(db):
    """A customer of furniture, where terms are as shipped, and one of cars, where they differ."""
    OrderTerms.objects.create(trade=Trade.CARS, check_days=1)
    furniture, cars = CustomerFactory(), CustomerFactory()
    cars.store.trade = Trade.CARS
    cars.store.save()
    return {False: furniture, True: cars}


@given(orders=st.lists(ANY_ORDER.map(mended), min_size=20, max_size=30))
@examples(8)
def test_rule_and_sql_agree_on_any_order(buyers, orders):
    with transaction.atomic():
        write(orders, of=buyers)
        rows = list(with_facts(Order.objects.all(), today=TODAY).prefetch_related("dues"))
        dues = {row.pk: sorted(row.dues.values("pk", "kind", "amount", "due_on", "disputed_at",
                                               "position"), key=lambda due: due["position"])
                for row in rows}  # fmt: skip
        for row in rows:
            owed = owed_of(dues[row.pk], delivered_on=row.delivered_on, as_of=TODAY)
            overdue = [one for one in still_open(owed, paid=row.paid) if one.due_on < TODAY]
            assert row.owes_overdue == bool(overdue)
            assert row.check_days == (1 if row.store_id == buyers[True].store_id else 7)
        colours = {row.pk: standing_of(row, today=TODAY).completion for row in rows}
        for value in Completion:
            found = of_completion(Order.objects.all(), value, today=TODAY)
            assert set(found.values_list("pk", flat=True)) == {
                pk for pk, colour in colours.items() if colour == value
            }
        is_open = set(Order.objects.filter(IS_OPEN).values_list("pk", flat=True))
        shut = (Completion.DONE, Completion.CANCELLED)
        assert is_open == {pk for pk, colour in colours.items() if colour not in shut}
        paid = {row.pk: pay_state(amount=row.amount, paid=row.paid, due_before=row.due_before)
                for row in rows}  # fmt: skip
        for value in PayState:
            found = Order.objects.filter(is_paid(value))
            assert set(found.values_list("pk", flat=True)) == {
                pk for pk, state in paid.items() if state == value
            }
        transaction.set_rollback(True)
