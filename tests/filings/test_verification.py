"""`verify` over leads: a clean house, and each check shown to find one damaged row."""

import json
from copy import deepcopy
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from filings.models import Deal, Filing, FilingEvent, Protection, Ruling, Seal
from filings.queries.history import journal_of
from filings.services.rulings import hash_of
from filings.services.sealing import seal_day, seal_days
from filings.verification import (
    credit_differences,
    entry_differences,
    filing_differences,
    ruling_differences,
    seal_differences,
)
from tests.filings.casting import CASES, Cast, Play, moment
from tests.worlds import kept

pytestmark = pytest.mark.django_db

PLAYED = ("C01", "C13", "C15", "C24")
NOW = moment("2026-06-01T09:00:00+08:00")


def _own_orders(case):
    """The case with orders of its own: each calls its first one O1."""
    return json.loads(json.dumps(case).replace('"O1"', f'"{case["id"]}-O1"'))


def _played_out():
    cast = Cast(CASES["cast"])
    with translation.override("en"):
        plays = [
            Play(_own_orders(case), cast).run() for case in CASES["cases"] if case["id"] in PLAYED
        ]
        seal_days(now=NOW)
    return plays


@pytest.fixture(scope="module")
def _house(django_db_setup, django_db_blocker):
    with kept(_played_out, blocker=django_db_blocker) as plays:
        yield plays


@pytest.fixture
def house(_house):
    """Some of the worked cases, played out: lapsed, revived, extended, refused, dealt."""
    return deepcopy(_house)


def differences():
    checks = (entry_differences, credit_differences, ruling_differences, seal_differences,
              filing_differences)  # fmt: skip
    return [difference for check in checks for difference in check()]


def by_hand(statement, *values):
    """What somebody does who may do anything: guards switched off, rows changed in SQL."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        assert cursor.rowcount == 1
        cursor.execute("SET session_replication_role = origin")


def test_an_untouched_house_is_clean(house):
    assert differences() == []
    assert Filing.objects.count() > 20
    assert Ruling.objects.count() == len(PLAYED)


@pytest.mark.parametrize(
    "change",
    [
        "text = 'x'",
        "credited_to_id = (SELECT min(id) FROM staff_person)",
        "at = at + interval '1 microsecond'",
        "reasons = jsonb_set(reasons, '{0,tone}', '\"failed\"')",
        "facts = jsonb_set(facts, '{at}', '\"2026-01-01\"')",
        "clauses = clauses[2:]",
        "hash = 'f' || substr(hash, 2)",
    ],
)
def test_one_changed_byte_of_a_ruling_is_named(house, change):
    ruling = Ruling.objects.order_by("pk")[1]
    if change.startswith("hash") and ruling.hash[0] == "f":
        change = change.replace("'f'", "'0'")
    by_hand(f"UPDATE filings_ruling SET {change} WHERE id = %s", ruling.pk)
    named = [each for each in differences() if each.check == "ruling_altered"]
    assert [each.where["ruling"] for each in named] == [ruling.pk]


def test_verify_ends_with_one_and_names_the_altered_ruling(house):
    pk = Ruling.objects.latest("pk").pk
    by_hand("UPDATE filings_ruling SET text = text || '。' WHERE id = %s", pk)
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify", stdout=out)
    assert end.value.code == 1
    found = json.loads(out.getvalue())["differences"]
    assert [each["ruling"] for each in found if each["check"] == "ruling_altered"] == [pk]


def test_a_ruling_rewritten_with_its_hash_still_breaks_the_seal(house):
    ruling = Ruling.objects.order_by("pk").first()
    ruling.text = "x"
    by_hand(
        "UPDATE filings_ruling SET text = 'x', hash = %s WHERE id = %s", hash_of(ruling), ruling.pk
    )
    assert {each.check for each in differences()} == {"seal_broken"}


def test_a_ruling_taken_out_breaks_the_seal(house):
    """Of a day with several: the last one is held by the seal itself."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM filings_seal")
        cursor.execute("SET session_replication_role = origin")
    seal_day(NOW.date(), previous=None)
    assert differences() == []
    first = Ruling.objects.order_by("pk").first()
    by_hand("DELETE FROM filings_ruling WHERE id = %s", first.pk)
    assert {each.check for each in differences()} == {"seal_broken", "credit"}


def test_seals_are_chained_and_written_once(house):
    days = list(Seal.objects.order_by("day").values_list("day", flat=True))
    assert days[-1] == (NOW - timedelta(days=1)).date()
    assert {(after - before).days for before, after in pairwise(days)} == {1}
    assert seal_days(now=NOW) == 0
    by_hand("DELETE FROM filings_seal WHERE day = %s", days[5])
    assert {each.check for each in differences()} == {"seal_broken", "seal_missing"}


def test_no_day_is_sealed_before_it_is_surely_over(house):
    night = moment("2026-06-02T00:10:00+08:00")
    assert seal_days(now=night) == 0
    assert seal_days(now=night + timedelta(minutes=30)) == 1


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE filings_filing SET protected_until = protected_until + interval '1 day'"
         " WHERE id = %s", "filing"),
        ("UPDATE filings_filing SET holder_id = (SELECT max(id) FROM staff_person)"
         " WHERE id = %s", "filing"),
        ("UPDATE filings_filing SET measured_at = submitted_at WHERE id = %s", "filing"),
        ("DELETE FROM filings_filingevent WHERE kind = 'filed' AND filing_id = %s",
         "filing_entry"),
    ],
)  # fmt: skip
def test_a_filing_changed_by_hand_is_named(house, statement, check):
    filing = house[0].filings["F1"]
    by_hand(statement, filing.pk)
    found = [each for each in differences() if each.check == check]
    assert filing.pk in [each.where["filing"] for each in found]


def test_a_stretch_changed_by_hand_is_named(house):
    row = Protection.objects.latest("pk")
    by_hand("UPDATE filings_protection SET withdrawn = TRUE WHERE id = %s", row.pk)
    assert [(each.check, each.where["filing"]) for each in differences()] == [
        ("protection", row.filing_id)
    ]


def test_a_contact_taken_out_of_the_journal_is_noticed(house):
    row = FilingEvent.objects.filter(kind="contacted").latest("pk")
    by_hand("DELETE FROM filings_filingevent WHERE id = %s", row.pk)
    assert "filing" in {each.check for each in differences()}


def test_a_credit_changed_by_hand_is_named(house):
    deal = Deal.objects.latest("pk")
    by_hand("UPDATE filings_deal SET credited_to_id = NULL WHERE id = %s", deal.pk)
    assert [(each.check, each.where["deal"]) for each in differences()] == [("credit", deal.pk)]


def test_the_check_reads_many_as_cheaply_as_few(house, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        assert list(filing_differences()) == []
    assert len(journal_of([house[0].filings["F1"].customer_id]).filings) == 2
