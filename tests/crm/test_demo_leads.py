"""A quarter of leads in the demonstration: of everything some, true to the rules."""

from datetime import datetime

import pytest

from crm.demo import make_demo
from crm.demo.company import ZONE
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
from followups.models import Task

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=ZONE)
CUSTOMERS = 900


@pytest.mark.django_db
def test_of_everything_there_is_some_and_all_of_it_is_true():
    make_demo(customers=CUSTOMERS, now=NOW)

    assert Customer.objects.count() == CUSTOMERS
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
    made = verify(now=NOW)
    assert made.differences == []
    for customer in set(Filing.objects.values_list("customer", flat=True)):
        for key, state in book_of(customer).filings.items():
            row = Filing.objects.get(pk=key)
            assert {name: getattr(row, name) for name in stored_fields(state)} == stored_fields(
                state
            )
