"""The payment gate: paid before delivery, else held with the reason (ORD-20, M72)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from core.models import AuditEntry
from followups.models import AnchorDay, Obligation
from followups.states import Anchor, State
from orders.models import Account, Order
from orders.services.accounts import NewTerms, set_account
from orders.services.confirming import reject_payment
from orders.services.gate import (
    DeliveryHeld,
    DeliveryNotReleased,
    refuse_if_held,
    release_delivery,
)
from orders.services.holding import hold_order
from orders.services.slips import NewSlip, note_slip
from orders.services.terms import TermsNotSet, follow_amount, set_terms
from orders.states import Method, OrderState, Terms
from staff.states import Role
from tests.factories import orders as make
from tests.factories.orders import NOW
from tests.factories.staff import PersonFactory
from tests.orders.money import later, order_of, pay, till

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return till()


def held(order: Order) -> tuple[str, ...]:
    try:
        refuse_if_held(hold_order(order), now=NOW)
    except DeliveryHeld as refusal:
        return refusal.codes
    return ()


def refused(**said) -> tuple[str, ...]:
    with pytest.raises(DeliveryNotReleased) as refusal:
        release_delivery(**{"reason": "老客户，送货时付清", "now": NOW} | said)
    return refusal.value.codes


def test_three_thousand_open_a_week_before_make_a_task_and_hold_the_goods(cast):
    """M72 to the letter: delivery 2026-06-20, the task stands on 06-13, the release is refused."""
    order = order_of(cast.seller, 8000)
    pay(order, 5000, now=later(days=60))
    day = AnchorDay.objects.get(anchor=Anchor.ORDER_DELIVERY, subject_id=order.pk)
    assert (day.on, day.ended_at) == (date(2026, 6, 20), None)
    assert "¥3,000" in day.text
    check = Obligation.objects.get(step__code="order-payment-check", subject_id=order.pk)
    assert (check.due_on, check.state) == (date(2026, 6, 13), State.OPEN)
    with pytest.raises(DeliveryHeld) as refusal:
        refuse_if_held(hold_order(order), now=NOW)
    assert "¥3,000" in str(refusal.value)

    pay(order, 3000, now=later(days=61))
    day.refresh_from_db()
    check.refresh_from_db()
    assert (day.ended_at, check.state) == (later(days=61), State.CANCELLED)
    assert held(order) == ()


def test_what_is_due_later_holds_nothing(cast):
    order = order_of(cast.seller, 8000)
    set_terms(order=order, terms=Terms.ON_DELIVERY, deposit=Decimal(2000), by=cast.seller, now=NOW)
    assert held(order) == ("open_before",)
    pay(order, 2000)
    assert held(order) == ()
    Account.objects.create(customer=order.customer, is_monthly=True, set_by=cast.finance)
    set_terms(order=order, terms=Terms.MONTHLY, by=cast.seller, now=NOW)
    assert held(order) == ()


def test_a_manager_lets_it_go_with_a_reason_that_stays(cast):
    order = order_of(cast.seller, 8000)
    pay(order, 5000)
    assert refused(order=order, by=cast.manager, reason=" ") == ("reason_missing",)
    assert refused(order=order, by=cast.colleague) == ("not_manager",)
    assert refused(order=order, by=cast.finance) == ("not_manager",)
    release_delivery(order=order, reason="老客户，送货时付清", by=cast.manager, now=NOW)
    assert held(order) == ()
    assert refused(order=order, by=cast.manager) == ("released_already",)
    entry = AuditEntry.objects.get(verb="order_released")
    assert (entry.by, entry.object_id) == (cast.manager, order.pk)
    assert order.events.get(kind="released").note == "老客户，送货时付清"


def test_nobody_lets_the_own_sale_go_nor_what_nothing_holds(cast):
    own = order_of(cast.manager, 8000)
    assert refused(order=own, by=cast.manager) == ("own_order",)
    paid = order_of(cast.seller, 100)
    pay(paid, 100)
    assert refused(order=paid, by=cast.manager) == ("nothing_held",)


def test_what_was_let_go_for_less_is_held_again_when_the_order_grows(cast):
    order = order_of(cast.seller, 8000)
    release_delivery(order=order, reason="老客户", by=cast.manager, now=NOW)
    make.line(order, price=50000)
    follow_amount(hold_order(order), now=NOW)
    assert held(order) == ("open_before",)


def test_what_was_let_go_is_held_again_when_money_turns_out_not_to_be_there(cast):
    order = order_of(cast.seller, 8000)
    payment = pay(order, 7900)
    release_delivery(order=order, reason="余款送货时付", by=cast.manager, now=NOW)
    reject_payment(payment=payment, reason="未到账", by=cast.finance, now=NOW)
    assert held(order) == ("open_before",)


def test_what_was_let_go_is_held_again_when_the_terms_ask_for_more(cast):
    order = order_of(cast.seller, 8000)
    set_terms(order=order, terms=Terms.ON_DELIVERY, deposit=Decimal(100), by=cast.seller, now=NOW)
    release_delivery(order=order, reason="老客户", by=cast.manager, now=NOW)
    set_terms(order=order, terms=Terms.PREPAID, by=cast.seller, now=NOW)
    assert held(order) == ("open_before",)


def test_who_sold_a_checked_order_does_not_let_it_go_by_other_terms(cast):
    """What a release needs another's word for, other terms need it for, too (ORD-20, ORD-32)."""
    order = order_of(cast.manager, 8000, state=OrderState.CHECKED)
    told = {"order": order, "terms": Terms.ON_DELIVERY, "now": NOW}
    for by in (cast.seller, cast.manager):
        with pytest.raises(TermsNotSet) as refusal:
            set_terms(**told, by=by)
        assert refusal.value.codes == ("manager_sets",)
    assert held(order) == ("open_before",)
    set_terms(**told | {"terms": Terms.PREPAID, "deposit": Decimal(1000)}, by=cast.manager)
    set_terms(**told, by=PersonFactory(role=Role.OPS_MANAGER))
    assert held(order) == ()


