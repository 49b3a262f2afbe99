"""What surveys say by store, person, question and month; each figure opens its rows."""

import re
from copy import deepcopy
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact
from followups import services
from reports.asking.parameters import ReportNotMade
from reports.figures import surveys
from reports.registry import run
from staff.states import Trade
from tests.followups.build import at, shop
from tests.followups.surveying import delivered, taps, task_asking, url
from tests.followups.test_views_surveys import as_person
from tests.worlds import kept

pytestmark = [pytest.mark.django_db]
NOW = at("2026-03-12 09:50")


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


def held(place, points: str, *, now=NOW, **said: str):
    """One customer's 24-hour call, whose product got these points."""
    with time_machine.travel(now, tick=False):
        day = (now - timedelta(days=1)).date()
        who, _car = delivered(place, on=day, now=now)
        task = task_asking(who, "dealer_24h", now=now)
        manager = as_person(place.manager)
        address = url(who, task)
        why = {"q_feeling_text": "异响", "none_reason": "no_need"} if points in "12" else {}
        drawn = taps(manager.get(address), q_feeling=points, **why, **said)
        assert manager.post(address, drawn).status_code == 302
    return who


def _surveyed():
    found = shop(Trade.CARS)
    held(found, "5", now=at("2026-01-20 10:00"))
    held(found, "4")
    held(found, "2", q_person_service="5")
    held(found, "5", willing="no", instead="later", retry_on="2026-03-20")
    return found


@pytest.fixture(scope="module")
def _place(django_db_setup, django_db_blocker):
    with kept(_surveyed, blocker=django_db_blocker) as found:
        yield found


@pytest.fixture
def place(_place):
    return deepcopy(_place)


def told(**params: str) -> dict[str, dict]:
    report = run("surveys", params, reach=None, now=NOW)
    return {str(row["key"]): row for row in report["rows"]}


def test_a_store_has_its_mean_and_its_share_of_the_satisfied(place):
    row = told()[str(place.store.pk)]
    # 5, 4 and the mean of 2 and 5.
    assert (row["held"], row["unwilling"], row["scored"]) == (3, 1, 3)
    assert (row["mean"], row["satisfied"], row["low"]) == (4.17, 2, 0)
    assert row["share"] == 0.667


def test_by_person_is_whom_the_answers_are_about(place):
    assert list(told(by="person")) == [str(place.seller.pk)]


def test_by_question_counts_points_and_by_month_time(place):
    asked = told(by="question")
    assert (asked["T1.feeling"]["held"], asked["T1.feeling"]["low"]) == (3, 1)
    assert asked["T1.person_service"]["mean"] == 5
    assert {key: row["held"] for key, row in told(by="month").items()} == {
        "2026-01": 1, "2026-03": 2,
    }  # fmt: skip


def test_what_is_taken_back_counts_nowhere_and_days_and_surveys_narrow(place):
    contact = Contact.objects.filter(survey_result__score=4).get()
    services.void_contact(contact=contact, reason="错", by=place.manager, now=NOW)
    assert told()[str(place.store.pk)]["held"] == 2
    assert not told(survey="T5")
    assert told(**{"from": "2026-02-01"})[str(place.store.pk)]["held"] == 1
    with pytest.raises(ReportNotMade):
        told(**{"from": "2026-02-01", "to": "2026-01-01"})


def test_each_figure_of_the_page_opens_as_many_rows_as_it_says(place):
    manager = as_person(place.manager)
    for by in surveys.BY:
        page = manager.get(f"/reports/surveys/?by={by}")
        assert page.status_code == 200
        figures = [each for row in page.context["rows"] for each in row["figures"]]
        told = [figure for figure in figures if figure["value"]]
        assert told, by
        for figure in told:
            opened = manager.get(figure["url"].partition("#")[0])
            assert len(opened.context["shown"]) == figure["value"], figure


def test_results_beyond_one_page_are_on_the_next(place, monkeypatch):
    monkeypatch.setattr("reports.views.surveys.MOST_ROWS", 2)
    manager, address = as_person(place.manager), "/reports/surveys/?show=held&by=store"
    pages = [manager.get(f"{address}&page={number}").context["shown"] for number in (1, 2)]
    assert [len(rows) for rows in pages] == [2, 1]
    assert pages[1][0] not in pages[0]
    first = manager.get(address)
    assert "by=store&amp;page=2" in first.content.decode()
    assert first.context["page"].paginator.count == 3


def test_the_page_draws_the_months_and_answers_odd_addresses(place, company, as_):
    manager = as_person(place.manager)
    page = manager.get("/reports/surveys/").content.decode()
    assert re.search(r'<polyline class="line" points="[\d., ]+"', page)
    assert manager.get("/reports/surveys/?show=held&by=person&key=x").status_code == 404
    assert manager.get("/reports/surveys/?show=held&by=month&key=x").status_code == 404
    assert manager.get("/reports/surveys/?begins=x&by=zz").status_code == 200
    assert as_(company.sales_store).get("/reports/surveys/").context["rows"] == []
    assert as_(company.admin).get("/reports/surveys/").status_code == 403


@pytest.mark.parametrize("page", ["surveys", "first-response"])
@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        ("2026-01-01", "9999-12-31", "Choose a day from 2000 to 2099."),
        ("0001-01-01", "2026-03-12", "Choose a day from 2000 to 2099."),
        ("2026-03-12", "2026-03-11", "The last day lies before the first."),
    ],
)
def test_days_far_away_or_turned_round_are_told_in_words(
    place, company, as_, page, begins, ends, said
):  # fmt: skip
    company.ops_manager.language = "en"
    company.ops_manager.save()
    answer = as_(company.ops_manager).get(f"/reports/{page}/?begins={begins}&ends={ends}")
    assert answer.status_code == 200
    assert said in answer.content.decode()


@pytest.mark.parametrize("by", surveys.BY)
def test_one_or_twelve_surveys_cost_the_same_queries(by):
    place = shop(Trade.CARS)
    manager = as_person(place.manager)
    address = f"/reports/surveys/?by={by}&show=held"

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            manager.get(address)
        return len(caught)

    held(place, "5")
    cost()
    one = cost()
    for month in range(1, 4):
        held(place, "4", now=at(f"2026-0{month}-05 10:00"))
    assert cost() == one


def test_days_that_are_turned_round_are_told_in_words_beside_the_rows_too(place):
    asked = {"begins": "2026-03-10", "ends": "2026-03-01"}
    manager = as_person(place.manager)
    whole = manager.get("/reports/surveys/", asked)
    assert whole.content.decode().count(str(whole.context["filter_form"].errors["ends"][0])) == 1
    part = manager.get("/reports/surveys/", asked, headers={"HX-Request": "true"})
    assert part.context_data["wrong"][0] in part.content.decode()
    assert 'class="stats"' in part.content.decode()
