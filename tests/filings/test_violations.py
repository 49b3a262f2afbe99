"""Violations: recorded without fines, listed by the week, cleared (FIL-39, XRG-05)."""

from datetime import timedelta

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEntry
from customers.services import give_access
from filings.models import Violation
from filings.services.violations import ViolationNotCleared, clear_violation, note_violation
from filings.states import ViolationKind

pytestmark = pytest.mark.django_db

PAGE = "/violations/"


def noted(house, person=None, *, kind=ViolationKind.LATE, ago=0, customer=None) -> Violation:
    person = person or house.seller
    moment = timezone.now() - timedelta(seconds=ago)
    customer = customer or house.customer(person, now=timezone.now())
    note_violation(kind, person=person, customer=customer, moment=moment)
    return Violation.objects.latest("pk")


def rows(page) -> list[Violation]:
    return list(page.context["list"].page.rows)


def test_no_violation_has_an_amount():
    numbers = (models.DecimalField, models.FloatField)
    assert [f.name for f in Violation._meta.concrete_fields if isinstance(f, numbers)] == []


def test_operations_see_all_and_managers_their_own_store(house, as_):
    own, foreign = noted(house), noted(house, house.stranger)
    assert set(rows(as_(house.ops).get(PAGE))) == {own, foreign}
    assert rows(as_(house.manager).get(PAGE)) == [own]
    assert rows(as_(house.supervisor).get(PAGE)) == []
    for person in (house.seller, house.finance):
        assert as_(person).get(PAGE).status_code == 403
    assert as_(house.ops).post(PAGE).status_code == 405
    assert as_(house.ops).get(f"{PAGE}?week=x").status_code in (200, 400)


def test_a_customer_out_of_reach_is_not_named(house, as_):
    customer = house.customer(house.stranger, now=timezone.now())
    noted(house, customer=customer)
    text = as_(house.manager).get(PAGE).content.decode()
    assert customer.name not in text
    assert "out of your reach" in text
    give_access(customer=customer, person=house.manager)
    assert customer.name in as_(house.manager).get(PAGE).content.decode()


def test_this_week_is_shown_and_another_asked_for(house, as_):
    this, last = noted(house), noted(house, ago=8 * 86_400)
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    browser = as_(house.ops)
    assert rows(browser.get(PAGE)) == [this]
    assert set(rows(browser.get(f"{PAGE}?week=all"))) == {this, last}
    weeks = [monday - timedelta(days=7), monday - timedelta(days=14)]
    found = [rows(browser.get(f"{PAGE}?week={week}")) for week in weeks]
    assert [last] in found


def test_counts_by_kind_and_person_open_their_rows(house, as_):
    late = [noted(house, ago=index) for index in range(3)]
    other = noted(house, house.colleague, kind=ViolationKind.OVER_QUOTA)
    browser = as_(house.ops)
    context = browser.get(PAGE).context
    assert [(each["count"]) for each in context["by_kind"]] == [3, 1]
    assert set(rows(browser.get(context["by_kind"][0]["url"]))) == set(late)
    opened = browser.get(context["by_person"][1]["url"])
    assert rows(opened) == [other]
    assert context["by_person"][1]["name"] == house.colleague.name


def test_one_is_cleared_with_a_reason_once(house, as_):
    row = noted(house)
    page, browser = f"{PAGE}{row.pk}/clear/", as_(house.ops)
    assert browser.post(page, {"note": ""}).context["form"].errors["note"]
    assert browser.post(page, {"note": "系统时间有误"}).status_code == 302
    assert rows(browser.get(PAGE)) == []
    cleared = browser.get(f"{PAGE}?state=cleared")
    assert "系统时间有误" in cleared.content.decode()
    again = browser.post(page, {"note": "再次"})
    assert "cleared this already" in again.content.decode()
    with pytest.raises(ViolationNotCleared, match="Say why"):
        clear_violation(violation=row, note=" ", by=house.ops, now=timezone.now())
    assert as_(house.manager).get(page).status_code == 403
    assert browser.get(f"{PAGE}99999/clear/").status_code == 404


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_list_is_exported_marked_and_counted(house, as_, kind):
    noted(house)
    browser = as_(house.manager)
    page = f"{PAGE}export/"
    assert browser.get(page).status_code == 200
    assert browser.post(page, {"kind": kind}).context["form"].errors["reason"]
    answer = browser.post(page, {"kind": kind, "reason": "周会"})
    assert answer["Content-Disposition"].startswith("attachment")
    if kind == "csv":
        assert "周会" in answer.content.decode("utf-8-sig")
    assert AuditEntry.objects.filter(verb="export").count() == 1
    assert as_(house.seller).get(page).status_code == 403


def test_the_page_costs_the_same_for_one_and_for_twelve(house, as_):
    browser = as_(house.ops)
    noted(house)
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        browser.get(PAGE)
    for index in range(11):
        noted(house, house.colleague, ago=index)
    with CaptureQueriesContext(connection) as twelve:
        browser.get(PAGE)
    assert len(one) == len(twelve) <= 15
