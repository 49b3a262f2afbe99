"""Who may do what with whose account: the rows "Users, roles, stores" and duties of the matrix.

Pure: plain values in, rights or reasons out. docs/decisions/accounts-and-duties.md says why.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.rules import Blocker
from staff.states import STORE_BOUND_ROLES, UNIT_MANAGER_ROLES, DutyKind, PersonState, Role

# A manager invites the salespeople of the own kind of unit, nobody else.
INVITABLE = {
    Role.STORE_MANAGER: (Role.SALES_STORE,),
    Role.FIELD_SUPERVISOR: (Role.SALES_FIELD,),
    Role.ADMIN: tuple(Role),
}


class Right(StrEnum):
    """An act on somebody else's account."""

    EDIT = "edit"
    LINK = "link"
    UNLOCK = "unlock"
    DISABLE = "disable"
    ENABLE = "enable"
    CONFIRM = "confirm"
    GIVE_DUTIES = "give_duties"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What decides about accounts: who somebody is, and in which units he works himself."""

    person_id: int
    role: Role
    unit_ids: frozenset[int] = frozenset()
    home_id: int | None = None
    state: PersonState = PersonState.ACTIVE
    is_system: bool = False


def rights_over(*, by: Standing, person: Standing) -> frozenset[Right]:
    """What `by` may do with the account of `person`; nobody does anything with the own one."""
    if person.is_system or person.person_id == by.person_id:
        return frozenset()
    return {
        Role.ADMIN: _rights_of_admin,
        Role.OPS_MANAGER: _rights_of_ops_manager,
        Role.STORE_MANAGER: _rights_of_unit_manager,
        Role.FIELD_SUPERVISOR: _rights_of_unit_manager,
    }.get(by.role, _no_rights)(by, person)


def _no_rights(by: Standing, person: Standing) -> frozenset[Right]:
    return frozenset()


def _rights_of_admin(by: Standing, person: Standing) -> frozenset[Right]:
    rights = {Right.EDIT, Right.GIVE_DUTIES}
    if person.state == PersonState.DISABLED:
        return frozenset(rights | {Right.ENABLE})
    return frozenset(rights | {Right.LINK, Right.UNLOCK, Right.DISABLE})


def _rights_of_ops_manager(by: Standing, person: Standing) -> frozenset[Right]:
    rights = {Right.GIVE_DUTIES, Right.UNLOCK}
    if person.state == PersonState.AWAITING:
        rights.add(Right.CONFIRM)
    # Whoever keeps customers can leave, and somebody above them hands those over.
    if person.role in STORE_BOUND_ROLES:
        rights.add(Right.HAND_OVER)
    return frozenset(rights)


def _rights_of_unit_manager(by: Standing, person: Standing) -> frozenset[Right]:
    is_own = person.role in INVITABLE[by.role] and person.home_id in by.unit_ids
    if not is_own:
        return frozenset()
    # Disabled by an administrator, they may have customers in hand still.
    if person.state == PersonState.DISABLED:
        return frozenset({Right.HAND_OVER})
    return frozenset({Right.LINK, Right.UNLOCK, Right.HAND_OVER})


def grantable_roles(role: Role) -> tuple[Role, ...]:
    """The roles that somebody of `role` may give to a new person."""
    return INVITABLE.get(role, ())


def grant_blockers(*, by: Standing, role: Role, store_id: int | None) -> list[Blocker]:
    """What stops `by` from opening an account of this role in this store."""
    blockers = []
    if role not in grantable_roles(by.role):
        blockers.append(Blocker("role_not_yours_to_give"))
    if by.role in UNIT_MANAGER_ROLES and store_id not in by.unit_ids:
        blockers.append(Blocker("store_not_yours"))
    return blockers + role_blockers(role=role, store_id=store_id)


def role_blockers(*, role: Role, store_id: int | None) -> list[Blocker]:
    """What is missing for somebody to have this role."""
    if role in STORE_BOUND_ROLES and store_id is None:
        return [Blocker("store_missing")]
    return []


@dataclass(frozen=True, kw_only=True)
class DutyTerms:
    """A duty as it is to be given: what, for which one thing, from when until when."""

    kind: DutyKind
    store_id: int | None = None
    region_id: int | None = None
    assists_id: int | None = None
    starts_on: date
    ends_on: date | None = None


def duty_blockers(
    *, by: Standing, person: Standing, terms: DutyTerms, today: date
) -> list[Blocker]:
    """What stops `by` from giving `person` this duty."""
    return [Blocker(code) for code in _duty_codes(by, person, terms, today)]


def _duty_codes(by: Standing, person: Standing, terms: DutyTerms, today: date) -> Iterable[str]:
    if Right.GIVE_DUTIES not in rights_over(by=by, person=person):
        yield "duty_not_yours_to_give"
    # An ops manager's rulings are appealed against: he does not choose who hears the appeal.
    if terms.kind == DutyKind.APPEAL and by.role != Role.ADMIN:
        yield "appeal_only_by_admin"
    # Whoever manages accounts does not read customers, and duties open customers.
    if person.role == Role.ADMIN:
        yield "administrators_have_no_duties"
    if person.state == PersonState.DISABLED:
        yield "person_is_disabled"
    if terms.ends_on is not None and terms.ends_on < max(terms.starts_on, today):
        yield "ends_before_it_starts"
    yield from _aim_codes(person, terms)


def _aim_codes(person: Standing, terms: DutyTerms) -> Iterable[str]:
    is_assistant = terms.kind == DutyKind.ASSISTANT
    if is_assistant and terms.assists_id is None:
        yield "assisted_person_missing"
    if is_assistant and (terms.store_id or terms.region_id):
        yield "assistant_is_for_a_person"
    if not is_assistant and terms.assists_id is not None:
        yield "only_assistants_assist"
    if terms.store_id and terms.region_id:
        yield "store_or_region"
    if terms.assists_id == person.person_id:
        yield "nobody_assists_himself"
