"""Who may do what with whose account, as plain values."""

from datetime import date

import pytest

from staff.rules import (
    DutyTerms,
    Right,
    Standing,
    duty_blockers,
    grant_blockers,
    grantable_roles,
    rights_over,
)
from staff.states import DutyKind, PersonState, Role

TODAY = date(2026, 3, 12)
ADMIN = Standing(person_id=1, role=Role.ADMIN)
OPS = Standing(person_id=2, role=Role.OPS_MANAGER)
MANAGER = Standing(person_id=3, role=Role.STORE_MANAGER, home_id=10, unit_ids=frozenset({10, 11}))
SUPERVISOR = Standing(person_id=4, role=Role.FIELD_SUPERVISOR, home_id=20, unit_ids=frozenset({20}))


def somebody(role=Role.SALES_STORE, home_id=10, state=PersonState.ACTIVE, **more):
    return Standing(person_id=99, role=role, home_id=home_id, state=state, **more)


def test_nobody_has_rights_over_the_own_account():
    for standing in (ADMIN, OPS, MANAGER, SUPERVISOR):
        assert rights_over(by=standing, person=standing) == frozenset()


def test_nobody_has_rights_over_the_system_account():
    assert rights_over(by=ADMIN, person=somebody(Role.ADMIN, is_system=True)) == frozenset()


@pytest.mark.parametrize(
    ("by", "person", "rights"),
    [
        (ADMIN, somebody(), {"edit", "link", "unlock", "disable", "give_duties"}),
        (ADMIN, somebody(state=PersonState.DISABLED), {"edit", "enable", "give_duties"}),
        (
            ADMIN,
            somebody(Role.ADMIN, state=PersonState.AWAITING),
            {"edit", "link", "unlock", "disable", "give_duties"},
        ),
        (OPS, somebody(), {"unlock", "give_duties", "hand_over"}),
        (OPS, somebody(Role.FINANCE, home_id=None), {"unlock", "give_duties"}),
        (OPS, somebody(Role.STORE_MANAGER), {"unlock", "give_duties", "hand_over"}),
        (
            OPS,
            somebody(Role.ADMIN, state=PersonState.AWAITING),
            {"unlock", "give_duties", "confirm"},
        ),
        (MANAGER, somebody(home_id=10), {"link", "unlock", "hand_over"}),
        (MANAGER, somebody(home_id=11), {"link", "unlock", "hand_over"}),
        (MANAGER, somebody(home_id=12), set()),
        (MANAGER, somebody(home_id=10, state=PersonState.DISABLED), {"hand_over"}),
        (MANAGER, somebody(Role.STORE_MANAGER), set()),
        (MANAGER, somebody(Role.SALES_FIELD), set()),
        (MANAGER, somebody(Role.FINANCE, home_id=None), set()),
        (SUPERVISOR, somebody(Role.SALES_FIELD, home_id=20), {"link", "unlock", "hand_over"}),
        (SUPERVISOR, somebody(Role.SALES_STORE, home_id=20), set()),
    ],
)
def test_rights_follow_the_matrix(by, person, rights):
    assert rights_over(by=by, person=person) == rights


@pytest.mark.parametrize(
    "role",
    [
        Role.SALES_STORE,
        Role.SALES_FIELD,
        Role.MARKETING_MANAGER,
        Role.MERCHANDISER,
        Role.FINANCE,
    ],
)
def test_other_roles_have_no_right_at_all(role):
    by = Standing(person_id=5, role=role, home_id=10, unit_ids=frozenset({10}))
    for state in PersonState:
        assert rights_over(by=by, person=somebody(state=state)) == frozenset()
    assert grantable_roles(role) == ()


def test_only_an_ops_manager_confirms():
    waiting = somebody(Role.ADMIN, home_id=None, state=PersonState.AWAITING)
    confirming = [
        by
        for by in (ADMIN, OPS, MANAGER, SUPERVISOR)
        if Right.CONFIRM in rights_over(by=by, person=waiting)
    ]
    assert confirming == [OPS]


@pytest.mark.parametrize(
    ("by", "role", "store_id", "codes"),
    [
        (ADMIN, Role.SALES_STORE, 10, []),
        (ADMIN, Role.ADMIN, None, []),
        (ADMIN, Role.STORE_MANAGER, None, ["store_missing"]),
        (MANAGER, Role.SALES_STORE, 11, []),
        (MANAGER, Role.SALES_STORE, 12, ["store_not_yours"]),
        (MANAGER, Role.SALES_STORE, None, ["store_not_yours", "store_missing"]),
        (MANAGER, Role.STORE_MANAGER, 10, ["role_not_yours_to_give"]),
        (MANAGER, Role.ADMIN, 10, ["role_not_yours_to_give"]),
        (SUPERVISOR, Role.SALES_FIELD, 20, []),
        (SUPERVISOR, Role.SALES_STORE, 20, ["role_not_yours_to_give"]),
        (OPS, Role.SALES_STORE, 10, ["role_not_yours_to_give"]),
    ],
)
def test_accounts_are_opened_within_the_matrix(by, role, store_id, codes):
    found = grant_blockers(by=by, role=role, store_id=store_id)
    assert [blocker.code for blocker in found] == codes


def terms(kind=DutyKind.SALES_MANAGER, **more):
    return DutyTerms(kind=kind, starts_on=more.pop("starts_on", TODAY), **more)


@pytest.mark.parametrize(
    ("by", "person", "given", "codes"),
    [
        (ADMIN, somebody(), terms(store_id=10), []),
        (OPS, somebody(), terms(region_id=1), []),
        (OPS, somebody(), terms(), []),
        (OPS, somebody(), terms(DutyKind.APPEAL), ["appeal_only_by_admin"]),
        (ADMIN, somebody(), terms(DutyKind.APPEAL), []),
        (OPS, OPS, terms(), ["duty_not_yours_to_give"]),
        (MANAGER, somebody(), terms(store_id=10), ["duty_not_yours_to_give"]),
        (ADMIN, somebody(Role.ADMIN), terms(), ["administrators_have_no_duties"]),
        (ADMIN, somebody(state=PersonState.DISABLED), terms(), ["person_is_disabled"]),
        (ADMIN, somebody(), terms(store_id=10, region_id=1), ["store_or_region"]),
        (ADMIN, somebody(), terms(assists_id=3), ["only_assistants_assist"]),
        (ADMIN, somebody(), terms(DutyKind.ASSISTANT, assists_id=3), []),
        (ADMIN, somebody(), terms(DutyKind.ASSISTANT), ["assisted_person_missing"]),
        (
            ADMIN,
            somebody(),
            terms(DutyKind.ASSISTANT, assists_id=99),
            ["nobody_assists_himself"],
        ),
        (
            ADMIN,
            somebody(),
            terms(DutyKind.ASSISTANT, assists_id=3, store_id=10),
            ["assistant_is_for_a_person"],
        ),
        (ADMIN, somebody(), terms(ends_on=TODAY), []),
        (ADMIN, somebody(), terms(ends_on=date(2026, 3, 11)), ["ends_before_it_starts"]),
        (
            ADMIN,
            somebody(),
            terms(starts_on=date(2026, 3, 14), ends_on=date(2026, 3, 13)),
            ["ends_before_it_starts"],
        ),
    ],
)
def test_duties_are_given_within_the_decision(by, person, given, codes):
    found = duty_blockers(by=by, person=person, terms=given, today=TODAY)
    assert [blocker.code for blocker in found] == codes
