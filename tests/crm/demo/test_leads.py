"""A quarter of leads and orders in the demonstration: of everything some, true to the rules."""

from datetime import timedelta

import pytest
from django.db.models import F

from crm.verification import verify
from customers.models import Customer
from filings.models import (
    Deal,
    Dispute,
    Evidence,
    ExtensionRequest,
    Filing,
    FilingEvent,
    Ruling,
    Violation,
)
from filings.queries import book_of
from filings.services.entering import stored_fields
from filings.states import (
    CrossState,
    DisputeKind,
    EventKind,
    Invalid,
    RequestState,
    ReviewState,
    Verdict,
)
from followups.models import Chore, Task
from orders.models import (
    Account,
    Bill,
    CommissionEntry,
    Credit,
    DateChange,
    DayEnd,
    Delivery,
    Due,
    Incident,
    Order,
    OrderLine,
    Payment,
    Quote,
    Return,
    Slip,
    Statement,
)
from orders.queries.receivables import owing_orders
from orders.rules.ageing import BUCKETS, bucket_of
from orders.states import (
    BillState,
    CommissionKind,
    LineState,
    Method,
    OrderState,
    QuoteState,
    ReturnState,
    Supply,
    Terms,
)
from staff.models import Target
from tests.crm.demo import CUSTOMERS
from tests.crm.test_demo import NOW

pytestmark = pytest.mark.django_db


def test_of_every_kind_of_order_there_is_some():
    states = set(Order.objects.values_list("state", flat=True))
    assert states == set(OrderState)
    assert set(OrderLine.objects.values_list("state", flat=True)) == set(LineState)
    assert set(OrderLine.objects.values_list("supply", flat=True)) == set(Supply)
    assert set(Order.objects.values_list("terms", flat=True)) == set(Terms)
    assert set(Quote.objects.values_list("state", flat=True)) == set(QuoteState)
    assert Quote.objects.filter(state=QuoteState.OPEN, valid_until__lt=NOW).exists()
    assert Quote.objects.filter(state=QuoteState.OPEN, valid_until__gte=NOW).exists()
    assert set(Payment.objects.values_list("method", flat=True)) == set(Method)
    assert Payment.objects.filter(taken_at__date=NOW.date(), confirmed_at=None).count() >= 2
    assert set(Slip.objects.values_list("result", flat=True)) >= {"passed", "short"}
    assert Bill.objects.filter(state=BillState.HELD).count() >= 2
    assert set(Return.objects.values_list("state", flat=True)) == set(ReturnState)
    assert set(CommissionEntry.objects.values_list("kind", flat=True)) == set(CommissionKind)
    due = Credit.objects.filter(used__lt=F("amount")).values_list("refundable_from", flat=True)
    assert min(due) < NOW.date() < max(due)
    owing = owing_orders(Order.objects.all(), as_of=NOW.date(), today=NOW.date())
    found = {bucket_of(one.due_on, as_of=NOW.date()) for each in owing for one in each.open}
    assert found == set(BUCKETS)
    assert Due.objects.filter(disputed_at__isnull=False).exists()
    assert Account.objects.filter(is_monthly=True).exists()
    assert Account.objects.filter(is_held=True).exists()
    assert Statement.objects.filter(confirmed_at=None).exists()
    assert Statement.objects.exclude(confirmed_at=None).exists()
    assert DayEnd.objects.latest("day").day == NOW.date() - timedelta(days=1)
    assert Target.objects.filter(first_day=NOW.date().replace(day=1)).count() > 10
    assert OrderLine.objects.filter(special_price__isnull=False).exists()
    assert Order.objects.exclude(original_amount=None).exists()
    assert Delivery.objects.exclude(installed_on=None).exists()
    assert Incident.objects.filter(solved_at=None).exists()
    assert Incident.objects.exclude(solved_at=None).exists()
    assert DateChange.objects.exists()
    assert Chore.objects.filter(done_at=None, dropped_at=None).exists()


def test_of_every_kind_of_filing_there_is_some():
    disputes = Dispute.objects.filter(state="open")
    assert set(disputes.values_list("kind", flat=True)) == set(DisputeKind.values)
    assert disputes.count() >= 10
    assert Evidence.objects.values("rank").distinct().count() >= 3
    refused = set(Filing.objects.values_list("invalid", flat=True))
    assert refused >= {"", Invalid.LATER_FILER, Invalid.LATE_24H}
    assert set(Filing.objects.values_list("review_state", flat=True)) >= set(ReviewState.values)
    assert set(Filing.objects.values_list("cross_state", flat=True)) >= set(CrossState.values)
    assert set(ExtensionRequest.objects.values_list("state", flat=True)) == set(RequestState.values)
    events = set(FilingEvent.objects.values_list("kind", flat=True))
    assert events >= {EventKind.RELEASED, EventKind.WITHDRAWN, EventKind.MEASURED}
    assert Filing.objects.filter(submitted_at=None).exists()
    assert Filing.objects.filter(submitted_at__gte=NOW).count() == 0
    assert Deal.objects.filter(undone_at__isnull=False).exists()
    assert set(Ruling.objects.values_list("verdict", flat=True)) == set(Verdict.values)
    decided = Dispute.objects.filter(state="decided")
    assert decided.count() >= 2
    assert Ruling.objects.exclude(shares=[]).exists()
    assert Violation.objects.values("kind").distinct().count() >= 3
    late = Task.objects.filter(state="open", due_at__lt=NOW, customer__filings__isnull=False)
    assert late.count() < 40


def test_all_of_it_is_true():
    made = verify(now=NOW)
    assert made.differences == []
    assert made.checked["customers"] == Customer.objects.count() == CUSTOMERS


def test_each_filing_stands_as_its_events_say():
    for customer in set(Filing.objects.values_list("customer", flat=True)):
        for key, state in book_of(customer).filings.items():
            row = Filing.objects.get(pk=key)
            assert {name: getattr(row, name) for name in stored_fields(state)} == stored_fields(
                state
            )
