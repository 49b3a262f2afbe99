"""Many file at once: real connections, one winner, and what would happen without the promise."""

from collections import Counter
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from core.phones import normalise
from customers.models import Contact, Customer
from customers.rules import NextStep
from customers.services import register_customer
from customers.states import Channel, Grade, NextKind
from desk.services import Claim, LeadNotRegistered, Reception, Typed, file_for, register_lead
from desk.services import pool as pool_service
from desk.services.pool import take_from_pool
from filings.models import Filing, Protection
from filings.services import LeadNotFiled
from filings.services import filing as filing_service
from filings.states import Invalid
from followups.services import claims
from staff.scope import reach_of
from staff.states import Role, StoreKind
from tests.desk.test_merging_races import SPELLINGS, together
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.racing import RACERS, one_upon_the_other, race, say

pytestmark = pytest.mark.django_db(transaction=True)


def sellers(count, *, role=Role.SALES_STORE):
    region = RegionFactory()
    kind = StoreKind.STORE if role == Role.SALES_STORE else StoreKind.FIELD_TEAM
    stores = [StoreFactory(region=region, kind=kind) for _ in range(4)]
    return [PersonFactory(store=stores[index % 4], role=role) for index in range(count)]


def registration(person, number, *, claim=None, key=None):
    """One person registers and files one number, as the form does."""
    now, today = timezone.now(), timezone.localdate()
    step = NextStep(kind=NextKind.CALL, on=today)
    typed = Typed(
        name="许文博", phones=[normalise(number)], keeper=person, grade=Grade.B1,
        card={"address": "天润福熙5幢1单元802", "need": "沙发", "expected_purchase": "month"},
        reception=Reception(channel=Channel.STORE_VISIT, next_step=step),
    )  # fmt: skip
    reader, key = reach_of(person, today=today), key or uuid4()

    def act():
        return register_lead(
            typed=typed, claim=claim or Claim(acquired_at=now), reader=reader, by=person, key=key
        )

    return act


def outcome_of(answer):
    if isinstance(answer, Exception):
        return getattr(answer, "codes", [repr(answer)])[0]
    return answer.filing.invalid or "admitted"


def test_one_number_in_twelve_spellings_by_many_has_one_winner(db, capsys):
    """C01: one card, one filing, no deadlock, and everybody else a clear answer."""
    people = sellers(RACERS)
    acts = [registration(each, SPELLINGS[at % 12]) for at, each in enumerate(people)]
    raced = race(acts)
    found = Counter(map(outcome_of, raced.answers))
    say(
        capsys, "one number filed by many at once", people=RACERS, winners=found["admitted"],
        told=found[Invalid.LATER_FILER], deadlocks=raced.deadlocks, tried_again=dict(raced.busy),
        seconds=round(raced.seconds, 1),
    )  # fmt: skip
    assert found == {"admitted": 1, Invalid.LATER_FILER: RACERS - 1}
    assert raced.deadlocks == 0
    assert Customer.objects.count() == Contact.objects.count() == 1
    winner = Filing.objects.get(invalid="", submitted_at__isnull=False)
    assert Customer.objects.get().owner == winner.holder
    assert Protection.objects.count() == 1
    assert Filing.objects.filter(invalid=Invalid.LATER_FILER).count() == RACERS - 1


def test_one_person_with_many_forms_of_one_number_files_once(db):
    (person,) = sellers(1)
    found = Counter(map(outcome_of, together([registration(person, each) for each in SPELLINGS])))
    assert found == {"admitted": 1, "yours_already": 11}
    assert Filing.objects.count() == Customer.objects.count() == 1


def test_one_form_sent_by_many_at_once_is_one_filing(db):
    (person,), key = sellers(1), uuid4()
    found = together([registration(person, SPELLINGS[0], key=key)] * 12)
    assert {outcome_of(each) for each in found} == {"admitted"}
    assert Filing.objects.count() == Contact.objects.count() == 1


def test_a_free_card_filed_by_many_has_one_winner(db):
    people = sellers(12)
    keeper = people[0]
    customer = register_customer(
        name="张三", phones=[normalise("13987605421")], store=keeper.store, owner=None,
        grade=Grade.B1, by=keeper, now=timezone.now(), address="天润福熙5幢1单元802", need="沙发",
        expected_purchase="month",
    )  # fmt: skip
    now = timezone.now()

    def filing_by(person):
        claim = Claim(acquired_at=now)
        return lambda: file_for(customer=customer, claim=claim, filer=person, by=person)

    done = together([filing_by(each) for each in people])
    assert Counter(each.invalid for each in done) == {"": 1, Invalid.LATER_FILER: 11}
    customer.refresh_from_db()
    assert customer.owner == Filing.objects.get(invalid="").holder


def test_many_forms_of_one_salesman_never_exceed_the_quota(db):
    """C02: the twenty-first is void, whatever comes at once."""
    (person,) = sellers(1, role=Role.SALES_FIELD)
    acts = [registration(person, f"1398760{5600 + each}") for each in range(26)]
    found = Counter(map(outcome_of, together(acts)))
    assert found == {"admitted": 20, Invalid.OVER_QUOTA: 6}


