"""`report returns`: by cause how many, how much, how soon, by the policy or not (ORD-37)."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from orders.models import Return
from orders.states import ReturnCause, ReturnKind, ReturnState
from reports.asking.parameters import ReportNotMade
from reports.registry import run
from staff.scope import reach_of
from staff.states import Role
from tests.factories import orders
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 15, 4, tzinfo=UTC)


@pytest.fixture
def seller():
    return PersonFactory()


def came_back(seller, *, on, settled_on=None, amount=6000, state=None, **said):
    of = orders.order(seller=seller, lines=({"price": amount, "qty": 2, "delivered_qty": 2},))
    state = state or (ReturnState.SETTLED if settled_on else ReturnState.ASKED)
    is_decided = state != ReturnState.ASKED
    manager = PersonFactory(role=Role.STORE_MANAGER, store=seller.store) if is_decided else None
    facts = {
        "kind": ReturnKind.RETURN, "cause": ReturnCause.CUSTOMER, "qty": 1, "is_within": True,
        "decision_note": "三包" if is_decided else "",
    }  # fmt: skip
    return Return.objects.create(
        order=of, line=of.lines.get(), amount=amount, asked_on=on, state=state,
        settled_on=settled_on, asked_by=seller, decided_by=manager,
        decided_at=NOW if is_decided else None, key=uuid4(), **facts | said,
    )  # fmt: skip


def told(reach=None, **asked):
    return run("returns", asked, reach=reach, now=NOW)


def test_a_row_each_cause_in_the_order_of_the_causes(seller):
    day = date(2026, 5, 4)
    came_back(seller, on=day, settled_on=date(2026, 5, 6), cause=ReturnCause.QUALITY)
    came_back(seller, on=day, settled_on=date(2026, 5, 9), cause=ReturnCause.QUALITY, amount=500,
              is_within=False)  # fmt: skip
    came_back(seller, on=day, cause=ReturnCause.CUSTOMER)
    came_back(seller, on=day, cause=ReturnCause.CUSTOMER, state=ReturnState.REFUSED, qty=2)
    answer = told()
    assert [row["cause"] for row in answer["rows"]] == ["customer", "quality"]
    customer, quality = answer["rows"]
    assert quality == {
        "cause": "quality", "count": 2, "pieces": 2, "amount": "6500.00", "refused": 0,
        "settled": 2, "settled_amount": "6500.00", "days_to_settle": 3.5, "within_policy": 1,
        "within_policy_share": 0.5, "flags": [],
    }  # fmt: skip
    assert (customer["count"], customer["pieces"], customer["refused"]) == (2, 3, 1)
    assert (customer["days_to_settle"], customer["flags"]) == (None, ["NONE_SETTLED"])
    total = answer["total"]
    assert (total["count"], total["amount"], total["days_to_settle"]) == (4, "18500.00", 3.5)
    assert total["within_policy_share"] == 0.75


def test_days_are_those_on_which_it_was_asked_for_both_counted(seller):
    for day in (date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 1)):
        came_back(seller, on=day)
    asked = {"from": "2026-05-01", "to": "2026-05-31"}
    assert told(**asked)["total"]["count"] == 2
    assert told(**{"from": "2026-06-01"})["total"]["count"] == 1
    with pytest.raises(ReportNotMade) as refused:
        told(**{"from": "2026-05-02", "to": "2026-05-01"})
    assert refused.value.codes == ("ends_before_it_begins",)


def test_nothing_came_back():
    answer = told()
    assert answer["rows"] == []
    assert (answer["total"]["count"], answer["total"]["within_policy_share"]) == (0, None)


def test_each_reads_the_own_orders(seller):
    came_back(seller, on=date(2026, 5, 4))
    today = NOW.date()
    counts = [
        told(reach_of(person, today=today))["total"]["count"]
        for person in (seller, PersonFactory(), PersonFactory(role=Role.FINANCE))
    ]
    assert counts == [1, 0, 1]


def test_the_page_says_the_same_and_opens_its_rows(seller, as_):
    day = date(2026, 5, 4)
    came_back(seller, on=day, settled_on=date(2026, 5, 6))
    browser = as_(seller)
    page = browser.get("/reports/returns/?begins=2026-05-01&ends=2026-05-31").content.decode()
    assert "¥6,000" in page
    assert "2.0" in page
    link = "/returns/?since=2026-05-01&amp;until=2026-05-31&amp;cause=customer"
    assert link in page
    assert browser.get(link.replace("&amp;", "&")).content.decode().count("data-row") == 1
    wrong = browser.get("/reports/returns/?begins=2026-05-31&ends=2026-05-01")
    assert wrong.status_code == 200
