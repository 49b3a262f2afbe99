"""Filing at the instant another's limit ends, and following up while the sweep flags (C03, C13).

Real connections at the same time, a millisecond to either side of the limit. The guard is the lock
on the customer with the exclusion constraint behind it; the control takes both away.
"""

import time
from datetime import timedelta
from itertools import product
from threading import Barrier

import pytest
from django.db import connection, transaction

from customers.models import Customer
from filings.models import Filing, Policy, Protection, Violation
from filings.queries.history import book_of
from filings.rules.filing import missed_updates
from filings.services import filing as service
from filings.services import sweeping
from filings.services.sweeping import sweep
from filings.states import ViolationKind
from tests.factories.followups import reached as call_reached
from tests.filings.filed import filed, people, reach
from tests.filings.held import file
from tests.followups.build import at
from tests.racing import IS_PROVING, ROUNDS, one_upon_the_other, say, threads, together

pytestmark = pytest.mark.django_db(transaction=True)

FILED = at("2026-03-01 10:00")
UPDATE = at("2026-03-05 00:00")
SILENCE = at("2026-03-12 00:00")
LIMIT = at("2026-03-17 00:00")
MS = timedelta(milliseconds=1)
EDGES = (-MS, timedelta(0), MS)
# All three edges in 27 rounds; in the first nine of them every two have met.
EVERY = sorted(
    product(EDGES, EDGES, EDGES), key=lambda three: sum(map(EDGES.index, three)) % len(EDGES)
)
ROUNDS_AT_AN_EDGE = 12 if IS_PROVING else 4


@pytest.fixture
def who():
    Policy.objects.filter(trade="furniture").update(field_quota=10_000)
    return people()


def overlapping() -> int:
    """Pairs of stretches that protect one project at one instant."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM filings_protection one JOIN filings_protection other
                   ON other.project_id = one.project_id AND other.id > one.id
                  AND other.during && one.during
                WHERE NOT one.withdrawn AND NOT other.withdrawn"""
        )
        return cursor.fetchone()[0]


def near_its_limit(person, limit):
    """A filing that ends at `limit`: by silence, or followed up, for want of measuring."""
    filing = filed(person, now=FILED)
    if limit == LIMIT:
        for day in (9, 14):
            reach(filing, person, now=at(f"2026-03-{day:02} 10:00"))
    return filing


