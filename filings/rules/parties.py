"""Who decides a dispute: never whoever is party to it (ADJ-01, FIL-40, XRG-04)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from core.rules import Blocker
from filings.rules.events import Key
from filings.states import DisputeKind, Hearing
from staff.states import UNIT_MANAGER_ROLES, Role

# Who is one customer, one project or a buyer is for operations alone (ADJ-01).
OF_IDENTITY = frozenset({DisputeKind.SAME_PERSON, DisputeKind.NEW_PROJECT, DisputeKind.BUYER})


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One party: who, of which unit, and whether in field sales."""

    person: Key
    unit: Key | None
    role: Role | str
    is_field: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Decider:
    """Somebody who may be asked to decide: what they lead, by role and by duty.

    `acts_for` are this person, whom they assist and for whom they stand in.
    """

    person: Key
    role: Role | str
    acts_for: frozenset[Key] = frozenset()
    units: frozenset[Key] = frozenset()
    department: frozenset[Key] = frozenset()
    regions: frozenset[Key] = frozenset()
    hears_appeals: bool = False

    @property
    def people(self) -> frozenset[Key]:
        """Whoever decides, with those for whom they act."""
        return self.acts_for | {self.person}

    @property
    def decides_something(self) -> bool:
        """Whether there can be anything on the bench for them at all."""
        is_leading = self.role == Role.OPS_MANAGER or bool(self.units)
        return is_leading or bool(self.department or self.regions) or self.hears_appeals


def is_own_case(
    decider: Decider, sides: Collection[Side], candidates: Collection[Key] = ()
) -> bool:
    """Whether the decider, or somebody for whom they act, is a party, or may be given it."""
    is_party = any(side.person in decider.people for side in sides)
    return is_party or not decider.people.isdisjoint(candidates)


def decision_blockers(
    *,
    kind: DisputeKind | str,
    sides: Collection[Side],
    decider: Decider,
    home: Key | None = None,
    candidates: Collection[Key] = (),
) -> list[Blocker]:
    """Why this person may not decide this dispute; `home` is the customer's region (XRG-04).

    A store's manager decides inside the store, a supervisor inside the team, the department's
    manager inside field sales, operations everything. Where one of them is a party, or one of the
    `candidates` to whom it may be given, it goes up.
    """
    if is_own_case(decider, sides, candidates):
        return [Blocker("own_case", {})]
    if any(side.role == Role.OPS_MANAGER for side in sides):
        return [] if decider.hears_appeals else [Blocker("one_level_up", {})]
    if decider.role == Role.OPS_MANAGER:
        return []
    if kind == DisputeKind.CROSS_REGION:
        is_home = home is not None and home in decider.regions
        return [] if is_home else [Blocker("only_operations", {})]
    if kind in OF_IDENTITY:
        return [Blocker("only_operations", {})]
    return [] if _is_inside(decider, sides) else [Blocker("not_yours", {})]


def _is_inside(decider: Decider, sides: Collection[Side]) -> bool:
    """All sides work in the decider's one unit and none leads it, or in their department."""
    units = {side.unit for side in sides}
    if not units or None in units:
        return False
    is_led_by_party = any(side.role in UNIT_MANAGER_ROLES for side in sides)
    if len(units) == 1 and units <= decider.units and not is_led_by_party:
        return True
    return all(side.is_field for side in sides) and units <= decider.department


def hearing_of_appeal(
    *, barred: Collection[Key], holders: Collection[Key], operations: Collection[Key]
) -> Hearing:
    """Who hears an appeal; `barred` are the parties and whoever decided first.

    Whoever has the duty; where all of those are barred any other operations manager, else nobody,
    and then the ruling is final. Without anybody who has the duty it waits until somebody does.
    """
    if not holders:
        return Hearing.NOBODY_YET
    if set(holders) - set(barred):
        return Hearing.DUTY
    return Hearing.OPERATIONS if set(operations) - set(barred) else Hearing.FINAL


def appeal_blockers(
    *,
    sides: Collection[Side],
    decider: Decider,
    decided_by: Key | None,
    candidates: Collection[Key] = (),
    hearing: Hearing = Hearing.DUTY,
) -> list[Blocker]:
    """Why this person may not decide an appeal: the duty's, and never one's own ruling."""
    if is_own_case(decider, sides, candidates):
        return [Blocker("own_case", {})]
    stands_in = hearing == Hearing.OPERATIONS and decider.role == Role.OPS_MANAGER
    if not decider.hears_appeals and not stands_in:
        return [Blocker("only_appeals", {})]
    return [Blocker("own_ruling", {})] if decided_by == decider.person else []


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgment:
    """What a decider wants to write: who has it, or shares, what was found, why.

    `shares` are percents by person; they are empty where one has it all (ADJ-02).
    """

    owner: Key | None = None
    shares: Mapping[Key, int] = field(default_factory=dict)
    finding: str = ""
    clauses: tuple[str, ...] = ()
    text: str = ""


def judgment_blockers(
    *,
    judgment: Judgment,
    findings: Collection[str],
    candidates: Collection[Key],
    known_clauses: Collection[str],
    needs_owner: bool,
    may_share: bool = True,
    deciding: Collection[Key] = (),
) -> list[Blocker]:
    """What keeps a ruling from being written (ADJ-01, ADJ-02).

    `deciding` is whoever decides, with those for whom they act: nobody gives it to themselves.
    """
    found = []
    if not {judgment.owner, *judgment.shares}.isdisjoint(deciding):
        found.append(Blocker("own_credit", {}))
    if judgment.shares and not may_share:
        found.append(Blocker("nothing_to_share", {}))
    if findings and judgment.finding not in findings:
        found.append(Blocker("finding_missing", {}))
    if not judgment.text.strip():
        found.append(Blocker("text_missing", {}))
    if not judgment.clauses:
        found.append(Blocker("clauses_missing", {}))
    found += [
        Blocker("clause_unknown", {"clause": clause})
        for clause in judgment.clauses
        if clause not in known_clauses
    ]
    return [*found, *_owner_blockers(judgment, candidates, needs_owner=needs_owner)]


def _owner_blockers(
    judgment: Judgment, candidates: Collection[Key], *, needs_owner: bool
) -> list[Blocker]:
    if judgment.shares:
        if len(judgment.shares) < 2:
            return [Blocker("shares_of_two", {})]
        if min(judgment.shares.values()) < 1 or sum(judgment.shares.values()) != 100:
            return [Blocker("shares_not_whole", {"sum": sum(judgment.shares.values())})]
        is_foreign = not set(judgment.shares) <= set(candidates)
        return [Blocker("owner_foreign", {})] if is_foreign else []
    if judgment.owner is None:
        return [Blocker("owner_missing", {})] if needs_owner else []
    return [] if judgment.owner in candidates else [Blocker("owner_foreign", {})]
