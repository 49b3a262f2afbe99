"""Terms of payment: how an order is divided, when each part is due, what is paid of it (FIN-01)."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followups.models import AnchorDay
from followups.states import Anchor
from orders.models import Account, Due, Order, OrderEvent, OrderTerms
from orders.queries.money import dues_of
from orders.rules.ageing import Owed, what_is_left
from orders.rules.terms import (
    Days,
    Instalment,
    asked_by,
    asked_for,
    due_day,
    fitted,
    is_before_delivery,
    terms_blockers,
)
from orders.services.holding import OrderNotChanged, hold_order
from orders.services.terms import TermsNotSet, follow_amount, follow_delivery, set_terms
from orders.states import DueKind, EventKind, Terms
from tests.examples import examples
from tests.factories import orders as make
from tests.factories.orders import NOW, TODAY

MAY = date(2026, 5, 12)
cents = st.integers(0, 10**9).map(lambda number: Decimal(number) / 100)


def days(delivery: date | None = MAY) -> Days:
    return Days(ordered_on=TODAY, delivery_on=delivery, check_days=7, monthly_days=30)


@pytest.mark.parametrize(
    ("kind", "due_on", "before"),
    [
        (DueKind.ORDERED, TODAY, True),
        (DueKind.BEFORE_DELIVERY, date(2026, 5, 5), True),
        (DueKind.ON_DELIVERY, MAY, False),
        (DueKind.ON_DAY, date(2026, 5, 12), True),
        (DueKind.MONTH_END, date(2026, 6, 30), False),
    ],
)
def test_each_kind_is_due_on_its_day(kind, due_on, before):
    assert due_day(kind, days=days(), on=MAY) == due_on
    assert is_before_delivery(kind, due_on=due_on, delivery_on=MAY) is before
    later = is_before_delivery(kind, due_on=MAY + timedelta(days=1), delivery_on=MAY)
    assert later is (before and kind != DueKind.ON_DAY)


def test_the_payment_check_is_a_week_before_the_delivery_and_unknown_without_one():
    told = due_day(DueKind.BEFORE_DELIVERY, days=days(date(2026, 6, 20)))
    assert told == date(2026, 6, 13)
    assert due_day(DueKind.BEFORE_DELIVERY, days=days(None)) is None
    soon = TODAY + timedelta(days=6)
    assert due_day(DueKind.BEFORE_DELIVERY, days=days(soon)) == TODAY
    assert due_day(DueKind.BEFORE_DELIVERY, days=days(soon + timedelta(days=2))) != TODAY
    assert due_day(DueKind.MONTH_END, days=days(date(2024, 1, 31))) == date(2024, 3, 1)
    assert not is_before_delivery(DueKind.ON_DAY, due_on=MAY, delivery_on=None)


@pytest.mark.django_db
@pytest.mark.parametrize("delivery_on", [None, MAY])
def test_the_database_sums_what_is_due_before_delivery_as_the_rule_says(delivery_on):
    order = make.order(lines=(8600,), current_on=delivery_on)
    order.dues.all().delete()
    days_around = [None, MAY - timedelta(days=1), MAY, MAY + timedelta(days=1)]
    said = [(kind, on) for kind in DueKind for on in days_around if on or kind != DueKind.ON_DAY]
    for number, (kind, on) in enumerate(said):
        make.due(order, 2**number, kind=kind, on=on)
    before = sum(
        2**number
        for number, (kind, on) in enumerate(said)
        if is_before_delivery(kind, due_on=on, delivery_on=delivery_on)
    )
    assert order.due_before == before


def blocked(terms=Terms.PREPAID, *, deposit="0", rows=(), is_monthly=False) -> list[str]:
    found = terms_blockers(
        terms=terms, amount=Decimal(8600), deposit=Decimal(deposit), ordered_on=TODAY,
        instalments=[Instalment(amount=Decimal(amount), on=on) for amount, on in rows],
        is_monthly=is_monthly,
    )  # fmt: skip
    return [blocker.code for blocker in found]


LATER = TODAY + timedelta(days=30)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"deposit": "8600.01"}, "deposit_too_large"),
        ({"terms": Terms.MONTHLY}, "not_monthly"),
        ({"terms": Terms.MONTHLY, "deposit": "1", "is_monthly": True}, "deposit_elsewhere"),
        ({"terms": Terms.INSTALMENTS}, "instalments_missing"),
        ({"terms": Terms.INSTALMENTS, "rows": [("8599.99", LATER)]}, "instalments_differ"),
        ({"terms": Terms.INSTALMENTS, "rows": [("8600", LATER), ("0", MAY)]}, "instalment_empty"),
        ({"terms": Terms.INSTALMENTS, "rows": [("600", LATER), ("8000", LATER)]},
         "instalment_days"),
        ({"terms": Terms.INSTALMENTS, "rows": [("8600", TODAY - timedelta(days=1))]},
         "instalment_days"),
        ({"terms": Terms.INSTALMENTS, "rows": [("100", TODAY + timedelta(days=n))
                                               for n in range(86)]}, "instalments_many"),
    ],
)  # fmt: skip
def test_what_stops_terms(said, code):
    assert blocked(**said) == [code]


def test_terms_that_stand():
    assert blocked(deposit="8600") == []
    assert blocked(Terms.MONTHLY, is_monthly=True) == []
    assert blocked(Terms.INSTALMENTS, rows=[("600", TODAY), ("8000", LATER)]) == []


@examples(60)
@given(amount=cents, share=st.fractions(0, 1), total=cents,
       terms=st.sampled_from([Terms.PREPAID, Terms.ON_DELIVERY, Terms.MONTHLY]))  # fmt: skip
def test_dues_add_up_to_the_order_to_the_cent_whatever_it_costs_next(amount, share, total, terms):
    deposit = Decimal(int(amount * 100 * share.numerator / share.denominator)) / 100
    asked = asked_for(terms=terms, amount=amount, deposit=deposit)
    assert sum(one.amount for one in asked) == amount
    fits = fitted([one.amount for one in asked], total)
    assert all(part >= 0 for part in fits)
    assert sum(fits) == (total if asked else 0)
    assert fits[:-1] == [min(one.amount, fit) for one, fit in zip(asked, fits, strict=True)][:-1]


@examples(60)
@given(amounts=st.lists(cents, max_size=5), paid=cents)
def test_what_is_paid_is_spread_to_the_cent_over_the_oldest_first(amounts, paid):
    owed = [Owed(amount=amount, due_on=TODAY - timedelta(days=index) if index else None)
            for index, amount in enumerate(amounts)]  # fmt: skip
    left = what_is_left(owed, paid=paid)
    assert sum(rest for _one, rest in left) == max(sum(amounts) - paid, 0)
    assert all(0 <= rest <= one.amount for one, rest in left)
    assert [one for one, _rest in left] == sorted(owed, key=lambda one: one.due_on or date.max)
    assert all(after == one.amount for (_one, rest), (one, after) in pairwise(left) if rest)


def test_what_is_asked_for_by_a_day_is_all_that_is_due_else_the_next():
    owed = [Owed(amount=Decimal(2000), due_on=TODAY), Owed(amount=Decimal(3000), due_on=MAY)]
    assert asked_by(owed, Decimal(0), on=TODAY) == 2000
    assert asked_by(owed, Decimal(2000), on=TODAY) == 3000
    assert asked_by(owed, Decimal(500), on=MAY) == 4500
    assert asked_by(owed, Decimal(5000), on=MAY) == 0


# ---- as the services keep them

pytestmark = pytest.mark.django_db


def told(order: Order) -> list[tuple[str, Decimal, date | None]]:
    return [(due.kind, due.amount, due.due_on) for due in dues_of(order)]


def test_terms_write_their_dues_and_the_order_knows_what_comes_before_delivery():
    order = make.order(lines=[8600], current_on=MAY)
    held = set_terms(order=order, terms=Terms.ON_DELIVERY, deposit=Decimal(2000), by=order.seller,
                     now=NOW)  # fmt: skip
    assert told(order) == [("ordered", 2000, TODAY), ("on_delivery", 6600, MAY)]
    assert (held.terms, held.due_before) == (Terms.ON_DELIVERY, 2000)
    set_terms(order=order, terms=Terms.PREPAID, by=order.seller, now=NOW)
    assert told(order) == [("before_delivery", 8600, date(2026, 5, 5))]
    rows = [Instalment(amount=Decimal(600), on=TODAY), Instalment(amount=Decimal(8000), on=LATER)]
    held = set_terms(order=order, terms=Terms.INSTALMENTS, instalments=rows, by=order.seller,
                     now=NOW)  # fmt: skip
    assert told(order) == [("on_day", 600, TODAY), ("on_day", 8000, LATER)]
    assert held.due_before == 8600
    assert OrderEvent.objects.filter(order=order, kind=EventKind.TERMS_CHANGED).count() == 3


def test_monthly_terms_are_for_who_has_them_and_end_with_the_month():
    order = make.order(lines=[8600], current_on=MAY)
    with pytest.raises(TermsNotSet) as refusal:
        set_terms(order=order, terms=Terms.MONTHLY, by=order.seller, now=NOW)
    assert refusal.value.codes == ("not_monthly",)
    Account.objects.create(customer=order.customer, is_monthly=True, set_by=order.seller)
    OrderTerms.objects.create(trade=order.store.trade, monthly_days=15)
    set_terms(order=order, terms=Terms.MONTHLY, by=order.seller, now=NOW)
    assert told(order) == [("month_end", 8600, date(2026, 6, 15))]


def test_an_order_without_lines_has_no_terms_yet_and_gets_its_dues_with_them():
    order = make.order(lines=[])
    with pytest.raises(TermsNotSet) as refusal:
        set_terms(order=order, terms=Terms.PREPAID, by=order.seller, now=NOW)
    assert refusal.value.codes == ("no_lines",)
    make.line(order, price=4000)
    follow_amount(hold_order(order), now=NOW)
    assert told(order) == [("before_delivery", 4000, None)]


def test_the_dues_follow_the_amount_and_keep_their_rows():
    order = make.order(lines=[8600], current_on=MAY)
    set_terms(order=order, terms=Terms.ON_DELIVERY, deposit=Decimal(2000), by=order.seller,
              now=NOW)  # fmt: skip
    keys = [due.pk for due in dues_of(order)]
    extra = make.line(order, price=Decimal("0.05"))
    follow_amount(hold_order(order), now=NOW)
    assert [(due.pk, due.amount) for due in dues_of(order)] == [
        (keys[0], 2000), (keys[1], Decimal("6600.05"))
    ]  # fmt: skip
    order.lines.exclude(pk=extra.pk).delete()
    follow_amount(hold_order(order), now=NOW)
    assert told(order) == [("ordered", Decimal("0.05"), TODAY)]
    assert not Due.objects.filter(pk=keys[1]).exists()


def test_the_dues_follow_the_delivery():
    order = make.order(lines=[8600], current_on=MAY)
    follow_amount(hold_order(order), now=NOW)
    Order.objects.filter(pk=order.pk).update(current_on=date(2026, 6, 20))
    follow_delivery(hold_order(order), now=NOW)
    assert told(order) == [("before_delivery", 8600, date(2026, 6, 13))]
    assert AnchorDay.objects.get(anchor=Anchor.ORDER_DELIVERY).on == date(2026, 6, 20)
    Order.objects.filter(pk=order.pk).update(current_on=None)
    follow_delivery(hold_order(order), now=NOW)
    assert told(order) == [("before_delivery", 8600, None)]
    assert AnchorDay.objects.get(anchor=Anchor.ORDER_DELIVERY).ended_at is not None


def test_a_closed_order_keeps_its_terms():
    order = make.order(lines=[8600], state="cancelled")
    with pytest.raises(OrderNotChanged) as refusal:
        set_terms(order=order, terms=Terms.PREPAID, by=order.seller, now=NOW)
    assert refusal.value.codes == ("closed",)
