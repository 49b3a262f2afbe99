"""Somebody leaves: orders that run go to who keeps the customer, what is closed stays."""

from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from customers.models import HandOver
from followups.models import Chore
from followups.states import ChoreKind
from orders.models import Credit, Order, OrderEvent, Quote
from orders.services.clerks import owe_check
from orders.states import EventKind, OrderState, QuoteState
from tests.desk.test_handing_over import heirs, post  # noqa: F401
from tests.factories import orders as papers
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 3, 12)


def quote(customer, seller, number, state=QuoteState.OPEN):
    return Quote.objects.create(
        number=number, customer=customer, store=customer.store, seller=seller, state=state,
        valid_until=DAY, amount=8000, key=uuid4(),
    )  # fmt: skip


def test_what_runs_goes_and_what_is_closed_stays(company, as_, heirs):  # noqa: F811
    leaver, colleague = company.sales_store, heirs[1]
    own = CustomerFactory(owner=leaver)
    theirs = CustomerFactory(owner=colleague)
    running = papers.order(customer=own, seller=leaver, clerk=leaver)
    delivered = papers.order(customer=own, seller=leaver, state=OrderState.DELIVERED)
    closed = papers.order(customer=own, seller=leaver, paid=5000, state=OrderState.SETTLED)
    sold = papers.order(customer=theirs, seller=leaver)
    papers.credit(papers.order(customer=own, seller=leaver, paid=900), 900)
    offered, declined = quote(own, leaver, "Q1"), quote(own, leaver, "Q2", QuoteState.DECLINED)

    checked_by_heir = papers.order(customer=own, seller=leaver, clerk=heirs[0])
    waits = papers.order(customer=theirs, seller=heirs[0], clerk=leaver)
    for each in (checked_by_heir, waits):
        owe_check(each, at=timezone.now())

    boss = as_(company.store_manager)
    seen = boss.get(f"/people/{leaver.pk}/hand-over/").context["seen"]
    assert (seen.orders, seen.quotes, seen.credits) == (5, 1, 1)
    post(boss, leaver, heirs[0])

    sellers = dict(Order.objects.values_list("pk", "seller"))
    assert sellers[running.pk] == sellers[delivered.pk] == heirs[0].pk
    assert sellers[sold.pk] == colleague.pk, "whoever keeps the customer goes on with it"
    assert sellers[closed.pk] == leaver.pk
    assert not Order.objects.filter(clerk__in=[leaver, heirs[0]]).exists()
    checks = Chore.objects.filter(kind=ChoreKind.CHECK_ORDER, dropped_at=None)
    assert list(checks.values_list("person", flat=True)) == [None, None], "who sold checks nothing"
    assert Credit.objects.get().handler == heirs[0]
    offered.refresh_from_db(), declined.refresh_from_db()
    assert (offered.seller, declined.seller) == (heirs[0], leaver)
    told = OrderEvent.objects.filter(kind=EventKind.HANDED_OVER)
    assert told.get(order=sold).params == {"seller": colleague.pk}
    assert told.count() == 5
    moved = HandOver.objects.get().moved["to"]
    assert len(moved[str(heirs[0].pk)]["orders"]) == 4
    assert moved[str(colleague.pk)]["orders"] == [sold.pk]
    page = boss.get(f"/hand-overs/{HandOver.objects.get().pk}/")
    assert page.status_code == 200
    sheet = boss.get(f"/hand-overs/{HandOver.objects.get().pk}/sheet/")
    assert sheet.status_code == 200
