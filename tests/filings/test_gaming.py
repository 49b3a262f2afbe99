"""Ways to beat the system, each answered (the end of the list of gaming cases)."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from filings.rules import Book, Clock, Terms, decide
from filings.rules.events import Confirmed, Credited, Dealt, Filed, Undone
from filings.states import Channel, DisputeKind

ZONE = ZoneInfo("Asia/Shanghai")
CLOCK = Clock(zone=ZONE)
BEGUN = datetime(2026, 3, 2, 10, tzinfo=ZONE)


def filed(name="F1", *, project="P1", filer="A", at=BEGUN, channel=Channel.FIELD, **said):
    return Filed(
        at=at, filing=name, customer="C1", project=project, filer=filer, channel=channel,
        acquired_at=at, terms=Terms(), clock=CLOCK, **said,
    )  # fmt: skip


def dealt(name="D1", *, project="P1", closer="A", at=BEGUN + timedelta(days=1), **said):
    return Dealt(at=at, deal=name, customer="C1", project=project, closer=closer, **said)


def refills(book):
    return book.slots("A", "2026-03").deals


def test_a_customer_who_pays_in_five_parts_closes_once():
    book = Book().enter_all([filed()])
    for part in range(5):
        at = BEGUN + timedelta(days=1, minutes=part)
        book.enter_all([dealt(f"D{part}", at=at), Credited(at=at, deal=f"D{part}", filing="F1")])
    assert refills(book) == 1
    book.enter(Undone(at=BEGUN + timedelta(days=2), deal="D0"))
    assert refills(book) == 1  # the others stand
    for part in range(1, 5):
        book.enter(Undone(at=BEGUN + timedelta(days=3), deal=f"D{part}"))
    assert refills(book) == 0


@pytest.mark.parametrize(
    ("keeper", "is_seen", "doubts"),
    [
        ("B", False, (DisputeKind.NEW_PROJECT,)),
        ("B", True, ()),  # somebody has seen the second home
        ("A", False, ()),  # the keeper's own
        (None, False, ()),
    ],
)
def test_a_second_home_that_nobody_has_seen_takes_no_buyer_from_the_keeper(keeper, is_seen, doubts):
    book = Book().enter_all([filed(channel=Channel.STORE)])
    if is_seen:
        book.enter(Confirmed(at=BEGUN, project="P1"))
    decision = decide(book, replace(dealt(), keeper=keeper))
    assert decision.doubts == doubts
    assert decision.owner == "A"
