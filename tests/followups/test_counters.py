"""A 3/5 today, B·C 6/10 this week: counted from effective contacts, and opened by a tap."""

from datetime import timedelta

import pytest

from customers.models import Parameters
from customers.states import Grade
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached
from tests.followups.build import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")  # a Thursday
MONDAY = at("2026-03-09 00:00")


def shown(browser) -> list[str]:
    return [chip["count"] for chip in browser.get("/today/").context["counters"]]


def meet(company, grade, *, now=NOW, **said):
    who = CustomerFactory(owner=company.sales_store, grade=grade, now=now - timedelta(days=9))
    return reached(who, now=now, **said)


def test_they_move_with_each_effective_contact(company, as_):
    browser = as_(company.sales_store)
    assert shown(browser) == ["0/5", "0/10"]
    meet(company, Grade.A)
    meet(company, Grade.B1)
    meet(company, Grade.C2, now=MONDAY)
    meet(company, Grade.C2, now=MONDAY - timedelta(minutes=1))
    meet(company, Grade.A, now=NOW - timedelta(days=1))
    meet(company, Grade.A, occurred_at=NOW - timedelta(days=3))  # logged late: evidence only
    assert shown(browser) == ["1/5", "2/10"]


def test_a_customer_called_twice_is_one_customer(company, as_):
    contact = meet(company, Grade.A)
    reached(contact.customer, now=NOW - timedelta(minutes=20))
    browser = as_(company.sales_store)
    assert shown(browser)[0] == "1/5"
    page = browser.get(f"/today/reached/?kind=a&person={company.sales_store.pk}")
    assert len(page.context["contacts"]) == 1
    assert page.context["hidden"] == 0


def test_the_figures_are_those_of_the_house(company, as_):
    Parameters.objects.create(valid_from=NOW.date(), calls_a_day=1, contacts_a_week=2)
    meet(company, Grade.A)
    (a_today, _week) = as_(company.sales_store).get("/today/").context["counters"]
    assert (a_today["count"], a_today["is_met"]) == ("1/1", True)


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 200), ("store_manager", 200), ("ops_manager", 200), ("stranger", 404),
     ("finance", 403)],
)  # fmt: skip
def test_each_number_opens_its_contacts_for_who_may_see_the_person(company, as_, role, status):
    contact = meet(company, Grade.A)
    url = f"/today/reached/?kind=a&person={company.sales_store.pk}"
    page = as_(getattr(company, role)).get(url)
    assert page.status_code == status
    assert (contact.customer.name in page.content.decode()) is (status == 200)


@pytest.mark.parametrize("asked", ["kind=x&person=1", "kind=a&person=x", "kind=a&person=999999"])
def test_a_bad_address_is_not_found(company, as_, asked):
    assert as_(company.ops_manager).get(f"/today/reached/?{asked}").status_code == 404


def test_whoever_leads_sees_them_a_person(company, as_):
    meet(company, Grade.A)
    rows = as_(company.store_manager).get("/today/reached/").context["rows"]
    counts = {row["name"]: row["chips"][0]["count"] for row in rows}
    assert counts[company.sales_store.name] == "1/5"
    assert company.stranger.name not in counts
