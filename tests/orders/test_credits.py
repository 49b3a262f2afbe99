"""Credits: their dates, contact, offset with consent, refund by another, never twice (ORD-17)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from core.refusals import Refused
from followups.models import AnchorDay, Obligation
from followups.states import Anchor, State
from orders.models import Credit, CreditUse, Order
from orders.queries.money import uncertain_orders
from orders.queries.receivables import kept_for_customers
from orders.rules.credits import (
    is_overdue,
    is_refundable,
    left_over,
    refund_day,
    sources,
    standing,
    withdrawn,
)
from orders.services.cancelling import cancel_order
from orders.services.closing import settling_blockers
from orders.services.confirming import confirm_payment, reject_payment
from orders.services.credits import (
    CreditNotChanged,
    ask_refund,
    note_contact,
    offset_credit,
    pay_refund,
    refuse_refund,
)
from orders.states import CreditKind, CreditStanding, Method
from tests.factories import orders as make
from tests.factories.orders import NOW, TODAY
from tests.orders.changes import drop
from tests.orders.money import kept_right, later, order_of, owed_rightly, pay, till

DUE = later(days=28)


@pytest.mark.parametrize(
    ("changed_on", "refundable_from"),
    [
        (date(2026, 2, 2), date(2026, 3, 2)),
        (date(2026, 3, 15), date(2026, 4, 12)),
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2026, 12, 10), date(2027, 1, 7)),
    ],
)
def test_a_credit_is_refunded_four_weeks_after_the_change_and_overdue_the_day_after(
    changed_on, refundable_from
):
    assert refund_day(changed_on) == refundable_from
    day = timedelta(days=1)
    told = [(is_refundable(refundable_from, today=on), is_overdue(refundable_from, today=on))
            for on in (refundable_from - day, refundable_from, refundable_from + day)]  # fmt: skip
    assert told == [(False, False), (True, False), (True, True)]


def test_what_is_left_over_and_what_stood_on_sand():
    assert left_over(paid=Decimal(5000), new_amount=Decimal(4200)) == 800
    assert left_over(paid=Decimal(4200), new_amount=Decimal(5000)) == 0
    sand = [
        withdrawn(credits=Decimal(c), paid_in=Decimal(p), amount=Decimal(a))
        for c, p, a in [(4000, 0, 6000), (4000, 8000, 6000), (4000, 10000, 6000), (0, 0, 6000)]
    ]
    assert sand == [4000, 2000, 0, 0]


@pytest.mark.parametrize(
    ("offset", "refunded", "today", "stands"),
    [
        (0, 0, date(2026, 3, 2), CreditStanding.OPEN),
        (0, 0, date(2026, 3, 3), CreditStanding.OVERDUE),
        (799, 0, date(2026, 3, 3), CreditStanding.OVERDUE),
        (800, 0, date(2026, 3, 3), CreditStanding.OFFSET),
        (300, 500, date(2026, 3, 3), CreditStanding.REFUNDED),
    ],
)
def test_how_a_credit_stands(offset, refunded, today, stands):
    found = standing(
        amount=Decimal(800), offset=Decimal(offset), refunded=Decimal(refunded),
        refundable_from=date(2026, 3, 2), today=today,
    )  # fmt: skip
    assert found == stands


pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return till()


def credited(cast, *, amount=1000, confirmed=True) -> Credit:
    """An order of 5000 and `amount`, paid in full, of which the second line was dropped."""
    order = order_of(cast.seller, 5000, amount)
    payment = pay(order, 5000 + amount)
    if confirmed:
        confirm_payment(payment=payment, by=cast.finance, now=NOW)
    return drop(order, by=cast.seller)


def refused(act) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.codes


def offset(credit, order, amount, *, by, consent="客户微信同意", now=NOW, key=None):
    return offset_credit(credit=credit, order=order, amount=Decimal(amount), consent=consent, by=by,
                         key=key or uuid4(), now=now)  # fmt: skip


def asked(credit, amount, *, by, key=None) -> CreditUse:
    return ask_refund(credit=credit, amount=Decimal(amount), by=by, key=key or uuid4(), now=NOW)


def paid_out(use, *, by, now=DUE, method=Method.TRANSFER, voucher="V-1"):
    return pay_refund(use=use, method=method, voucher=voucher, by=by, now=now)


def test_the_customer_is_asked_before_it_is_due_and_then_not_again(cast):
    """M70: a change of 2026-03-12 is refundable from 04-09; the contact is owed on 04-02."""
    credit = credited(cast)
    assert credit.refundable_from == date(2026, 4, 9)
    steps = Obligation.objects.filter(subject_id=credit.pk, step__anchor=Anchor.CREDIT)
    told = dict(steps.values_list("step__code", "due_on"))
    assert told == {"credit-contact": date(2026, 4, 2), "credit-refund": date(2026, 4, 9)}
    note_contact(credit=credit, text="抵扣下次订单", by=cast.seller, now=later(days=3))
    left = steps.filter(state=State.OPEN).values_list("step__code", flat=True)
    assert list(left) == ["credit-refund"]
    again = lambda: note_contact(credit=credit, text="x", by=cast.seller, now=later(days=4))  # noqa: E731
    assert refused(again) == ("contacted_already",)


def test_an_offset_needs_consent_and_fits_the_other_order(cast):
    credit = credited(cast)
    other = order_of(cast.seller, 600, customer=credit.customer)
    stranger = order_of(cast.seller, 600)
    by = {"by": cast.seller}
    assert refused(lambda: offset(credit, other, 600, consent=" ", **by)) == ("consent_missing",)
    assert refused(lambda: offset(credit, credit.order, 600, **by)) == ("same_order",)
    assert refused(lambda: offset(credit, stranger, 600, **by)) == ("other_customer",)
    assert refused(lambda: offset(credit, other, 601, **by)) == ("more_than_open",)
    bare = make.order(seller=cast.seller, customer=credit.customer, lines=[])
    assert refused(lambda: offset(credit, bare, 1, **by)) == ("order_without_amount",)

    offset(credit, other, 600, **by)
    credit.refresh_from_db()
    other.refresh_from_db()
    assert (credit.used, other.paid) == (600, 600)
    assert kept_right(other)
    assert kept_right(credit.order)
    big = order_of(cast.seller, 9000, customer=credit.customer)
    assert refused(lambda: offset(credit, big, 401, **by)) == ("more_than_left",)
    offset(credit, big, 400, **by)
    assert AnchorDay.objects.get(anchor=Anchor.CREDIT, subject_id=credit.pk).ended_at == NOW
    assert refused(lambda: offset(credit, big, 1, **by)) == ("nothing_left",)


def test_the_same_offset_form_twice_is_one(cast):
    credit, key = credited(cast), uuid4()
    other = order_of(cast.seller, 600, customer=credit.customer)
    first = offset(credit, other, 100, by=cast.seller, key=key)
    assert offset(credit, other, 100, by=cast.seller, key=key) == first
    assert CreditUse.objects.count() == 1


def test_finance_pays_out_what_others_asked_for_from_its_day_on(cast):
    credit = credited(cast)
    use = asked(credit, 1000, by=cast.seller)
    credit.refresh_from_db()
    assert credit.used == 1000
    assert kept_for_customers(Credit.objects.all(), as_of=TODAY) == {credit.customer_id: 1000}
    assert refused(lambda: asked(credit, 1, by=cast.seller)) == ("nothing_left",)
    early = refused(lambda: paid_out(use, by=cast.finance, now=later(days=27)))
    assert early == ("too_early",)
    assert refused(lambda: paid_out(use, by=cast.finance, voucher="")) == ("voucher_missing",)
    paid_out(use, by=cast.finance)
    assert kept_for_customers(Credit.objects.all(), as_of=DUE.date()) == {}
    assert refused(lambda: paid_out(use, by=cast.other_finance)) == ("decided_already",)
    use.refresh_from_db()
    assert (use.method, use.voucher, use.done_by) == (Method.TRANSFER, "V-1", cast.finance)
    assert AnchorDay.objects.get(anchor=Anchor.CREDIT).ended_at == DUE
    assert owed_rightly()


def test_nobody_pays_out_what_they_asked_for(cast):
    use = asked(credited(cast), 1000, by=cast.finance)
    assert refused(lambda: paid_out(use, by=cast.finance)) == ("own_request",)
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditUse.objects.filter(pk=use.pk).update(
            done_at=DUE, done_by=cast.finance, method="cash", voucher="1"
        )
    paid_out(use, by=cast.other_finance)


def test_money_that_is_not_certain_is_not_paid_out(cast):
    use = asked(credited(cast, confirmed=False), 1000, by=cast.seller)
    assert refused(lambda: paid_out(use, by=cast.finance)) == ("money_uncertain",)


def test_offset_money_that_is_not_certain_is_neither_paid_out_nor_settles_the_other_order(cast):
    """A payment nobody confirmed, called off, offset, called off again: no cash comes of it."""
    first = order_of(cast.seller, 600)
    payment = pay(first, 600)
    second, third = (order_of(cast.seller, 600, customer=first.customer) for _each in range(2))
    cancel_order(order=first, reason="不要了", by=cast.manager, now=NOW)
    offset(first.credits.get(), second, 600, by=cast.seller)
    cancel_order(order=second, reason="不要了", by=cast.manager, now=NOW)
    use = asked(second.credits.get(), 300, by=cast.seller)
    assert refused(lambda: paid_out(use, by=cast.finance)) == ("money_uncertain",)
    offset(second.credits.get(), third, 300, by=cast.seller)
    assert uncertain_orders(third) == {first.pk}
    third.refresh_from_db()
    assert "credit_uncertain" in [each.code for each in settling_blockers(third)]

    confirm_payment(payment=payment, by=cast.finance, now=later(days=1))
    assert uncertain_orders(third) == set()
    paid_out(use, by=cast.finance)


def test_where_the_money_of_an_order_comes_from():
    moved = [(2, 1), (3, 2), (2, 3), (5, 4)]
    assert [sources(each, moved) for each in (1, 3, 5)] == [{1}, {1, 2, 3}, {4, 5}]


def test_a_refused_refund_leaves_the_credit_as_it_was(cast):
    credit = credited(cast)
    use = asked(credit, 1000, by=cast.seller)
    assert refused(lambda: refuse_refund(use=use, reason="", by=cast.finance)) == (
        "reason_missing",
    )
    refuse_refund(use=use, reason="客户改主意", by=cast.finance, now=NOW)
    credit.refresh_from_db()
    assert credit.used == 0
    assert asked(credit, 1000, by=cast.seller).pk != use.pk


@pytest.mark.parametrize(
    ("payments", "rejected", "credit_left"), [((5500, 500), 1, 500), ((6000,), 0, 0)]
)
def test_a_credit_goes_with_the_money_that_never_came(cast, payments, rejected, credit_left):
    """6000 ordered and paid, 1000 dropped: what is rejected takes its part of the credit along."""
    order = order_of(cast.seller, 5000, 1000)
    taken = [pay(order, amount) for amount in payments]
    credit = drop(order, by=cast.seller)
    reject_payment(payment=taken[rejected], reason="未到账", by=cast.finance, now=later(days=1))
    order.refresh_from_db()
    credit.refresh_from_db()
    assert credit.amount - credit.used == credit_left
    assert order.paid == sum(payments) - payments[rejected] - credit_left
    assert kept_right(order)
    assert owed_rightly()


def test_money_whose_credit_is_gone_is_not_rejected_any_more(cast):
    order = order_of(cast.seller, 5000, 1000)
    payment = pay(order, 6000)
    credit = drop(order, by=cast.seller)
    other = order_of(cast.seller, 1000, customer=order.customer)
    offset(credit, other, 1000, by=cast.seller)
    reject = lambda: reject_payment(payment=payment, reason="未到账", by=cast.finance)  # noqa: E731
    assert refused(reject) == ("credit_is_gone",)
    assert Order.objects.get(pk=order.pk).paid == 5000


def test_a_credit_day_is_a_day_of_the_store(cast):
    """Just after midnight in Shanghai is the evening before in London."""
    order = order_of(cast.seller, 5000, 1000)
    pay(order, 6000)
    at = datetime(2026, 3, 15, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    credit = drop(order, by=cast.seller, now=at)
    assert (credit.changed_on, credit.refundable_from) == (date(2026, 3, 15), date(2026, 4, 12))
    assert credit.kind == CreditKind.FEWER


def test_the_refusal_reads_like_one(cast):
    with pytest.raises(CreditNotChanged, match="¥1,000"):
        asked(credited(cast), 1001, by=cast.seller)
