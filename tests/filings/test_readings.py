"""Each reading that a policy chooses between flips a history that hangs on it (decision 13)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.calendars import BusinessCalendar
from filings.rules import Book, Clock, Terms, decide, status
from filings.rules import events as happened
from filings.rules.limits import update_due
from filings.rules.replaying import NO_DEAL, NOT_TAKEN, Replay
from filings.states import (
    Channel,
    CrossRegionSale,
    Element,
    LapseBy,
    LapseTest,
    LateTestedAt,
    NeededToFile,
    RefillMonth,
    RequestKind,
)
from tests.filings.reference import ZONE, midnight

CLOCK = Clock(zone=ZONE, calendar=BusinessCalendar())


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


FILED = at("03-02 10:00")


def filed(terms, *, when=FILED, key="f1", filer="g1", channel=Channel.STORE, project="P", **more):
    return happened.Filed(
        at=when, filing=key, customer="K", project=project, filer=filer, channel=channel,
        acquired_at=more.pop("acquired_at", when), terms=terms, clock=CLOCK, **more,
    )  # fmt: skip


def contact(when, *, key="c1", person="g1"):
    return happened.Contacted(at=when, contact=key, person=person, customer="K", occurred_at=when)


def dealt(when, *, closer="g2", key="d1", **more):
    return happened.Dealt(at=when, deal=key, customer="K", project="P", closer=closer, **more)


def owner(terms, when, *events):
    return decide(Book().enter_all(events), dealt(when)).owner


@pytest.mark.parametrize(
    ("reading", "second", "expected"),
    [
        (LapseTest.SILENCE, at("03-09 10:00"), "g1"),  # 7 days without a word: no loss
        (LapseTest.MISSED_UPDATE, at("03-09 10:00"), "g2"),
        (LapseTest.MISSED_UPDATE, at("03-05 23:59:59"), "g1"),  # the duty's last second
        (LapseTest.MISSED_UPDATE, at("03-06 00:00"), "g2"),
        (LapseTest.SILENCE, at("03-12 23:59:59"), "g1"),
        (LapseTest.SILENCE, at("03-13 00:00"), "g2"),
    ],
)
def test_lapse_test(reading, second, expected):
    terms = replace(Terms(), lapse_test=reading)
    assert owner(terms, second, filed(terms)) == expected


@pytest.mark.parametrize(("reading", "expected"), [(LapseBy.FILING, "g2"), (LapseBy.DEPOSIT, "g1")])
def test_lapse_by(reading, expected):
    """Silent since 12 March; a colleague files in the gap, then the filer comes back."""
    terms = replace(Terms(), lapse_by=reading)
    events = [
        filed(terms),
        filed(terms, when=at("03-14 09:00"), key="f2", filer="g2"),
        contact(at("03-14 15:00")),
    ]
    assert owner(terms, at("03-15 10:00"), *events) == expected


def test_where_only_a_deposit_ends_it_the_holder_may_file_again():
    terms = replace(Terms(), lapse_by=LapseBy.DEPOSIT)
    book = Book().enter_all([filed(terms), filed(terms, when=at("03-20 09:00"), key="f2")])
    assert book.filings["f2"].invalid == ""


@pytest.mark.parametrize(
    ("channel", "field", "expected"),
    [
        (Channel.STORE, "store_needs", {NeededToFile.ALL: None, NeededToFile.NAME_PHONE: ""}),
        (Channel.FIELD, "field_needs", {NeededToFile.ALL: None, NeededToFile.NAME_PHONE: ""}),
        (Channel.FIELD, "store_needs", {NeededToFile.NAME_PHONE: None}),
    ],
)
def test_needed_to_file(channel, field, expected):
    for reading, invalid in expected.items():
        terms = replace(Terms(), **{field: reading})
        event = filed(terms, channel=channel, missing=frozenset({Element.ADDRESS, Element.NEED}))
        book = Book().enter_all([event])
        state = book.filings.get("f1")
        assert (state.invalid if state else None) == invalid


@pytest.mark.parametrize(
    ("reading", "expected"), [(LateTestedAt.COMPLETION, "LATE_24H"), (LateTestedAt.NAME_PHONE, "")]
)
def test_late_tested_at(reading, expected):
    """Name and phone in time, the address two days later."""
    terms = replace(Terms(), late_tested_at=reading)
    event = filed(
        terms, when=FILED + timedelta(days=2), acquired_at=FILED,
        noted_at=FILED + timedelta(hours=1),
    )  # fmt: skip
    assert Book().enter_all([event]).filings["f1"].invalid == expected


@pytest.mark.parametrize(
    ("reading", "month", "expected"),
    [
        (RefillMonth.DEAL, "03-31 10:00", "OVER_QUOTA"),  # filed in March, dealt in April
        (RefillMonth.DEAL, "04-02 10:00", ""),
        (RefillMonth.FILING, "04-02 10:00", "OVER_QUOTA"),
    ],
)
def test_refill_month(reading, month, expected):
    terms = replace(Terms(), refill_month=reading, field_quota=1)
    field = {"filer": "s1", "channel": Channel.FIELD}
    events = [filed(terms, when=at("03-30 10:00"), **field)]
    if month.startswith("04"):
        events += [
            filed(terms, when=at("04-01 09:00"), key="f2", project="Q", **field),
            dealt(at("04-01 10:00")),
            happened.Credited(at=at("04-01 10:00"), deal="d1", filing="f1"),
        ]
    events.append(filed(terms, when=at(month), key="f3", project="R", **field))
    assert Book().enter_all(events).filings["f3"].invalid == expected


@pytest.mark.parametrize(
    ("days", "asked", "expected"),
    [(0, "03-14 10:00", "g2"), (3, "03-14 10:00", "g1"), (3, "03-16 00:00:01", "g2")],
)
def test_extension_after_lapse(days, asked, expected):
    """Silent until 12 March 24:00; special circumstances are reported after it."""
    terms = replace(Terms(), report_after_lapse_days=days)
    events = [
        filed(terms),
        happened.Asked(at=at(asked), request="r", filing="f1", kind=RequestKind.SILENCE,
                       held_until=at(asked) + timedelta(days=3)),
        happened.Answered(at=at("03-17 09:00"), request="r", filing="f1",
                          until=midnight(at("03-30 00:00"), 0)),
    ]  # fmt: skip
    assert owner(terms, at("03-20 10:00"), *events) == expected


def test_a_report_after_the_lapse_holds_nothing_open_until_it_is_granted():
    terms = replace(Terms(), report_after_lapse_days=3)
    events = [
        filed(terms, channel=Channel.FIELD),
        contact(at("03-12 10:00")),
        happened.Asked(at=at("03-18 10:00"), request="r", filing="f1", kind=RequestKind.LIMIT,
                       held_until=at("03-20 23:59")),
        contact(at("03-18 11:00"), key="c2"),
    ]  # fmt: skip
    book = Book().enter_all(events)
    assert status(book.filings["f1"], at("03-18 12:00")) == "VOID_15D"


@pytest.mark.parametrize(("rolls", "day"), [(False, 1), (True, 8)])
def test_roll_over_holidays(rolls, day):
    """Three days from 28 September end on National Day; the next working day is the 8th."""
    terms = replace(Terms(), roll_over_holidays=rolls)
    due = update_due(acted_at=at("09-28 10:00"), terms=terms, clock=CLOCK)
    assert due == midnight(at(f"10-{day:02d} 00:00"), 0)


def replayed(terms, deal, *, amount=None):
    """A deposit after one filing of g1, as it was and as it would be."""
    replay = Replay(terms=terms, clock=CLOCK, counts_from=at("03-01 00:00"))
    replay.enter(replace(filed(Terms()), was=""))
    return replay.enter(deal, amount=amount)


@pytest.mark.parametrize(
    ("least", "amount", "outcome"), [(0, 500, ""), (501, 500, NO_DEAL), (500, 500, "")]
)
def test_min_deposit(least, amount, outcome):
    found = replayed(replace(Terms(), min_deposit=least), dealt(at("03-05 10:00")), amount=amount)
    assert (found.outcome, found.is_flipped) == (outcome, bool(outcome))


@pytest.mark.parametrize(
    ("reading", "approved", "outcome"),
    [
        (CrossRegionSale.RECORD, False, ""),
        (CrossRegionSale.BLOCK, False, NOT_TAKEN),
        (CrossRegionSale.BLOCK, True, ""),
    ],
)
def test_cross_region_sale(reading, approved, outcome):
    deal = dealt(at("03-05 10:00"), region="R1", closer_region="R2", is_cross_approved=approved)
    found = replayed(replace(Terms(), cross_region_sale=reading), deal)
    assert (found.outcome, found.held.owner) == (outcome, "g1")


# what the reference found in the rules, each as it was mended


def test_an_act_before_the_filing_does_not_shorten_protection():
    """A call of the evening before, entered after the filing: the filing itself is an act."""
    late = replace(contact(at("03-02 11:00")), occurred_at=at("03-01 23:50"))
    state = Book().enter_all([filed(Terms()), late]).filings["f1"]
    assert state.protected_until == midnight(FILED, 10)


@pytest.mark.parametrize("came", ["filing", "deposit"])
def test_a_release_is_not_taken_back_once_somebody_came(came):
    events = [
        filed(Terms()),
        happened.Released(at=at("03-03 10:00"), filing="f1"),
        *(
            [filed(Terms(), when=at("03-03 10:02"), key="f2", filer="g2"),
             happened.Rejected(at=at("03-03 10:04"), filing="f2")]
            if came == "filing"
            else [dealt(at("03-03 10:02")), happened.Undone(at=at("03-03 10:04"), deal="d1")]
        ),
        happened.Resumed(at=at("03-03 10:05"), filing="f1"),
    ]  # fmt: skip
    state = Book().enter_all(events).filings["f1"]
    assert status(state, at("03-03 10:06")) == "RELEASED_D"


def test_a_grant_shortens_nothing_and_gives_a_store_filing_no_limit():
    for channel, limit in ((Channel.FIELD, midnight(FILED, 15)), (Channel.STORE, None)):
        events = [
            filed(Terms(), channel=channel),
            happened.Asked(at=at("03-03 10:00"), request="r", filing="f1",
                           kind=RequestKind.LIMIT, held_until=at("03-05 23:59")),
            happened.Answered(at=at("03-04 10:00"), request="r", filing="f1",
                              until=midnight(FILED, 5)),
        ]  # fmt: skip
        state = Book().enter_all(events).filings["f1"]
        assert state.limit_at == limit
        assert state.protected_until == midnight(FILED, 10)


def test_a_contact_voided_after_a_release_is_not_counted_when_it_is_taken_back():
    events = [
        filed(Terms()),
        contact(at("03-04 10:00")),
        happened.Released(at=at("03-05 10:00"), filing="f1"),
        happened.ContactVoided(at=at("03-05 10:02"), contact="c1", customer="K"),
        happened.Resumed(at=at("03-05 10:05"), filing="f1"),
    ]
    state = Book().enter_all(events).filings["f1"]
    assert state.protected_until == midnight(FILED, 10)


def test_a_keeper_of_another_region_who_closes_wins_nothing_without_a_filing():
    deal = dealt(FILED, closer="g3", keeper="g3", region="R1", closer_region="R2")
    assert decide(Book(), deal).owner == "HOME_REGION_DECIDES"


def test_a_late_entry_with_one_customer_is_no_flag_of_another():
    late = replace(
        contact(at("03-09 10:00")), customer="L", occurred_at=at("03-04 10:00"), person="g9"
    )
    other = replace(filed(Terms(), key="f9", filer="g9", project="L1"), customer="L")
    book = Book().enter_all([filed(Terms()), other, late])
    assert "LATE_ENTRY" not in decide(book, dealt(at("03-09 11:00"))).flags
    assert "LATE_ENTRY" in decide(book, replace(dealt(at("03-09 11:00")), customer="L")).flags


def test_a_credit_to_a_filing_of_another_card_is_borne():
    book = Book().enter_all([dealt(FILED)])
    book.enter(happened.Credited(at=FILED, deal="d1", filing="of another card"))
    book.enter(happened.Undone(at=FILED, deal="d1"))
    assert book.deals == {}
