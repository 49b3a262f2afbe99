"""On what terms one customer buys when two cards say it (FIN-05, FIN-06)."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Monthly terms, the limit in yuan (None: none), and whether deliveries are held, and why."""

    is_monthly: bool = False
    credit_limit: Decimal | None = None
    is_held: bool = False
    reason: str = ""


def stricter(one: Terms, other: Terms) -> Terms:
    """What holds where two terms meet: monthly only where both are, the lower limit, any hold."""
    limits = [each for each in (one.credit_limit, other.credit_limit) if each is not None]
    holds = [each.reason for each in (one, other) if each.is_held]
    return Terms(
        is_monthly=one.is_monthly and other.is_monthly,
        credit_limit=min(limits, default=None),
        is_held=bool(holds),
        reason="; ".join(dict.fromkeys(holds))[:200] if holds else one.reason,
    )
