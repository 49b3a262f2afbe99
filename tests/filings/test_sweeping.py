"""What the sweep notes and tells, once, and never twice (FIL-12 … FIL-16, PUL-02, T04)."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from filings import services
from filings.models import Deal, Filing, Violation
from filings.queries.history import book_of
from filings.rules.filing import missed_updates, status
from filings.services import sweeping
from filings.services.freeing import tell_free
from filings.services.reviews import reject
from filings.services.sweeping import sweep
from filings.states import ViolationKind
from filings.tasks import sweep_filings
from staff.models import Notice
from staff.states import NoticeKind
from staff.told import sentence
from tests.filings.filed import filed, people, reach, sell
from tests.filings.held import file
from tests.followups.build import at

pytestmark = pytest.mark.django_db

FILED = at("2026-03-01 10:00")
UPDATE = at("2026-03-05 00:00")
SILENCE = at("2026-03-12 00:00")
LIMIT = at("2026-03-17 00:00")
SECOND = timedelta(seconds=1)


@pytest.fixture
def who():
    return people()


def found(now, **options):
    swept = sweep(now=now, **options)
    return swept.flagged, swept.warned, swept.lapsed, swept.void


def heard(person, kind=NoticeKind.FILING_CLOCK):
    rows = Notice.objects.filter(person=person, kind=kind).order_by("pk")
    return [sentence(row.kind, row.params) for row in rows]


def missed(filing):
    rows = Violation.objects.filter(kind=ViolationKind.UPDATE_MISSED, filing=filing)
    return list(rows.filter(cleared_at=None).order_by("moment").values_list("moment", flat=True))


def kept_up(filing, person, *, until):
    """Reached every two days, to this moment."""
    now = filing.submitted_at + timedelta(days=2)
    while now < until:
        reach(filing, person, now=now)
        now += timedelta(days=2)


def test_a_missed_update_is_noted_at_the_second_after_its_day_and_loses_nothing(who):
    filing = filed(who["store"], now=FILED)
    assert found(UPDATE - SECOND)[0] == 0
    assert found(UPDATE)[0] == 1
    assert found(UPDATE + SECOND)[0] == 0
    assert missed(filing) == [UPDATE]
    assert status(book_of(filing.customer_id).filings[filing.pk], UPDATE + SECOND) == "protected"
    assert missed_updates(book_of(filing.customer_id).filings[filing.pk], UPDATE) == [UPDATE]


def test_each_limit_is_warned_of_once_as_many_days_before_as_the_policy_says(who):
    filing = filed(who["store"], now=FILED)
    assert found(UPDATE - timedelta(days=1) - SECOND)[1] == 0
    assert found(UPDATE - timedelta(days=1))[1] == 1
    assert found(UPDATE - SECOND)[1] == 0
    assert found(SILENCE - timedelta(days=2) - SECOND)[1] == 0
    assert found(SILENCE - timedelta(days=2))[1] == 1
    assert found(SILENCE - SECOND)[1] == 0
    said = heard(who["store"])
    assert len(said) == 2
    assert filing.number in said[0]
    assert filing.number in said[1]


def test_measuring_is_warned_of_two_days_before_and_not_once_it_is_done(who):
    filing = filed(who["field"], now=FILED)
    kept_up(filing, who["field"], until=LIMIT - timedelta(days=2))
    assert found(LIMIT - timedelta(days=2) - SECOND)[1] == 0
    assert found(LIMIT - timedelta(days=2))[1] >= 1
    assert any("needs measuring" in line for line in heard(who["field"]))
    assert found(LIMIT - timedelta(days=2) + SECOND)[1] == 0


def test_a_contact_begins_the_warnings_anew(who):
    filing = filed(who["store"], now=FILED)
    sweep(now=UPDATE - SECOND)
    reach(filing, who["store"], now=UPDATE - SECOND)
    assert found(at("2026-03-06 23:59"))[1] == 0
    assert found(at("2026-03-07 00:00"))[1] == 1


def test_silence_lapses_at_the_end_of_the_tenth_day_and_a_contact_revives(who):
    filing = filed(who["store"], now=FILED)
    assert found(SILENCE - SECOND)[2:] == (0, 0)
    assert found(SILENCE)[2:] == (1, 0)
    assert found(SILENCE)[2:] == (0, 0)
    assert "lapsed by silence" in heard(who["store"])[-1]
    reach(filing, who["store"], now=SILENCE + timedelta(hours=9))
    filing.refresh_from_db()
    assert filing.lapse_noted_at is None
    assert not filing.ended
    assert found(at("2026-03-23 00:00"))[2:] == (1, 0)


def test_a_field_filing_nobody_measures_is_void_after_fifteen_days_swept_or_not(who):
    filing = filed(who["field"], now=FILED)
    kept_up(filing, who["field"], until=LIMIT)
    state = book_of(filing.customer_id).filings[filing.pk]
    assert status(state, LIMIT - SECOND) == "protected"
    assert status(state, LIMIT) == "VOID_15D"
    assert found(LIMIT - SECOND)[2:] == (0, 0)
    assert found(LIMIT)[2:] == (0, 1)
    assert status(book_of(filing.customer_id).filings[filing.pk], LIMIT) == "VOID_15D"
    assert "is void" in heard(who["field"])[-1]
    # The same facts in a store: no such limit.
    other = filed(who["store"], now=FILED)
    kept_up(other, who["store"], until=LIMIT)
    assert found(LIMIT + SECOND)[2:] == (0, 0)


def test_a_deal_rests_warnings_and_flags_until_it_is_undone(who):
    filing = filed(who["store"], now=FILED)
    sell(filing, who["store"], now=FILED + timedelta(hours=2))
    for day in range(2, 16):
        assert found(at(f"2026-03-{day:02} 00:00")) == (0, 0, 0, 0)
    assert not Notice.objects.filter(kind=NoticeKind.FILING_CLOCK).exists()
    services.undo_deal(
        deal=Deal.objects.get(), reason="退定", by=who["ops"], now=at("2026-03-16 10:00")
    )
    assert found(at("2026-03-16 10:01")) == (0, 0, 0, 0)


def test_after_a_refund_the_clocks_run_on(who):
    filing = filed(who["store"], now=FILED)
    sell(filing, who["store"], now=FILED + timedelta(hours=2))
    sweep(now=at("2026-03-05 00:00"))
    services.undo_deal(
        deal=Deal.objects.get(), reason="退定", by=who["ops"], now=at("2026-03-06 10:00")
    )
    assert found(SILENCE - timedelta(days=1)) == (0, 1, 0, 0)
    assert found(SILENCE)[2:] == (1, 0)


def test_many_of_a_day_are_one_notice_with_their_number(who):
    for _each in range(3):
        filed(who["store"], now=FILED)
    assert found(UPDATE - timedelta(days=1))[1] == 3
    (row,) = Notice.objects.filter(person=who["store"])
    assert row.params["updates"] == 3
    assert "3" in heard(who["store"])[0]


def test_what_comes_later_on_the_same_day_is_added_to_the_notice(who):
    first = filed(who["store"], now=FILED)
    sweep(now=UPDATE - timedelta(days=1))
    Notice.objects.update(read_at=UPDATE)
    late = filed(who["store"], now=FILED + timedelta(hours=1))
    sweep(now=UPDATE - timedelta(hours=2))
    (row,) = Notice.objects.filter(person=who["store"])
    assert row.params["filings"] == [first.pk, late.pk]
    assert row.read_at is None


def test_whoever_was_refused_hears_that_the_customer_is_free_and_whose_it_was_not(who):
    filing = filed(who["store"], now=FILED)
    refused = file(filing.customer, who["colleague"], now=FILED + timedelta(hours=1))
    assert refused.invalid == "LATER_FILER"
    sweep(now=SILENCE - SECOND)
    assert heard(who["colleague"], NoticeKind.FILING_FREE) == []
    assert found(SILENCE)[2:] == (1, 0)
    (line,) = heard(who["colleague"], NoticeKind.FILING_FREE)
    assert refused.number in line
    assert who["store"].name not in line
    assert filing.number not in line
    sweep(now=SILENCE + SECOND)
    assert tell_free(customer=filing.customer, now=SILENCE + SECOND) == 0
    refused.refresh_from_db()
    assert refused.told_free_at == SILENCE


@pytest.mark.parametrize("way", ["release", "release_all", "void", "reject", "undo"])
def test_whoever_was_refused_hears_at_once_when_an_act_frees_the_customer(who, way):
    holder, later = who["store"], FILED + timedelta(hours=3)
    filing = filed(holder, now=FILED)
    file(filing.customer, who["colleague"], now=FILED + timedelta(hours=1))
    if way == "release":
        services.release(filing=filing, by=holder, is_manager=False, now=later)
    elif way == "release_all":
        services.release_all(customer=filing.customer, holder=None, by=holder, now=later)
    elif way == "void":
        services.void_filing(
            filing=filing, reason="录错", by=who["ops"], is_manager=True, now=later
        )
    elif way == "reject":
        reject(filing=filing, note="假地址", by=who["ops"], now=later)
    else:
        sell(filing, holder, now=later)
        sweep(now=SILENCE)
        assert heard(who["colleague"], NoticeKind.FILING_FREE) == []
        services.undo_deal(
            deal=Deal.objects.get(), reason="退定", by=who["ops"], now=SILENCE + SECOND
        )
    assert len(heard(who["colleague"], NoticeKind.FILING_FREE)) == 1


def test_who_has_filed_since_is_refused_no_more_and_nobody_hears_while_another_protects(who):
    filing = filed(who["store"], now=FILED)
    file(filing.customer, who["colleague"], now=FILED + timedelta(hours=1))
    Filing.objects.filter(invalid="LATER_FILER").update(told_free_at=None)
    again = SILENCE + timedelta(hours=1)
    taken = file(filing.customer, who["colleague"], now=again)
    assert taken.invalid == ""
    sweep(now=again + SECOND)
    assert heard(who["colleague"], NoticeKind.FILING_FREE) == []
    services.release(filing=taken, by=who["colleague"], is_manager=False, now=again + 2 * SECOND)
    assert heard(who["colleague"], NoticeKind.FILING_FREE) == []


@pytest.mark.parametrize("swept_first", [True, False])
def test_a_contact_typed_after_the_edge_counts_at_its_real_time_in_either_order(who, swept_first):
    """C13: whichever is committed first, the flag is there or not by the contact's real time."""
    in_time, too_late = filed(who["store"], now=FILED), filed(who["store"], now=FILED)
    if swept_first:
        sweep(now=UPDATE + SECOND)
        assert missed(in_time) == missed(too_late) == [UPDATE]
    now = UPDATE + timedelta(minutes=5)
    reach(in_time, who["store"], now=now, occurred_at=UPDATE - SECOND)
    reach(too_late, who["store"], now=now, occurred_at=UPDATE)
    sweep(now=now + SECOND)
    assert missed(in_time) == []
    assert missed(too_late) == [UPDATE]
    for filing in (in_time, too_late):
        state = book_of(filing.customer_id).filings[filing.pk]
        assert missed_updates(state, now) == missed(filing)


