"""One person once: who decides that two cards are one customer, and what stands against it."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.rules import Blocker


@dataclass(frozen=True, kw_only=True)
class CardInHand:
    """One of two cards, as far as merging them asks: whose it is, and whether it stands."""

    id: int
    keeper_id: int | None
    store_id: int
    merged_into_id: int | None = None
    holder_ids: frozenset[int] = frozenset()


def needs_operations(first: CardInHand, second: CardInHand) -> bool:
    """Two people claim one person: operations decides (FIL-32, ADJ-01).

    Two who hold leads, of whichever unit; without leads two keepers of two units.
    """
    if len(first.holder_ids | second.holder_ids) > 1:
        return True
    return (
        first.keeper_id is not None
        and second.keeper_id is not None
        and first.keeper_id != second.keeper_id
        and first.store_id != second.store_id
    )


def merge_blockers(
    *, kept: CardInHand, merged: CardInHand, is_operations: bool, is_as_seen: bool = True
) -> Sequence[Blocker]:
    """What stands against merging one card into the other (DAT-02, FIL-32, ADJ-01)."""
    if kept.id == merged.id:
        return [Blocker("same_card")]
    if kept.merged_into_id is not None or merged.merged_into_id is not None:
        return [Blocker("merged_already")]
    if needs_operations(kept, merged) and not is_operations:
        return [Blocker("between_units")]
    return [] if is_as_seen else [Blocker("changed_meanwhile")]


def undo_merge_blockers(
    *, is_undone: bool, kept_into_id: int | None, is_between_units: bool, is_operations: bool
) -> Sequence[Blocker]:
    """What stands against taking two cards apart again; the later of two merges comes first."""
    if is_undone:
        return [Blocker("undone_already")]
    if kept_into_id is not None:
        return [Blocker("kept_was_merged")]
    return [Blocker("between_units")] if is_between_units and not is_operations else []
