"""Targets of a month: who sets them, and that a table sent twice is one (ORD-16, ORD-19)."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from core.models import AuditEntry
from staff.models import Target
from staff.services.targets import TargetsNotSet, set_targets
from staff.states import Role, TargetKind
from tests.factories.staff import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
URL = "/targets/"
MARCH = "month=2026-03"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("sales_store", 403), ("sales_field", 403), ("store_manager", 200),
        ("field_supervisor", 200), ("ops_manager", 200), ("marketing_manager", 403),
        ("finance", 403), ("merchandiser", 403), ("admin", 403),
    ],
)  # fmt: skip
def test_who_sets_targets(company, as_, role, status):
    assert as_(getattr(company, role)).get(URL).status_code == status


def test_a_manager_sets_the_own_store_alone_and_operations_any(company, as_):
    manager, ops = as_(company.store_manager), as_(company.ops_manager)
    sent = {"store-orders": "1"}
    assert manager.post(f"{URL}?store={company.other.pk}&{MARCH}", sent).status_code == 404
    assert ops.post(f"{URL}?store={company.other.pk}&{MARCH}", sent).status_code == 302
    assert [row.store for row in Target.objects.all()] == [company.other]
    assert ops.get(f"{URL}?store=x&month=2026-13").status_code == 200


def test_the_table_is_written_as_it_is_said_and_only_what_changed(company, as_):
    seller, browser = company.sales_store, as_(company.store_manager)
    address = f"{URL}?store={company.store.pk}&{MARCH}"
    sent = {"store-orders": "300,000", "store-deliveries": "￥ 280000",
            f"{seller.pk}-orders": "80000.50", f"{seller.pk}-deliveries": ""}  # fmt: skip
    for _twice in range(2):
        assert browser.post(address, sent).status_code == 302
    rows = {(row.person_id, row.kind): row.amount for row in Target.objects.all()}
    assert rows == {
        (None, "orders"): 300000, (None, "deliveries"): 280000,
        (seller.pk, "orders"): Decimal("80000.50"),
    }  # fmt: skip
    assert {row.first_day for row in Target.objects.all()} == {date(2026, 3, 1)}
    assert AuditEntry.objects.filter(verb="target_set").count() == 3
    browser.post(address, sent | {"store-orders": "310000", f"{seller.pk}-orders": ""})
    assert Target.objects.get(person=None, kind=TargetKind.ORDERS).amount == 310000
    assert not Target.objects.filter(person=seller).exists()
    entry = AuditEntry.objects.filter(verb="target_set").latest("pk")
    assert (entry.by, entry.detail["after"]) == (company.store_manager, None)
    page = browser.get(address).content.decode()
    assert 'value="310000"' in page


def test_whoever_works_elsewhere_has_no_target_here(company, as_):
    stranger = PersonFactory(role=Role.SALES_STORE, store=company.other)
    with pytest.raises(TargetsNotSet) as refusal:
        set_targets(
            store=company.store,
            first_day=date(2026, 3, 1),
            amounts={(stranger.pk, TargetKind.ORDERS): Decimal(1)},
            by=company.store_manager,
            now=timezone.now(),
        )
    assert refusal.value.codes == ("not_here",)
    sent = {"store-orders": "1", f"{stranger.pk}-orders": "1"}
    as_(company.store_manager).post(f"{URL}?{MARCH}", sent)
    assert not Target.objects.filter(person=stranger).exists()


def test_who_is_shared_with_another_store_has_a_target_in_both(company, as_):
    shared = PersonFactory(role=Role.SALES_STORE, store=company.other)
    shared.other_stores.add(company.store)
    sent = {"store-orders": "1", f"{shared.pk}-orders": "70000"}
    answer = as_(company.store_manager).post(f"{URL}?{MARCH}", sent)
    assert answer.status_code == 302
    assert Target.objects.get(person=shared).store == company.store


def test_what_is_no_amount_is_said_beside_its_field_and_nothing_is_lost(company, as_):
    browser = as_(company.store_manager)
    answer = browser.post(f"{URL}?{MARCH}", {"store-orders": "viel", "store-deliveries": "5"})
    page = answer.content.decode()
    assert (answer.status_code, Target.objects.count()) == (200, 0)
    assert "Enter the amount as a number." in page
    assert 'value="viel"' in page
    assert 'value="5"' in page


def test_the_number_of_queries_does_not_grow_with_people(company, as_, django_assert_num_queries):
    browser = as_(company.store_manager)
    browser.get(URL)
    with django_assert_num_queries(5):
        browser.get(URL)
    for _index in range(6):
        PersonFactory(role=Role.SALES_STORE, store=company.store)
    with django_assert_num_queries(5):
        browser.get(URL)