def test_a_contact_taken_back_leaves_the_update_missed(who):
    filing = filed(who["store"], now=FILED)
    sweep(now=UPDATE)
    contact = reach(filing, who["store"], now=UPDATE + SECOND, occurred_at=UPDATE - SECOND)
    assert missed(filing) == []
    services.take_back_contact(contact=contact, by=who["ops"], now=UPDATE + 2 * SECOND)
    assert missed(filing) == [UPDATE]


def test_whoever_takes_a_filing_over_begins_anew_and_the_flag_stays_with_who_missed_it(who):
    filing = filed(who["store"], now=FILED)
    sweep(now=UPDATE)
    services.hand_over(
        filing=filing, holder=who["colleague"], reason="休假", by=who["ops"], now=UPDATE + SECOND
    )
    sweep(now=at("2026-03-08 23:59"))
    reach(filing, who["colleague"], now=at("2026-03-08 23:59"))
    assert Violation.objects.filter(person=who["colleague"]).count() == 0
    assert missed(filing) == [UPDATE]


def test_the_sweep_stops_where_so_many_would_lapse_at_once_and_asks(who, monkeypatch):
    monkeypatch.setattr(sweeping, "MOST_AT_ONCE", 3)
    for _each in range(3):
        filed(who["store"], now=FILED)
    for _each in range(2):
        assert sweep(now=SILENCE).is_stopped
    assert not Filing.objects.exclude(lapse_noted_at=None).exists()
    (line,) = heard(who["ops"])
    assert "3 of 3" in line
    with pytest.raises(CommandError, match="--confirm"):
        call_command("sweep_filings", at=SILENCE)
    assert found(SILENCE, is_confirmed=True)[2:] == (3, 0)


