"""Who decides beside the bench: by role, by duty, standing in, and never the own (matrix)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from filings.queries.deciders import Deciders, deciders_of, powers_of
from filings.rules.deciders import Matter, Powers, decider_blockers, stores_of
from staff.models import Absence
from staff.states import AbsenceKind, DutyKind
from tests.factories.staff import DutyFactory

LED = {"led": frozenset({1}), "led_teams": frozenset()}
TEAM = {"led": frozenset({1}), "led_teams": frozenset({1})}
SALES = {"in_sales": frozenset({1})}
DEPARTMENT = {"in_department": frozenset({1})}
OPS = {"is_operations": True}
NOBODY: dict = {}


@pytest.mark.parametrize(
    ("who", "decides"),
    [
        (NOBODY, set()),
        (LED, {Matter.REVIEW, Matter.SILENCE, Matter.PRICE}),
        (TEAM, {Matter.REVIEW, Matter.LIMIT, Matter.SILENCE, Matter.PRICE}),
        (SALES, {Matter.REVIEW, Matter.PRICE}),
        (DEPARTMENT, {Matter.LIMIT, Matter.SILENCE}),
        (OPS, set(Matter)),
    ],
)
def test_the_matrix(who, decides):
    powers = Powers(person=7, acts_for=frozenset({7}), **who)
    for matter in Matter:
        blockers = decider_blockers(powers, matter, store=1, concerned=[8])
        assert (not blockers) == (matter in decides), matter
        elsewhere = decider_blockers(powers, matter, store=2, concerned=[8])
        assert (not elsewhere) == (who is OPS), matter
        own = decider_blockers(powers, matter, store=1, concerned=[7])
        assert own, matter
    assert powers.decides_anything == bool(decides)


def test_nobody_decides_for_whom_they_act():
    powers = Powers(person=7, acts_for=frozenset({7, 8}), is_operations=True)
    found = decider_blockers(powers, Matter.REVIEW, store=1, concerned=[8])
    assert [blocker.code for blocker in found] == ["is_party"]


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.mark.django_db
def test_roles_and_duties_give_powers(house, today):
    DutyFactory(kind=DutyKind.SALES_MANAGER, region=house.home, person=house.colleague)
    DutyFactory(kind=DutyKind.DEPARTMENT_MANAGER, store=house.team, person=house.colleague)
    DutyFactory(kind=DutyKind.SERVICE_LEAD, store=house.far, person=house.colleague)
    manager = powers_of(house.manager, today=today)
    assert (manager.led, manager.led_teams) == ({house.store.pk}, frozenset())
    assert powers_of(house.supervisor, today=today).led_teams == {house.team.pk}
    duty = powers_of(house.colleague, today=today)
    assert duty.in_sales == {house.store.pk, house.other.pk, house.team.pk}
    assert duty.in_department == {house.team.pk}
    assert duty.led == frozenset()
    assert stores_of(powers_of(house.ops, today=today), Matter.REVIEW) is None
    assert not powers_of(house.seller, today=today).decides_anything


@pytest.mark.django_db
def test_a_duty_without_a_place_is_for_all_and_ends(house, today):
    DutyFactory(
        kind=DutyKind.SALES_MANAGER, person=house.colleague, ends_on=today - timedelta(days=1)
    )
    assert not powers_of(house.colleague, today=today).decides_anything
    DutyFactory(kind=DutyKind.SALES_MANAGER, person=house.seller)
    assert house.far.pk in powers_of(house.seller, today=today).in_sales


def _away(house, today: date, **said):
    said = {"person": house.manager, "stand_in": house.colleague, "set_by": house.manager} | said
    return Absence.objects.create(kind=AbsenceKind.LEAVE, starts_on=today, ends_on=today, **said)


@pytest.mark.django_db
def test_whoever_stands_in_decides_but_not_what_concerns_the_absent(house, today):
    _away(house, today)
    powers = powers_of(house.colleague, today=today)
    assert powers.led == {house.store.pk}
    about = {"store": house.store.pk, "today": today}
    found = deciders_of(Matter.REVIEW, concerned=[house.seller.pk], **about)
    assert set(found) == {house.manager, house.colleague}
    found = deciders_of(Matter.REVIEW, concerned=[house.manager.pk], **about)
    assert found == [house.ops]


@pytest.mark.django_db
def test_nobody_lends_more_than_they_lead(house, today):
    _away(house, today, person=house.stranger_manager, set_by=house.manager)
    assert powers_of(house.colleague, today=today).led == frozenset()


@pytest.mark.django_db
def test_operations_are_told_only_where_nobody_nearer_decides(house, today):
    about = {"store": house.store.pk, "concerned": [house.seller.pk], "today": today}
    assert deciders_of(Matter.REVIEW, **about) == [house.manager]
    assert deciders_of(Matter.LIMIT, **about) == [house.ops]
    assert deciders_of(Matter.CROSS_REGION, **about) == [house.ops]
    assert deciders_of(Matter.PRICE_BELOW_FLOOR, **about) == [house.ops]


@pytest.mark.django_db
def test_asking_about_many_costs_no_more_than_about_one(house, today):
    deciders = Deciders(today=today)
    with CaptureQueriesContext(connection) as queries:
        for store in (house.store, house.other, house.team, house.far):
            deciders.of(Matter.REVIEW, store=store.pk, concerned=[house.seller.pk])
            deciders.above(store=store.pk, concerned=[house.seller.pk])
    assert len(queries) <= 3
