"""The books of orders as reports: the rows of forms 2.9, 2.10, 2.11 and 2.13."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import CreditUse
from orders.states import (
    CreditKind,
    CreditUseKind,
    DelayCause,
    LineState,
    Method,
    OrderState,
    PaymentKind,
    Supply,
)
from reports.asking.parameters import ReportNotMade
from reports.registry import REPORTS, run
from staff.models import Target
from staff.scope import reach_of
from staff.states import Role, TargetKind
from tests.factories import orders as made
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 15, 4, tzinfo=UTC)
BOOKS = ("order_ledger", "order_register", "credits", "deliveries")


def told(name, reach=None, **asked):
    return run(name, asked, reach=reach, now=NOW)


@pytest.fixture
def seller():
    return PersonFactory()


def task(store, amount, *, kind=TargetKind.ORDERS):
    first = date(2026, 5, 1)
    Target.objects.create(store=store, first_day=first, kind=kind, amount=amount)


def test_a_row_of_the_ledger_says_what_the_form_asks(seller):
    order = made.order(
        seller=seller, on=date(2026, 5, 4), paid=2000, remark="先电话 13800138777",
        lines=[{"price": 5000, "state": LineState.ARRIVED}, {"price": 3600, "qty": 2,
               "supply": Supply.FLOOR_SAMPLE}],
        promised_on=date(2026, 5, 10), wished_on=date(2026, 5, 9), current_on=date(2026, 5, 10),
    )  # fmt: skip
    made.date_change(order, date(2026, 5, 12), cause=DelayCause.SUPPLIER)
    made.incident(order)
    made.order(seller=seller, on=date(2026, 5, 2), lines=[400])
    made.order(seller=seller, on=date(2026, 5, 4), lines=[9], state=OrderState.CANCELLED)
    answer = told("order_ledger", **{"from": "2026-05-03", "store": seller.store.code})
    row = answer["rows"][0]
    assert tuple(row) == REPORTS["order_ledger"].columns
    assert row | {"phone": ""} == row | {
        "order_no": order.number, "ordered_on": "2026-05-04", "store": seller.store.code,
        "consultant": seller.username, "customer": order.customer.name, "amount": "12200.00",
        "paid": "2000.00", "balance": "10200.00", "payment_state": "part",
        "promised_on": "2026-05-10", "wished_on": "2026-05-09", "current_on": "2026-05-12",
        "change_reason": "supplier", "submitted_rate": 0.5, "arrived_rate": 0.5,
        "floor_sample": True, "completion": "overdue", "late_with": ["delivery"],
        "exception": "damaged", "remarks": "先电话 138****8777", "day_amount": "12200.00",
        "month_amount": "12600.00", "flags": [], "phone": "",
    }  # fmt: skip
    assert "****" in row["phone"]
    assert answer["total"] == {
        "rows": 2, "orders": 1, "amount": "12200.00", "paid": "2000.00", "balance": "10200.00",
    }  # fmt: skip


def test_an_order_that_is_not_written_down_has_no_figures_and_says_why(seller):
    made.order(seller=seller, on=date(2026, 5, 4), lines=())
    (row,) = told("order_ledger")["rows"]
    assert (row["amount"], row["balance"], row["arrived_rate"]) == (None, None, None)
    assert row["flags"] == ["NO_LINES"]
    assert told("order_ledger")["total"]["balance"] == "0.00"


def test_the_register_counts_the_store_of_each_order_until_its_day(seller):
    """M69: 8,600 raises the day and the month by 8,600; the task of 86,000 is 11.6 % reached."""
    task(seller.store, 86000)
    made.order(seller=seller, on=date(2026, 5, 1), lines=[1400])
    order = made.order(seller=seller, on=date(2026, 5, 4), lines=[{"price": 4300, "qty": 2}])
    made.payment(order, 2000, kind=PaymentKind.DEPOSIT)
    made.order(seller=seller, on=date(2026, 5, 5), lines=[77], state=OrderState.CANCELLED)
    elsewhere = made.order(on=date(2026, 5, 4), lines=[{"price": 500, "state": LineState.ARRIVED}],
                           paid=500)  # fmt: skip
    rows = {
        row["order_no"]: row for row in told("order_register", **{"from": "2026-05-04"})["rows"]
    }
    row = rows[order.number]
    assert tuple(row) == REPORTS["order_register"].columns
    assert (row["today_total"], row["month_total"]) == ("8600.00", "10000.00")
    assert (row["month_target"], row["achievement"]) == ("86000.00", 10000 / 86000)
    assert (row["products"], row["deposit"]) == (["三人沙发 × 2"], "2000.00")
    assert [(line["qty"], line["amount"], line["submitted"]) for line in row["lines"]] == [
        (2, "8600.00", False)
    ]
    other = rows[elsewhere.number]
    assert (other["achievement"], other["flags"]) == (None, ["NO_TARGET"])
    assert (row["deliverable_amount"], other["deliverable_amount"]) == ("0.00", "500.00")
    (gone,) = (row for row in rows.values() if row["state"] == "cancelled")
    assert (gone["today_total"], gone["month_total"]) == ("0.00", "10000.00")


def test_a_credit_is_refundable_after_four_weeks_and_overdue_from_the_day_after(seller):
    order = made.order(seller=seller, on=date(2026, 2, 1), lines=[5000], paid=5000)
    credit = made.credit(order, 600, on=date(2026, 2, 2), refundable_from=date(2026, 3, 2),
                         kind=CreditKind.CHEAPER)  # fmt: skip
    order.lines.update(agreed_price=4400)
    finance = PersonFactory(role=Role.FINANCE)
    CreditUse.objects.create(
        credit=credit, kind=CreditUseKind.REFUND, amount=200, asked_by=seller, done_by=finance,
        done_at=NOW, method=Method.TRANSFER, voucher="HZ-7", key="4" * 32,
    )  # fmt: skip
    answer = told("credits")
    (row,) = answer["rows"]
    assert tuple(row) == REPORTS["credits"].columns
    assert (row["changed_on"], row["refund_due_on"]) == ("2026-02-02", "2026-03-02")
    assert (row["change_kind"], row["state"]) == ("cheaper", "overdue")
    assert (row["original_amount"], row["new_amount"], row["credit_amount"]) == (
        "5000.00", "4400.00", "600.00"
    )  # fmt: skip
    assert (row["refunded"], row["left"], row["offset_order_no"]) == ("200.00", "400.00", [])
    assert (row["refunded_on"], row["refund_way"], row["voucher"]) == (
        "2026-05-15", ["transfer"], ["HZ-7"]
    )  # fmt: skip
    assert (row["handler"], row["flags"]) == (seller.username, ["NOT_CONTACTED"])
    assert (answer["total"]["overdue"], answer["total"]["overdue_amount"]) == (1, "400.00")
    days = {"from": "2026-02-03"}
    assert told("credits", **days)["rows"] == []
    then = datetime(2026, 3, 2, 4, tzinfo=UTC)
    assert run("credits", {}, reach=None, now=then)["rows"][0]["state"] == "open"


def test_deliveries_of_a_month_say_what_is_not_ready(seller):
    """M72: 3,000 due before a delivery on 06-20 is checked on 06-13; a missing line is named."""
    task(seller.store, 10000, kind=TargetKind.DELIVERIES)
    planned = made.order(
        seller=seller, on=date(2026, 4, 1), current_on=date(2026, 5, 20), paid=1000,
        lines=[{"price": 3000, "state": LineState.ARRIVED}, {"price": 1000, "product": "餐桌"}],
        preparation=["lift"], crew="老王",
    )  # fmt: skip
    made.due(planned, 4000)
    done = made.order(seller=seller, on=date(2026, 4, 2), lines=[2500], paid=2500,
                      current_on=date(2026, 5, 6))  # fmt: skip
    made.delivery(done, date(2026, 5, 6))
    made.order(seller=seller, on=date(2026, 4, 3), current_on=date(2026, 6, 1))
    answer = told("deliveries", month="2026-05")
    assert [row["order_no"] for row in answer["rows"]] == [done.number, planned.number]
    first, row = answer["rows"]
    assert tuple(row) == REPORTS["deliveries"].columns
    assert (first["delivered_on"], first["delivered_amount"], first["ready"]) == (
        "2026-05-06", "2500.00", True
    )  # fmt: skip
    assert (row["planned_on"], row["check_on"]) == ("2026-05-20", "2026-05-13")
    assert (row["all_arrived"], row["paid_in_full"], row["ready"]) == (False, False, False)
    assert (row["lacking"], row["preparation"]) == (["goods", "payment"], ["lift"])
    assert answer["total"] | {"not_ready": []} == {
        "rows": 2, "planned_orders": 2, "planned_amount": "6500.00", "delivered_amount": "2500.00",
        "target": "10000.00", "achievement": 0.25, "not_ready": [], "flags": [],
    }  # fmt: skip
    assert answer["total"]["not_ready"] == [
        {"order_no": planned.number, "planned_on": "2026-05-20", "unpaid": "3000.00",
         "lines": [{"product": "餐桌", "state": "open"}], "check_on": "2026-05-13"}
    ]  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_each_reads_the_own_orders_by_the_name_that_was_told(seller, name):
    theirs = CustomerFactory(owner=PersonFactory(), name="陈静")
    order = made.order(seller=seller, customer=theirs, buyer="陈小姐", on=date(2026, 5, 4),
                       current_on=date(2026, 5, 20), paid=5000)  # fmt: skip
    made.credit(order, 100, on=date(2026, 5, 5))
    today = NOW.date()
    names = [
        [row["customer"] for row in told(name, reach)["rows"]]
        for reach in (None, reach_of(seller, today=today), reach_of(PersonFactory(), today=today))
    ]
    assert names == [["陈静"], ["陈小姐"], []]


@pytest.mark.parametrize("name", BOOKS)
def test_the_number_of_queries_does_not_grow(name):
    counts = []
    for more in (1, 11):
        for _index in range(more):
            order = made.order(on=date(2026, 5, 4), current_on=date(2026, 5, 20), paid=5000)
            made.credit(order, 100, on=date(2026, 5, 5))
        with CaptureQueriesContext(connection) as ran:
            assert told(name)["rows"]
        counts.append(len(ran))
    assert counts[0] == counts[1] <= 6


def test_parameters_are_refused_with_a_sentence():
    for name, asked, code in (
        ("order_ledger", {"store": "nowhere"}, "unknown_store"),
        ("order_register", {"from": "2026-05-02", "to": "2026-05-01"}, "ends_before_it_begins"),
        ("deliveries", {"month": "2026-Q2"}, "not_a_month"),
        ("deliveries", {"month": "May"}, "not_a_month"),
    ):
        with pytest.raises(ReportNotMade) as refused:
            told(name, **asked)
        assert refused.value.codes == (code,)


def test_lines_stand_as_json_in_a_cell(seller):
    made.order(seller=seller, on=date(2026, 5, 4), lines=[5000, 600])
    out = io.StringIO()
    call_command("report", "order_register", "--format", "csv", stdout=out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert row["products"] == "三人沙发 × 1, 三人沙发 × 1"
    assert row["lines"].startswith('[{"line": 1, "product": "三人沙发"')