def test_one_in_twenty_is_an_ordinary_night(who, monkeypatch):
    monkeypatch.setattr(sweeping, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(sweeping, "MOST_OF_ALL", 2)
    filed(who["store"], now=FILED)
    filed(who["store"], now=FILED + timedelta(days=5))
    assert found(SILENCE)[2:] == (1, 0)


def test_the_command_prints_what_scripts_read(who, capsys):
    filed(who["store"], now=FILED)
    call_command("sweep_filings", at=UPDATE)
    printed = json.loads(capsys.readouterr().out)
    assert printed == {
        "at": UPDATE.isoformat(), "lapsed": 0, "void": 0, "warned": 0, "flagged": 1,
    }  # fmt: skip
    sweep_filings()


def test_more_than_a_batch_in_as_many_statements_a_batch(who, monkeypatch):
    for _each in range(5):
        filed(who["store"], now=FILED)
    monkeypatch.setattr(sweeping, "BATCH", 2)
    assert found(UPDATE)[0] == 5
    assert found(SILENCE)[2] == 5

    def statements():
        with CaptureQueriesContext(connection) as ran:
            sweep(now=SILENCE + SECOND)
        return len(ran)

    quiet = statements()
    filed(who["colleague"], now=SILENCE)
    assert statements() == quiet
