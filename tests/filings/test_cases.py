"""The worked cases: by the rules alone, and through the services against the database."""

import pytest

from filings.casefiles.case import CaseFile
from filings.models import Deal, Filing
from filings.rules import Terms
from tests.filings.casting import CASES, Cast, Play

ids = [case["id"] for case in CASES["cases"]]
BY_ID = {case["id"]: case for case in CASES["cases"]}
BY_RULES = {decided.case: decided for decided in CaseFile(CASES, terms=Terms()).decide_each()}


@pytest.mark.parametrize("name", ids)
def test_the_rules_decide_each_case_as_it_was_worked_out(name):
    case, decided = BY_ID[name], BY_RULES[name]
    expected = case["expected"]
    assert decided.decision.owner == expected["owner"]
    assert decided.decision.verdict == expected["verdict"]
    assert {key: decided.statuses[key] for key in expected["filings"]} == expected["filings"]
    flags = {flag.value for flag in decided.decision.flags}
    assert set(case.get("expected_flags", ())) <= flags


# What operations find of identity is a ruling of its own: told by test_bench.
FOUND_BY_PEOPLE = {"C21"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in ids if name not in FOUND_BY_PEOPLE])
def test_the_services_decide_each_case_as_the_rules_do(name):
    case = BY_ID[name]
    expected = case["expected"]
    cast = Cast(CASES["cast"])
    play = Play(case, cast).run()
    ruling = play.rulings[case.get("decide_order", "O1")]
    assert ruling.verdict == expected["verdict"]
    if expected["verdict"] == "auto":
        assert ruling.credited_to == cast.people[expected["owner"]]
        assert Deal.objects.get(pk=ruling.deal_id).credited_to_id == ruling.credited_to_id
    statuses = play.statuses[case.get("decide_order", "O1")]
    for key, filing in play.filings.items():
        filing.refresh_from_db()
        found = statuses.get(filing.pk) or (
            f"invalid:{filing.invalid}" if filing.invalid else "invalid:INCOMPLETE"
        )
        assert found == expected["filings"][key], key
    assert set(case.get("expected_flags", ())) <= set(ruling.flags)


@pytest.mark.django_db
def test_no_filing_of_a_case_is_without_its_events():
    play = Play(BY_ID["C24"], Cast(CASES["cast"])).run()
    filing = play.filings["F1"]
    assert next(event.kind for event in filing.events.order_by("pk")) == "filed"
    assert Filing.objects.get(pk=filing.pk).protections.count() == 2