def test_a_held_account_holds_what_is_paid_too(cast):
    order = order_of(cast.seller, 100)
    pay(order, 100)
    Account.objects.create(
        customer=order.customer, is_held=True, reason="欠款未清", set_by=cast.finance
    )
    with pytest.raises(DeliveryHeld, match="欠款未清"):
        refuse_if_held(hold_order(order), now=NOW)


def test_a_hold_of_the_account_holds_what_was_let_go_before(cast):
    order = order_of(cast.seller, 8000)
    release_delivery(order=order, reason="老客户", by=cast.manager, now=NOW)
    terms = NewTerms(is_monthly=False, credit_limit=None, is_held=True, reason="欠款未清")
    set_account(customer=order.customer, terms=terms, by=cast.finance, now=NOW)
    assert held(order) == ("open_before", "account_held")
    release_delivery(order=order, reason="总部同意", by=cast.manager, now=NOW)
    set_account(customer=order.customer, terms=terms, by=cast.finance, now=NOW)
    assert held(order) == ()


def test_a_transfer_without_its_slip_holds_the_goods(cast):
    order = order_of(cast.seller, 100)
    pay(order, 100, method=Method.TRANSFER)
    assert held(order) == ("slip_missing",)
    slip = NewSlip(payer="李先生", bank="工行", amount=Decimal(100), paid_on=NOW.date())
    note_slip(order=order, slip=slip, by=cast.seller, key=uuid4(),
              now=NOW)  # fmt: skip
    assert held(order) == ()


def test_the_check_leaves_the_list_once_the_goods_are_there(cast):
    order = order_of(cast.seller, 8000)
    Order.objects.filter(pk=order.pk).update(delivered_on=NOW.date() + timedelta(days=3))
    follow_amount(hold_order(order), now=NOW)
    assert AnchorDay.objects.get(anchor=Anchor.ORDER_DELIVERY).ended_at == NOW
