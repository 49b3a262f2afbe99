"""Every reason and every clause has words."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

from filings import wording
from filings.casefiles.case import CaseFile
from filings.rules import Reason, Terms
from tests.filings.casting import CASES

AT = datetime(2026, 3, 15, 16, 0, tzinfo=UTC)
DECIDED = list(CaseFile(CASES, terms=Terms()).decide_each())
CODES = sorted({reason.code for decided in DECIDED for reason in decided.decision.reasons})


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["id"])
def test_each_worked_case_cites_the_clauses_it_was_worked_out_by(case):
    (decided,) = [one for one in DECIDED if one.case == case["id"]]
    cited = {reason.clause for reason in decided.decision.reasons}
    assert set(case["rules"]) <= cited


def test_every_reason_of_every_case_is_a_whole_sentence():
    for decided in DECIDED:
        for reason in decided.decision.reasons:
            said = wording.sentence(reason, name_of=str)
            assert said.endswith("."), reason
            assert "%(" not in said, reason
            assert "  " not in said, reason


def test_every_code_that_the_rules_write_has_words():
    source = Path("filings/rules/deciding.py").read_text()
    named = set(re.findall(r'code="([a-z_0-9]+)"', source)) | set(
        re.findall(r'_passed\(\s*(?:clause|"[A-Z]+-\d+"), "([a-z_0-9]+)"', source)
    )
    assert len(named) > 15
    assert named | set(CODES) <= set(wording.SENTENCES)


def test_every_clause_that_is_cited_has_a_title_and_a_text():
    cited = {reason.clause for decided in DECIDED for reason in decided.decision.reasons}
    numbers = {f"FIL-{n:02}" for n in range(1, 44)} | {f"XRG-{n:02}" for n in range(1, 6)}
    numbers |= {f"PUL-{n:02}" for n in range(1, 6)} | {f"ADJ-{n:02}" for n in range(1, 8)}
    assert cited | numbers <= set(wording.CLAUSE_TEXTS)
    assert all(wording.clause_title(each) and wording.clause_text(each) for each in numbers)


def test_a_ruling_kept_as_json_says_the_same_as_the_reason_of_the_rules():
    from filings.services.rulings import plain, reason_row

    reason = Reason(
        clause="FIL-14", code="lapsed_10d", tone="failed", at=AT, filing=7,
        params={"acted_at": AT, "until": AT},
    )  # fmt: skip
    row = plain(reason_row(reason))
    assert wording.sentence(row, name_of=str) == wording.sentence(reason, name_of=str)


def test_limits_are_said_as_24_00_of_their_last_day_and_moments_to_the_second():
    with translation.override("en"):
        assert "15 Mar" in wording.limit_text(AT)
        assert wording.limit_text(AT).endswith("24:00")
        assert wording.moment_text(AT).endswith("00:00:00")
