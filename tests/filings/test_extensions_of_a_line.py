"""One landline with three extensions is no three customers without a question (FIL-31)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.phones import normalise
from customers.services.register import add_numbers
from customers.states import ExpectedPurchase
from filings.models import Dispute
from filings.services import missing_of
from filings.states import DisputeKind, Element
from tests.factories.customers import CustomerFactory
from tests.filings import filed as held

pytestmark = pytest.mark.django_db

BEGUN = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def card(person, phone):
    return CustomerFactory(
        owner=person, now=BEGUN, phone=phone, address=held.ADDRESS.format(phone[-1]), need="沙发",
        expected_purchase=ExpectedPurchase.MONTH,
    )  # fmt: skip


def test_operations_are_asked_of_another_extension():
    who = held.people()
    for person, phone in (
        ("store", "0371-65551234"), ("other", "0371-65551234-801"), ("field", "0371-65551234转802")
    ):  # fmt: skip
        held.file(card(who[person], phone), who[person], now=BEGUN)
    kinds = Dispute.objects.values_list("kind", flat=True)
    assert set(kinds) == {DisputeKind.SAME_PERSON}
    assert len(kinds) == 2


def test_nobody_is_filed_by_a_hotline():
    who = held.people()
    customer = card(who["store"], "400-800-1234")
    assert Element.PHONE in missing_of(customer, customer.projects.get(), trade="furniture")
    assert held.file(customer, who["store"], now=BEGUN).submitted_at is None
    add_numbers(customer, [normalise("13800138000")], has_primary=True, now=BEGUN)
    assert Element.PHONE not in missing_of(customer, customer.projects.get(), trade="furniture")
