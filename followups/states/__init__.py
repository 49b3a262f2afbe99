"""The words of follow-up, a module a noun."""

from followups.states.plans import (
    ACT_ANCHORS,
    AGREED_ANCHORS,
    PRODUCT_ANCHORS,
    Anchor,
    Assignee,
    Cause,
    MoveReason,
    SkipReason,
    State,
    Unit,
    Way,
)

__all__ = [
    "ACT_ANCHORS",
    "AGREED_ANCHORS",
    "PRODUCT_ANCHORS",
    "Anchor",
    "Assignee",
    "Cause",
    "MoveReason",
    "SkipReason",
    "State",
    "Unit",
    "Way",
]