@pytest.fixture
def without_constraint():
    """The promise of the database taken away for the time of a test."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE filings_protection DROP CONSTRAINT one_protection_a_project")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM filings_protection")
        cursor.execute(
            "ALTER TABLE filings_protection ADD CONSTRAINT one_protection_a_project EXCLUDE USING"
            " gist (project_id WITH =, during WITH &&) WHERE (NOT withdrawn)"
        )


@pytest.mark.parametrize("has_constraint", [True, False])
def test_the_control_without_lock_and_constraint_two_would_hold_one_customer(
    request, monkeypatch, has_constraint
):
    """Without the lock the constraint still refuses; without both the promise is broken."""
    if not has_constraint:
        request.getfixturevalue("without_constraint")
    people = sellers(12)
    customer = register_customer(
        name="张三", phones=[normalise("13987605421")], store=people[0].store, owner=None,
        grade=Grade.B1, by=people[0], now=timezone.now(), address="天润福熙5幢1单元802",
        need="沙发", expected_purchase="month",
    )  # fmt: skip
    project, now = customer.projects.get(), timezone.now()
    monkeypatch.setattr(filing_service, "_held", lambda customer, filer, nowait=False: customer)
    # Each has found nobody before the first has written.
    found_nobody, submit = Barrier(len(people)), filing_service._submit

    def submit_with_the_others(*args, **kwargs):
        found_nobody.wait(timeout=30)
        return submit(*args, **kwargs)

    monkeypatch.setattr(filing_service, "_submit", submit_with_the_others)

    def filing_by(person):
        lead = filing_service.Lead(project=project, acquired_at=now)
        return lambda: filing_service.file_lead(
            customer=customer, lead=lead, filer=person, by=person
        )

    done = together([filing_by(each) for each in people])
    admitted = Filing.objects.filter(invalid="", submitted_at__isnull=False).count()
    assert (admitted == 1) == has_constraint, [outcome(each) for each in done]


def outcome(answer):
    return repr(answer) if isinstance(answer, Exception) else answer.invalid


def test_refusals_are_the_same_sentence_for_everybody(db):
    people = sellers(3)
    registration(people[0], SPELLINGS[0])()
    said = set()
    for person in people[1:]:
        act = registration(person, SPELLINGS[0], claim=Claim(acquired_at=timezone.now()))
        said.add(outcome_of(act()))
        try:
            act = registration(person, SPELLINGS[0])
            act()
        except (LeadNotFiled, LeadNotRegistered) as refusal:
            said.add(str(refusal))
    assert said == {Invalid.LATER_FILER}


# the pool


def free_customer(keeper) -> Customer:
    """Somebody whom nobody keeps and nobody has filed, with all that a filing needs."""
    return register_customer(
        name="张三", phones=[normalise("13987605421")], store=keeper.store, owner=None,
        grade=Grade.B1, by=keeper, now=timezone.now(), address="天润福熙5幢1单元802",
        need="沙发", expected_purchase="month",
    )  # fmt: skip


def test_a_customer_of_the_pool_whom_two_take_at_once_goes_to_the_first(db):
    people = sellers(2)
    customer = free_customer(people[0])
    takes = [lambda by=person: take_from_pool(customer=customer, by=by) for person in people]
    came = one_upon_the_other(*takes)
    assert came.has_waited
    assert (came.first.invalid, came.second.codes) == ("", ("not_free",))
    customer.refresh_from_db()
    assert customer.owner == came.first.holder == people[0]
    assert Filing.objects.count() == Protection.objects.count() == 1


def test_a_customer_of_the_pool_whom_many_take_at_once_goes_to_one(db):
    people = sellers(12)
    customer = free_customer(people[0])
    acts = [lambda by=person: take_from_pool(customer=customer, by=by) for person in people]
    found = Counter(map(taken, race(acts).answers))
    assert found == {"admitted": 1, "not_free": 11}
    customer.refresh_from_db()
    assert customer.owner == Filing.objects.get().holder


def taken(answer) -> str:
    if isinstance(answer, Exception):
        return getattr(answer, "codes", [repr(answer)])[0]
    return answer.invalid or "admitted"


def test_the_control_without_lock_and_constraint_two_take_one_customer(
    db, monkeypatch, without_constraint
):
    people = sellers(2)
    customer = free_customer(people[0])
    monkeypatch.setattr(pool_service, "hold_one", lambda customer: customer)
    monkeypatch.setattr(claims, "hold_one", lambda customer: customer)
    monkeypatch.setattr(filing_service, "_held", lambda customer, filer, nowait=False: customer)
    looked, look = Barrier(2), pool_service.pool

    def look_with_the_other(**when):
        free = look(**when)
        assert free.filter(pk=customer.pk).exists()
        looked.wait(timeout=30)
        return free

    monkeypatch.setattr(pool_service, "pool", look_with_the_other)
    submitted, submit = Barrier(2), filing_service._submit

    def submit_with_the_other(*args, **kwargs):
        submitted.wait(timeout=30)
        return submit(*args, **kwargs)

    monkeypatch.setattr(filing_service, "_submit", submit_with_the_other)
    acts = [lambda by=person: take_from_pool(customer=customer, by=by) for person in people]
    found = Counter(map(taken, race(acts).answers))
    assert found == {"admitted": 2}
    assert Protection.objects.count() == 2
