"""Who decides: the rule and the query say the same of everybody and every dispute."""

from datetime import timedelta

import pytest

from filings.models import Dispute
from filings.queries import bench, judges
from filings.rules.parties import Decider, Side, appeal_blockers, decision_blockers
from filings.services.contesting import contest
from filings.states import DisputeKind
from staff.models import Person
from staff.states import Role
from tests.factories.staff import DutyFactory
from tests.filings.bench_scenes import START, Scene

GUIDE = Side(person=1, unit=10, role=Role.SALES_STORE)
MATE = Side(person=2, unit=10, role=Role.SALES_STORE)
FIELD = Side(person=3, unit=20, role=Role.SALES_FIELD, is_field=True)
OTHER_FIELD = Side(person=4, unit=21, role=Role.SALES_FIELD, is_field=True)
MANAGER = Side(person=5, unit=10, role=Role.STORE_MANAGER)
OPS = Side(person=6, unit=None, role=Role.OPS_MANAGER)
BY_OPS = Decider(person=60, role=Role.OPS_MANAGER)
BY_MANAGER = Decider(person=5, role=Role.STORE_MANAGER, units=frozenset({10}))
BY_DEPARTMENT = Decider(person=7, role=Role.FIELD_SUPERVISOR, department=frozenset({20, 21}))
BY_BOSS = Decider(person=8, role=Role.MARKETING_MANAGER, hears_appeals=True)
BY_HOME = Decider(person=9, role=Role.STORE_MANAGER, regions=frozenset({1}))


@pytest.mark.parametrize(
    ("kind", "sides", "decider", "codes"),
    [
        ("contested", [GUIDE, MATE], BY_MANAGER, []),
        ("contested", [GUIDE, FIELD], BY_MANAGER, ["not_yours"]),
        ("contested", [GUIDE, FIELD], BY_OPS, []),
        ("contested", [GUIDE, MANAGER], BY_MANAGER, ["own_case"]),
        ("contested", [FIELD, OTHER_FIELD], BY_DEPARTMENT, []),
        ("contested", [FIELD, GUIDE], BY_DEPARTMENT, ["not_yours"]),
        ("same_person", [GUIDE, MATE], BY_MANAGER, ["only_operations"]),
        ("contested", [GUIDE, OPS], BY_OPS, ["one_level_up"]),
        ("contested", [GUIDE, OPS], BY_BOSS, []),
        ("cross_region", [GUIDE], BY_HOME, []),
        ("cross_region", [GUIDE], BY_MANAGER, ["only_operations"]),
    ],
)
def test_who_decides_what(kind, sides, decider, codes):
    found = decision_blockers(kind=kind, sides=sides, decider=decider, home=1)
    assert [blocker.code for blocker in found] == codes


def test_nobody_decides_for_whom_they_act_nor_an_appeal_against_the_own_ruling():
    acting = Decider(person=60, role=Role.OPS_MANAGER, acts_for=frozenset({1}))
    blocked = decision_blockers(kind="contested", sides=[GUIDE, MATE], decider=acting)
    assert [blocker.code for blocker in blocked] == ["own_case"]
    own = appeal_blockers(sides=[GUIDE], decider=BY_BOSS, decided_by=8)
    assert [blocker.code for blocker in own] == ["own_ruling"]


@pytest.mark.django_db
def test_the_query_finds_what_the_rule_allows():
    scene = Scene()
    DutyFactory(person=scene.supervisor, kind="department_manager", store=scene.team)
    scene.contested()
    inside = Scene(phone="13900139003", address="杭州市余杭区万科美景3幢2单元801室")
    inside.file(inside.mate)
    inside.file(inside.guide, at=START + timedelta(hours=1))
    contest(
        customer=inside.customer, reason="我接待", by=inside.guide, now=START + timedelta(days=1)
    )
    with_ops = Scene(phone="13900139004", address="杭州市余杭区万科美景4幢2单元801室").contested()
    with_ops.parties.create(person=scene.ops)
    assert Dispute.objects.filter(kind=DisputeKind.CONTESTED).count() == 3
    compared = 0
    for person in Person.objects.filter(is_system=False):
        decider = judges.decider_of(person, today=START.date())
        found = set(judges.on_bench(decider).values_list("pk", flat=True))
        for dispute in bench.get_disputes():
            parties = bench.parties_of([dispute])[dispute.pk]
            allowed = not judges.blockers_of(dispute, decider, parties)
            assert (dispute.pk in found) == allowed, (person.role, dispute.kind)
            compared += allowed
    assert compared > 3
