"""Two cards with orders become one, and two again: papers, money and terms go along and back."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from customers.models import Designer
from followups import services as followups
from orders.models import Account, Credit, Introduction, Order, Quote, Statement
from orders.rules.accounts import Terms, stricter
from tests.desk.test_merging import (  # noqa: F401
    NOW,
    clean,
    fresh,
    kept,
    manager,
    merge,
    merged,
    seller,
    store,
    undo,
)
from tests.factories import orders as papers

TODAY = NOW.date()


def account(card, by, **said):
    return Account.objects.create(customer=card, set_by=by, **said)


def with_papers(card, by):
    """An order with a credit, a quote, an introduction and a statement of this card."""
    order = papers.order(customer=card, seller=by, lines=(8000,), paid=5000)
    papers.credit(order, 500, on=TODAY)
    Quote.objects.create(
        number=f"Q{card.pk}", customer=card, store=card.store, seller=by, valid_until=TODAY,
        amount=8000, key=uuid4(),
    )  # fmt: skip
    designer = Designer.objects.create(name="林设计", keeper=by, added_by=by, store=card.store)
    Introduction.objects.create(
        customer=card, designer=designer, introduced_on=TODAY, furniture_rate=10,
        accessories_rate=20, noted_by=by,
    )  # fmt: skip
    Statement.objects.create(
        customer=card, starts_on=TODAY, ends_on=TODAY, balance=3500, made_by=by
    )
    return order


PAPERS = (Order, Quote, Credit, Introduction, Statement)
# Papers written as rows, without the services, lack their dues, reminders and history.
INCOMPLETE = {"order_dues", "order_day", "order_history"}


def of(card):
    return [model.objects.filter(customer=card).count() for model in PAPERS]


@pytest.mark.django_db
def test_papers_go_along_and_back_with_what_came_since(kept, merged, manager, seller):  # noqa: F811
    order = with_papers(merged, seller)
    done = merge(kept, merged, manager)
    assert (of(kept), of(merged)) == ([1] * 5, [0] * 5)
    delivered = papers.delivery(Order.objects.get(pk=order.pk), TODAY)
    product = followups.record_delivery(
        customer=fresh(kept), product="沙发", delivered_on=TODAY, by=seller, now=NOW, key=uuid4()
    )
    type(delivered).objects.filter(pk=delivered.pk).update(product=product)
    papers.credit(Order.objects.get(pk=order.pk), 100, on=TODAY)

    undo(done, manager)

    assert (of(kept), of(merged)) == ([0] * 5, [1, 1, 2, 1, 1])
    product.refresh_from_db()
    assert (product.customer, fresh(merged).bought_count) == (merged, 1)
    found = {difference["check"] for difference in clean(NOW + timedelta(days=1))}
    assert found <= INCOMPLETE


@pytest.mark.django_db
@pytest.mark.parametrize("is_set_since", [False, True])
def test_of_two_terms_the_stricter_hold(kept, merged, manager, seller, is_set_since):  # noqa: F811
    account(kept, seller, is_monthly=True, credit_limit=Decimal(50000))
    account(merged, seller, is_monthly=True, credit_limit=Decimal(20000), is_held=True, reason="欠")
    done = merge(kept, merged, manager)
    now = Account.objects.get(customer=kept)
    assert (now.is_monthly, now.credit_limit, now.is_held, now.reason) == (True, 20000, True, "欠")
    if is_set_since:
        Account.objects.filter(customer=kept).update(credit_limit=30000)

    undo(done, manager)

    limit = Account.objects.get(customer=kept).credit_limit
    assert limit == (30000 if is_set_since else 50000)
    assert Account.objects.get(customer=merged).is_held


@pytest.mark.django_db
def test_the_only_terms_go_along(kept, merged, manager, seller):  # noqa: F811
    account(merged, seller, credit_limit=Decimal(20000))
    done = merge(kept, merged, manager)
    assert Account.objects.get().customer == kept
    undo(done, manager)
    assert Account.objects.get().customer == merged


def test_stricter_is_monthly_only_where_both_are_and_has_any_limit():
    free, tight = Terms(is_monthly=True), Terms(credit_limit=Decimal(10))
    assert stricter(free, tight) == Terms(credit_limit=Decimal(10))
    held = Terms(is_held=True, reason="欠款")
    assert stricter(held, held) == held
