"""What every rule answers with, and what many have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

# So long a person may take back an act of the own (decisions 12 and 14).
TAKE_BACK_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Blocker:
    """One reason an act is refused: a code and its parameters, worded at the edge."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