@pytest.mark.parametrize(("holder", "limit"), [("store", SILENCE), ("field", LIMIT)])
def test_two_who_file_at_the_limit_of_a_third(who, holder, limit, capsys):
    """C03: at every pair of edges, while the sweep runs at a third; one wins, or none may yet."""
    began, wins = time.monotonic(), 0
    count = ROUNDS // 2  # for each of the two limits
    rounds = (EVERY * (count // len(EVERY) + 1))[:count]
    with threads(3) as pool:
        for first, second, swept in rounds:
            filing = near_its_limit(who[holder], limit)
            rival, other = together(
                pool,
                [
                    lambda at=limit + first, of=filing: file(of.customer, who["colleague"], now=at),
                    lambda at=limit + second, of=filing: file(of.customer, who["other"], now=at),
                    lambda at=limit + swept: sweep(now=at, is_confirmed=True),
                ],
            )[:2]
            admitted = [row for row in (rival, other) if row.invalid == "" and row.submitted_at]
            came = max(first, second)
            assert len(admitted) == (0 if came < timedelta(0) else 1), (first, second, swept)
            standing = Protection.objects.filter(
                project=filing.project, withdrawn=False, during__contains=limit + 2 * MS
            )
            assert standing.count() == len(admitted)
            for row in admitted:
                assert row.submitted_at >= limit
            wins += len(admitted)
    say(
        capsys, f"two file when the filing of a {holder} ends", rounds=len(rounds), winners=wins,
        overlapping=overlapping(), seconds=round(time.monotonic() - began, 1),
    )  # fmt: skip
    assert overlapping() == 0


def test_without_the_lock_and_the_constraint_both_protect(who, monkeypatch):
    """The control: each sees that nobody protects before the other has written."""
    filing = filed(who["store"], now=FILED)
    seen = Barrier(2)
    submit = service._submit

    def wait_for_the_other(*args, **kwargs):
        seen.wait(timeout=30)
        return submit(*args, **kwargs)

    monkeypatch.setattr(service, "_submit", wait_for_the_other)
    unlocked = Customer.objects.select_related("store", "owner")
    monkeypatch.setattr(service, "_held", lambda one, _filer, **_how: unlocked.get(pk=one.pk))
    drop = "ALTER TABLE filings_protection DROP CONSTRAINT one_protection_a_project"
    add = """ALTER TABLE filings_protection ADD CONSTRAINT one_protection_a_project
             EXCLUDE USING gist (project_id WITH =, during WITH &&) WHERE (NOT withdrawn)"""
    with connection.cursor() as cursor:
        cursor.execute(drop)
    try:
        with threads(2) as pool:
            together(
                pool,
                [
                    lambda person=who[name]: file(filing.customer, person, now=SILENCE)
                    for name in ("colleague", "other")
                ],
            )
        assert overlapping() == 1
    finally:
        Protection.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(add)


def missed(filing) -> list:
    """The limits noted as missed, which nobody has cleared."""
    rows = Violation.objects.filter(
        filing=filing, kind=ViolationKind.UPDATE_MISSED, cleared_at=None
    )
    return list(rows.values_list("moment", flat=True))


def missed_by_the_rules(filing) -> list:
    return list(missed_updates(book_of(filing.customer_id).filings[filing.pk], UPDATE + MS))


def followed_up(filing, reached):
    """A call at `reached`, by the form of contacts, entered when the limit has come."""
    card = Customer.objects.select_related("store", "owner").get(pk=filing.customer_id)
    return call_reached(card, now=max(reached, UPDATE), occurred_at=reached)


@pytest.mark.parametrize("edge", EDGES)
def test_a_follow_up_at_the_edge_while_the_sweep_flags(who, edge):
    """C13, rounds for each edge; in either order the flag is what the rules say of the acts."""
    with threads(2) as pool:
        for _round in range(ROUNDS_AT_AN_EDGE):
            filing = filed(who["store"], now=FILED)
            together(
                pool,
                [
                    lambda of=filing: followed_up(of, UPDATE + edge),
                    lambda: sweep(now=UPDATE, is_confirmed=True),
                ],
            )
            sweep(now=UPDATE + MS, is_confirmed=True)
            assert missed(filing) == missed_by_the_rules(filing)
            assert missed(filing) == ([] if edge < timedelta(0) else [UPDATE])


def sweep_beside(filing, *, is_follow_up_first):
    """A follow-up of the last millisecond and the sweep, in this order, one upon the other."""

    def flag():
        return sweep(now=UPDATE, is_confirmed=True).flagged

    acts = [lambda: followed_up(filing, UPDATE - MS), flag]
    return one_upon_the_other(*(acts if is_follow_up_first else reversed(acts)))


def test_a_follow_up_under_way_keeps_the_sweep_from_flagging(who):
    """C13, the follow-up first: the sweep leaves whoever is being served to the next one."""
    filing = filed(who["store"], now=FILED)
    came = sweep_beside(filing, is_follow_up_first=True)
    assert (came.second, came.has_waited) == (0, False)
    assert missed(filing) == missed_by_the_rules(filing) == []


def test_a_follow_up_after_the_sweep_takes_its_flag_away(who):
    """C13, the sweep first: the follow-up waits for it, and clears what was in time after all."""
    filing = filed(who["store"], now=FILED)
    came = sweep_beside(filing, is_follow_up_first=False)
    assert (came.first, came.has_waited) == (1, True)
    assert missed(filing) == missed_by_the_rules(filing) == []


def test_the_control_a_sweep_that_holds_nobody_flags_who_is_following_up(who, monkeypatch):
    monkeypatch.setattr(sweeping, "HOLD", "SELECT unnest(%(customers)s::bigint[])")
    filing = filed(who["store"], now=FILED)
    came = sweep_beside(filing, is_follow_up_first=True)
    assert (came.second, came.has_waited) == (1, False)
    assert missed_by_the_rules(filing) == []
    assert missed(filing) == [UPDATE]


def test_two_sweeps_at_once_tell_once(who):
    for _each in range(4):
        filing = filed(who["store"], now=FILED)
        file(filing.customer, who["colleague"], now=FILED + timedelta(hours=1))
    with threads(2) as pool:
        counts = together(pool, [lambda: sweep(now=SILENCE, is_confirmed=True)] * 2)
    left = sweep(now=SILENCE, is_confirmed=True)
    assert sum(each.lapsed for each in (*counts, left)) == 4
    assert Filing.objects.exclude(told_free_at=None).count() == 4


def test_whoever_is_being_served_is_left_to_the_next_sweep(who):
    filing = filed(who["store"], now=FILED)
    in_hand, swept = Barrier(2), Barrier(2)

    def serve():
        with transaction.atomic():
            service._held(filing.customer, who["store"])
            in_hand.wait(timeout=30)
            swept.wait(timeout=30)

    def look():
        in_hand.wait(timeout=30)
        found = sweep(now=SILENCE, is_confirmed=True)
        swept.wait(timeout=30)
        return found

    with threads(2) as pool:
        found = together(pool, [serve, look])[1]
    assert found.lapsed == 0
    assert sweep(now=SILENCE, is_confirmed=True).lapsed == 1
