"""`report commission`: rows of forms 2.12, equal on screen, as JSON and in the workbook (M71)."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import python_calamine
from django.core.management import call_command

from reports.registry import REPORTS, run
from staff.scope import reach_of
from staff.states import Role
from tests.factories import orders
from tests.factories.customers import CustomerFactory
from tests.factories.designers import designer, introduction
from tests.factories.staff import PersonFactory
from tests.orders.test_commission import DAY, LAMPS, SOFA, done, goods_back, pay

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 25, 4, tzinfo=UTC)
MARCH = {"month": "2026-03"}


@pytest.fixture
def seller():
    return PersonFactory()


def told(reach=None, **asked):
    return run("commission", asked or MARCH, reach=reach, now=NOW)


def reach(person):
    return reach_of(person, today=NOW.date())


def test_the_worked_example_is_one_row(seller):
    of = designer(seller, company="远山设计")
    order = done(seller, of)
    introduction(of, order.customer)
    pay(order, 9880, PersonFactory(role=Role.FINANCE))
    goods_back(order, Decimal(12000))
    (row,) = told()["rows"]
    expected = {
        "designer": of.name, "company": "远山设计", "phone": of.masked,
        "agreement_no": of.agreement_no, "signed_on": "2026-01-01", "valid_until": "2026-12-31",
        "furniture_rate": 0.1, "accessories_rate": 0.2, "customer": order.customer.name,
        "introduced_on": "2026-03-01", "order_no": order.number, "ordered_on": "2026-03-12",
        "order_amount": "92400.00", "delivered_furniture": "86000.00",
        "delivered_accessories": "6400.00", "delivered_amount": "92400.00", "completed": True,
        "commission_due": "9880.00", "paid": "9880.00", "paid_on": DAY.isoformat(),
        "voucher": "YJ-001", "clawed_back": "1080.00", "payable": "0.00", "state": "clawed_back",
        "flags": [],
    }  # fmt: skip
    assert {key: row[key] for key in expected} == expected
    total = told()["total"]
    assert (total["commission_due"], total["paid"], total["owed"]) == (
        "9880.00", "9880.00", "1080.00",
    )  # fmt: skip


def test_before_completion_the_commission_cannot_be_computed(seller):
    orders.order(seller=seller, lines=(SOFA, LAMPS), designer=designer(seller))
    (row,) = told()["rows"]
    assert (row["completed"], row["commission_due"], row["state"]) == (False, None, "ordered")
    assert row["flags"] == ["NOT_COMPLETED"]


def test_a_month_has_what_was_placed_delivered_or_paid_in_it(seller):
    of, finance = designer(seller), PersonFactory(role=Role.FINANCE)
    february = done(seller, of, on=date(2026, 2, 3))
    Order = type(february)
    Order.objects.filter(pk=february.pk).update(delivered_on=date(2026, 2, 20))
    assert told()["rows"] == []
    assert len(told(month="2026-02")["rows"]) == 1
    Order.objects.filter(pk=february.pk).update(delivered_on=date(2026, 3, 1))
    assert len(told()["rows"]) == 1
    Order.objects.filter(pk=february.pk).update(delivered_on=date(2026, 2, 20))
    pay(february, 9880, finance)
    assert len(told()["rows"]) == 1
    assert told(month="2026-04")["rows"] == []
    assert len(told(month="2026-Q1")["rows"]) == 1


def test_who_only_came_and_who_only_signed_stand_in_their_month(seller):
    of = designer(seller)
    introduction(of, CustomerFactory(owner=seller), on=date(2026, 3, 31))
    designer(seller, signed_on=date(2026, 3, 5), valid_until=None)
    found = told()["rows"]
    assert [(row["state"], row["flags"]) for row in found] == [
        ("introduced", ["NOT_ORDERED"]), ("signed", ["NOBODY_INTRODUCED"]),
    ]  # fmt: skip
    assert told(month="2026-04")["rows"] == []


def test_each_reads_the_own_rows_and_finance_all_without_cards(seller):
    of = designer(seller)
    order = done(seller, of, buyer="李先生")
    introduction(of, CustomerFactory(owner=seller), on=date(2026, 3, 2))
    assert len(told(reach(seller))["rows"]) == 2
    assert told(reach(PersonFactory()))["rows"] == []
    (row,) = told(reach(PersonFactory(role=Role.FINANCE)))["rows"]
    assert (row["order_no"], row["customer"]) == (order.number, "李先生")
    assert len(told(reach(PersonFactory(role=Role.OPS_MANAGER)))["rows"]) == 2


def test_screen_json_and_workbook_say_the_same(seller, as_, tmp_path, capsys):
    order = done(seller, designer(seller), on=date(2026, 3, 12))
    call_command("report", "commission", param=["month=2026-03"])
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    out = tmp_path / "commission.xlsx"
    call_command("report", "commission", param=["month=2026-03"], format="xlsx", out=out)
    header, cells = (
        python_calamine.CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    )
    assert list(header) == list(REPORTS["commission"].columns)
    assert dict(zip(header, cells, strict=True))["commission_due"] == row["commission_due"]
    page = as_(seller).get("/reports/commission/?month=2026-03").content.decode()
    assert row["commission_due"] == "9880.00"
    assert "¥9,880" in page
    assert order.number in page
    for text in ("¥92,400", order.customer.name):
        assert text in page


def test_the_page_asks_as_often_for_many_rows_as_for_one(
    seller, as_, django_assert_max_num_queries
):
    browser = as_(PersonFactory(role=Role.OPS_MANAGER))
    counts = []
    for _round in range(2):
        done(seller, on=date(2026, 3, 12))
        with django_assert_max_num_queries(30) as ran:
            assert browser.get("/reports/commission/?month=2026-03").status_code == 200
        counts.append(len(ran))
    assert counts[0] == counts[1]
    assert browser.get("/reports/commission/?month=nonsense").status_code == 200
