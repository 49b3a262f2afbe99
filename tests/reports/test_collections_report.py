"""`report collections` and its page: received, due, open, overdue by each grouping."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from core.spreadsheets.read import read_workbook
from orders.models import CreditUse
from orders.rules.ageing import Owed, what_is_left
from orders.rules.sharing import spread
from orders.states import CreditUseKind, DueKind, Method, OrderState
from reports.registry import REPORTS, run
from staff.scope import reach_of
from staff.states import Role
from tests.examples import examples
from tests.factories import orders as made
from tests.factories.staff import PersonFactory

NOW = datetime(2026, 5, 15, 4, tzinfo=UTC)
URL = "/reports/collections/"
DAYS = "begins=2026-05-01&ends=2026-05-31"
KEYS = ("received", "due", "open", "overdue")


def may(day: int, hour: int = 4) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


def test_what_is_paid_settles_the_oldest_first():
    """AR1: 3,000 paid of 8,000, 5,000 and 7,000."""
    owed = [
        Owed(due_on=date(2026, month, day), amount=Decimal(amount))
        for month, day, amount in ((5, 31, 7000), (3, 31, 8000), (4, 30, 5000))
    ]
    assert [left for _one, left in what_is_left(owed, paid=Decimal(3000))] == [5000, 5000, 7000]


def test_an_amount_is_spread_by_weight_to_the_cent():
    thirds = [Decimal(1)] * 3
    assert spread(Decimal(100), thirds) == [Decimal("33.33"), Decimal("33.34"), Decimal("33.33")]
    assert spread(Decimal(3000), [Decimal(5000), Decimal(1000)]) == [2500, 500]
    assert spread(Decimal(10), [Decimal(0), Decimal(0)]) == [5, 5]
    assert spread(Decimal(0), thirds) == [0, 0, 0]


CENTS = st.integers(0, 10**9)


@examples(40)
@given(CENTS, st.lists(CENTS, min_size=1, max_size=8))
def test_the_parts_add_up_and_none_is_negative(cents, weights):
    amount = Decimal(cents) / 100
    parts = spread(amount, [Decimal(each) for each in weights])
    assert sum(parts) == amount
    assert all(part >= 0 for part in parts)


def told(reach=None, **asked):
    return run("collections", asked, reach=reach, now=NOW)


def by(name, **asked):
    return {row[name]: tuple(row[key] for key in KEYS) for row in told(by=name, **asked)["rows"]}


@pytest.fixture
def sellers(db):
    return PersonFactory(), PersonFactory()


@pytest.fixture
def month(sellers):
    """By hand, as of 05-15: 6,000 in instalments of 2,000 on 05-04, 05-11 and 05-25, 2,500 paid on
    05-05, so of 05-11 1,500 are open and overdue and of 05-25 2,000 open; 1,000 before a delivery
    that was to be paid by 05-13, nothing paid: open, no receivable.
    """
    first, second = sellers
    one = made.order(seller=first, on=date(2026, 4, 1),
                     lines=[5000, {"price": 1000, "product": "餐椅"}])  # fmt: skip
    for day in (4, 11, 25):
        made.due(one, 2000, kind=DueKind.ON_DAY, on=date(2026, 5, day))
    made.payment(one, 2500, at=may(5))
    two = made.order(seller=second, on=date(2026, 4, 2), lines=[1000])
    made.due(two, 1000, on=date(2026, 5, 13))
    gone = made.order(seller=second, on=date(2026, 4, 2), lines=[9])
    made.due(gone, 9, on=date(2026, 5, 13))
    type(gone).objects.filter(pk=gone.pk).update(
        state=OrderState.CANCELLED, cancelled_at=NOW, cancel_reason="不买了"
    )
    return one


MAY = {"from": "2026-05-01", "to": "2026-05-31"}


def test_received_due_open_and_overdue_by_each(month, sellers):
    first, second = sellers
    sold = ("2500.00", "6000.00", "3500.00", "1500.00")
    other = ("0.00", "1000.00", "1000.00", "0.00")
    assert by("person", **MAY) == {first.username: sold, second.username: other}
    assert by("store", **MAY) == {first.store.code: sold, second.store.code: other}
    assert by("week", **MAY) == {
        "2026-05-04": ("2500.00", "2000.00", "0.00", "0.00"),
        "2026-05-11": ("0.00", "3000.00", "2500.00", "1500.00"),
        "2026-05-25": ("0.00", "2000.00", "2000.00", "0.00"),
    }
    # Five sixths of the order are sofa.
    assert by("product", **MAY) == {
        "三人沙发": ("2083.33", "6000.00", "3916.67", "1250.00"),
        "餐椅": ("416.67", "1000.00", "583.33", "250.00"),
    }
    answer = told(**MAY)
    assert tuple(answer["rows"][0]) == REPORTS["collections"].columns
    total = answer["total"]
    assert tuple(total[key] for key in KEYS) == ("2500.00", "7000.00", "4500.00", "1500.00")
    assert total["collected_share"] == 2500 / 7000


def test_overdue_is_what_the_ageing_has(month):
    ageing = run("ageing", {}, reach=None, now=NOW)["total"]
    assert told()["total"]["overdue"] == ageing["1-30"] == "1500.00"


def test_of_days_that_are_over_what_was_paid_by_then_counts(month):
    early = told(to="2026-05-04")["total"]
    assert tuple(early[key] for key in KEYS) == ("0.00", "2000.00", "2000.00", "0.00")
    after = told(**{"from": "2026-05-05", "to": "2026-05-05"})
    assert (after["total"]["received"], after["total"]["due"]) == ("2500.00", "0.00")
    assert (after["total"]["collected_share"], after["total"]["flags"]) == (None, ["NOTHING_DUE"])


def test_what_was_given_back_was_not_received_and_refunds_stand_apart(month, sellers):
    first, _second = sellers
    finance = PersonFactory(role=Role.FINANCE)
    # Until 24:00 in Shanghai: 15:59 UTC is the 5th, 16:00 the 6th.
    made.payment(month, 10, at=may(5, 16))
    made.payment(month, 77, at=may(5), returned_at=NOW, returned_by=finance, return_reason="误收")
    credit = made.credit(month, 100, on=date(2026, 5, 2))
    CreditUse.objects.create(
        credit=credit, kind=CreditUseKind.REFUND, amount=60, asked_by=first, done_by=finance,
        done_at=may(6), method=Method.CASH, voucher="7", key="4" * 32,
    )  # fmt: skip
    fifth = told(**{"from": "2026-05-05", "to": "2026-05-05"})["total"]
    sixth = told(**{"from": "2026-05-06", "to": "2026-05-06"})["total"]
    assert (fifth["received"], fifth["refunded"]) == ("2500.00", "0.00")
    assert (sixth["received"], sixth["refunded"]) == ("10.00", "60.00")


def test_an_order_without_lines_has_no_product(sellers):
    deposit = made.order(seller=sellers[0], on=date(2026, 5, 4), lines=())
    made.payment(deposit, 500, at=may(4))
    assert by("product") == {None: ("500.00", "0.00", "0.00", "0.00")}


def test_each_reads_the_own_orders(month, sellers):
    today = NOW.date()
    people = (*sellers, PersonFactory(), PersonFactory(role=Role.FINANCE))
    dues = [told(reach_of(person, today=today), **MAY)["total"]["due"] for person in people]
    assert dues == ["6000.00", "1000.00", "0.00", "7000.00"]


@pytest.mark.parametrize("name", ["person", "product,week"])
def test_the_number_of_queries_does_not_grow(db, name):
    counts = []
    for more in (1, 11):
        for _index in range(more):
            order = made.order(on=date(2026, 4, 1), lines=[100, 200])
            made.due(order, 300, kind=DueKind.ON_DAY, on=date(2026, 5, 4))
            made.payment(order, 50, at=may(5))
        with CaptureQueriesContext(connection) as ran:
            told(by=name)
        counts.append(len(ran))
    assert counts[0] == counts[1] <= 6


def test_the_page_says_the_same(month, company, as_):
    browser = as_(company.finance)
    page = browser.get(f"{URL}?{DAYS}&by=store").content.decode()
    for amount in ("¥2,500", "¥7,000"):
        assert amount in page
    for by_what in ("week", "product"):
        assert browser.get(f"{URL}?{DAYS}&by={by_what}").status_code == 200
    answer = browser.post(f"{URL}sheet/?{DAYS}&by=store", {"reason": "月报", "kind": "xlsx"})
    (table,) = read_workbook("a.xlsx", answer.content).values()
    assert table.rows[0].cells[:4] == [month.store.name, 2500, 0, 6000]


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 403), ("store_manager", 200), ("field_supervisor", 200), ("finance", 200),
     ("ops_manager", 200), ("marketing_manager", 403), ("admin", 403)],
)  # fmt: skip
def test_who_leads_stores_finance_and_operations_read_it(company, as_, role, status):
    assert as_(getattr(company, role)).get(URL).status_code == status
    assert as_(getattr(company, role)).get(f"{URL}sheet/").status_code == status
