"""Sharing customers out among several people."""

from collections.abc import Sequence


def share_out(*, ids: Sequence[int], among: Sequence[int]) -> dict[int, list[int]]:
    """Deal `ids` in their order to `among` in theirs, one each in turn: nobody gets two more than
    another, and the same hand is dealt twice (ADJ-06: whoever the manager names receives).
    """
    if not among:
        raise ValueError("somebody receives")
    return {person: list(ids[turn :: len(among)]) for turn, person in enumerate(among)}
