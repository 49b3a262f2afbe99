"""The rules of orders: who reads them, who sets them, what is kept of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEntry
from core.services import audit
from orders.models import OrderTerms
from orders.queries.order_terms import order_terms
from orders.services.parameters import (
    Figures,
    ParametersNotSet,
    set_parameters,
    version_of,
)
from staff.states import Role, Trade
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db
FIGURES = {
    "check_days": 10, "hold_after_days": 31, "monthly_days": 30, "slip_band": "5.50",
    "credit_days": 28, "return_days": 7, "claw_back_percent": 90,
}  # fmt: skip


def address(trade):
    return f"/orders/rules/{trade}/"


def test_operations_set_them_and_orders_follow(company, as_):
    browser = as_(company.ops_manager)
    trade = company.store.trade
    said = {**FIGURES, "seen": "", "reason": "厂家发货慢 13800138000"}
    assert browser.post(address(trade), said).status_code == 302
    terms = order_terms(company.store)
    assert (terms.check_days, str(terms.slip_band)) == (10, "5.50")
    entry = AuditEntry.objects.get(verb="set_order_terms")
    assert entry.detail["changes"] == {"check_days": ["7", "10"], "slip_band": ["0", "5.50"]}
    page = browser.get(f"/orders/rules/?trade={trade}").content.decode()
    assert company.ops_manager.name in page
    assert "138****8000" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"check_days": "61"},
        {"claw_back_percent": "101"},
        {"slip_band": "-1"},
        {"credit_days": ""},
        {"reason": ""},
    ],
)
def test_what_cannot_hold_is_refused_and_stays_typed(company, as_, wrong):
    said = {**FIGURES, "seen": "", "reason": "试行"} | wrong
    page = as_(company.ops_manager).post(address(company.store.trade), said)
    assert page.status_code == 200
    assert not OrderTerms.objects.exists()
    assert 'value="10"' in page.content.decode() or "check_days" in wrong


def test_nobody_writes_over_what_was_set_meanwhile(company, as_):
    trade, browser = company.store.trade, as_(company.ops_manager)
    browser.post(address(trade), {**FIGURES, "seen": "", "reason": "试行"})
    page = browser.post(address(trade), {**FIGURES, "check_days": 3, "seen": "", "reason": "再改"})
    assert page.status_code == 200
    assert OrderTerms.objects.get().check_days == 10
    figures = Figures(**FIGURES | {"slip_band": OrderTerms.objects.get().slip_band})
    row = OrderTerms.objects.get()
    with pytest.raises(ParametersNotSet) as refused:
        set_parameters(
            trade=Trade(trade), figures=figures, seen=version_of(row), reason="x",
            by=company.ops_manager,
        )  # fmt: skip
    assert refused.value.codes == ("nothing_changed",)
    assert AuditEntry.objects.filter(verb="set_order_terms").count() == 1


@pytest.mark.parametrize("role", Role.values)
def test_who_reads_and_who_sets(company, as_, role):
    browser = as_(PersonFactory(role=role, store=company.store))
    reads = role in ("sales_store", "sales_field", "store_manager", "field_supervisor",
                     "ops_manager", "finance")  # fmt: skip
    page = browser.get("/orders/rules/")
    assert page.status_code == (200 if reads else 403)
    assert browser.get(address(company.store.trade)).status_code == (
        200 if role == "ops_manager" else 403
    )
    if reads:
        for name in ("followups:plans", "filings:policies", "customers:figures"):
            other = reverse(name)
            assert f'href="{other}"' in page.content.decode()
            assert browser.get(other).status_code == 200
        assert (address(company.store.trade) in page.content.decode()) == (role == "ops_manager")


def test_a_trade_that_is_none_is_not_there(company, as_):
    browser = as_(company.ops_manager)
    assert browser.get(address("boats")).status_code == 404
    assert browser.get("/orders/rules/?trade=boats").status_code == 200


def test_one_and_twelve_changes_take_as_many_queries(company, as_):
    browser, counts, trade = as_(company.ops_manager), [], company.store.trade
    browser.post(address(trade), {**FIGURES, "seen": "", "reason": "试行"})
    row = OrderTerms.objects.get()
    for more in (0, 11):
        for _n in range(more):
            audit.record(verb="set_order_terms", of=row, by=company.ops_manager, reason="再改",
                         changes={"check_days": ["7", "10"]})  # fmt: skip
        browser.get("/orders/rules/")
        with CaptureQueriesContext(connection) as ran:
            page = browser.get(f"/orders/rules/?trade={trade}")
        counts.append(len(ran))
        assert len(page.context["changes"]) == more + 1
    assert counts[0] == counts[1]
