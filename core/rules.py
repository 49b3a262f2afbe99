"""What every rule answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Blocker:
    """One reason an act is refused: a code and its parameters, worded at the edge."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
