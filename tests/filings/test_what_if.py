"""What if: a period replayed under other rules, and each ruling that would flip."""

import json
from dataclasses import asdict, replace
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation

from core.models import Job
from core.states import JobState
from filings.models import FilingEvent, Ruling
from filings.queries import policy_of, terms_of
from filings.queries.what_if import compare
from filings.rules import Terms
from filings.rules.replaying import REPLAYED
from filings.services.what_if import ask_what_if, do_what_if
from staff.states import Trade
from tests.filings.replayed import flips, played
from tests.worlds import kept

pytestmark = pytest.mark.django_db
PLAYED = ("C01", "C06", "C07", "C09", "C13", "C24")


def _played_in_english():
    with translation.override("en"):
        return played(*PLAYED)


@pytest.fixture(scope="module")
def _house(django_db_setup, django_db_blocker):
    with kept(_played_in_english, blocker=django_db_blocker) as period:
        yield period


@pytest.fixture
def house(_house):
    """Cases around the edges, all of one spring."""
    return _house


def test_under_the_rules_that_held_nothing_flips(house):
    assert flips(house) == {}
    every = list(compare(house, terms=Terms(), advance=lambda done, total: None))
    assert len(every) == len(PLAYED)


@pytest.mark.parametrize(
    ("changes", "flipped"),
    [
        ({"protection_days": 8}, {"C07"}),
        ({"field_limit_days": 40}, {"C09"}),
        ({"is_on": False}, {"C01", "C07", "C13", "C24"}),
    ],
)
def test_other_rules_flip_the_cases_that_hang_on_them(house, changes, flipped):
    found = flips(house, **changes)
    assert flipped <= set(found), found
    for name in flipped:
        each = found[name]
        assert each.held.owner != each.changed.owner
        assert each.reasons_gone() or each.reasons_new()


def test_a_deposit_too_small_or_abroad_is_told_as_such(house):
    found = flips(house, min_deposit=10_000)
    assert all(each.outcome == "" for each in found.values())  # no amount is known of these


def test_nothing_is_written_and_a_stream_costs_few_statements(house, django_assert_max_num_queries):
    before = (FilingEvent.objects.count(), Ruling.objects.count())
    with django_assert_max_num_queries(4):
        flips(house, protection_days=7)
    assert (FilingEvent.objects.count(), Ruling.objects.count()) == before


def test_the_result_is_a_page_one_comes_back_to(house, company, as_):
    terms = replace(Terms(), protection_days=8)
    job = ask_what_if(period=house, terms=terms, changed=["protection_days"],
                      by=company.ops_manager)  # fmt: skip
    url = f"/policies/what-if/{job.pk}/"
    assert as_(company.ops_manager).get(url).status_code == 302
    do_what_if(SimpleNamespace(job=job, advance=lambda done, total: None))
    Job.objects.filter(pk=job.pk).update(
        state=JobState.DONE, result=json.loads(json.dumps(job.result)), ended_at=timezone.now()
    )
    page = as_(company.ops_manager).get(url)
    text = page.content.decode()
    assert page.context["flipped"] == len(page.context["rows"]) >= 1
    row = next(row for row in page.context["rows"] if row["deal"].order_no == "C07-O1")
    assert row["has"] != row["would"]
    assert row["gone"]
    assert row["new"]
    assert row["deal"].customer.name in text
    assert (
        f"/policies/what-if/{job.pk}/"
        in as_(company.ops_manager).get("/policies/what-if/").content.decode()
    )
    assert as_(company.store_manager).get(url).status_code == 403
    assert as_(company.ops_manager).get("/policies/what-if/999999/").status_code == 404


def told(**changes):
    asked = {name: value for name, value in asdict(Terms()).items() if name in REPLAYED}
    values = {**asked, "trade": Trade.FURNITURE.value, "first": "2026-03-01",
              "last": "2026-04-30", **changes}  # fmt: skip
    return {name: str(value) for name, value in values.items() if value is not False}


def test_another_trade_brings_its_own_rules(company, as_):
    browser = as_(company.ops_manager)
    for trade in (Trade.CARS, Trade.FURNITURE):
        page = browser.get(f"/policies/what-if/?trade={trade}")
        present = terms_of(policy_of(trade, day=timezone.localdate()))
        assert page.context["form"]["protection_days"].value() == present.protection_days
        assert f'name="trade" value="{trade}"' in page.content.decode()


def test_a_replay_is_asked_for_as_work(company, as_):
    browser = as_(company.ops_manager)
    answer = browser.post("/policies/what-if/", told(protection_days=7))
    job = Job.objects.get(kind="filings.tasks.replay_what_if")
    assert answer.url == f"/jobs/{job.pk}/"
    assert job.params["changed"] == ["protection_days"]


@pytest.mark.parametrize(
    "changes",
    [{}, {"first": "2026-05-01"}, {"first": "2020-01-01"}, {"protection_days": 0},
     {"first": "2999-01-01", "last": "2999-01-02"}, {"trade": "boats"}],
)  # fmt: skip
def test_what_cannot_be_replayed_is_said(company, as_, changes):
    changes = {"protection_days": 7, **changes} if changes else changes
    page = as_(company.ops_manager).post("/policies/what-if/", told(**changes))
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert not Job.objects.filter(kind="filings.tasks.replay_what_if").exists()
