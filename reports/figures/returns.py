"""`report returns`: what came back by cause, how soon it was settled, by the policy (ORD-37).

A return is of the day on which it was asked for; the days to settle are calendar days from then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.utils import timezone

from orders.models import Return
from orders.queries.returns import visible_returns
from orders.states import ReturnCause, ReturnState
from reports.asking.parameters import Parameter, days_of, read_day
from staff.scope import Reach

PARAMETERS = (
    Parameter(name="from", hint="YYYY-MM-DD", about="asked for on this day or later",
              read=read_day),
    Parameter(name="to", hint="YYYY-MM-DD", about="asked for on this day or earlier",
              read=read_day),
)  # fmt: skip
COLUMNS = (
    "cause", "count", "pieces", "amount", "refused", "settled", "settled_amount",
    "days_to_settle", "within_policy", "within_policy_share", "flags",
)  # fmt: skip
SETTLED = Q(state=ReturnState.SETTLED)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What came back for one cause, or for all; `days` None while nothing is settled."""

    count: int = 0
    pieces: int = 0
    amount: Decimal = Decimal(0)
    refused: int = 0
    settled: int = 0
    settled_amount: Decimal = Decimal(0)
    days: float | None = None
    within: int = 0


def _asked(begins: date | None, ends: date | None) -> Q:
    asked = Q()
    if begins:
        asked &= Q(asked_on__gte=begins)
    if ends:
        asked &= Q(asked_on__lte=ends)
    return asked


def _figures(row: Mapping[str, Any]) -> Figures:
    return Figures(
        count=row["count"],
        pieces=row["pieces"] or 0,
        amount=row["worth"] or Decimal(0),
        refused=row["refused"],
        settled=row["settled"],
        settled_amount=row["settled_amount"] or Decimal(0),
        days=None if row["days"] is None else row["days"] / timedelta(days=1),
        within=row["within"],
    )


def _summed() -> dict[str, Any]:
    return {
        "count": Count("pk"),
        "pieces": Sum("qty"),
        "worth": Sum("amount"),
        "refused": Count("pk", filter=Q(state=ReturnState.REFUSED)),
        "settled": Count("pk", filter=SETTLED),
        "settled_amount": Sum("amount", filter=SETTLED),
        "days": Avg(F("settled_on") - F("asked_on"), filter=SETTLED),
        "within": Count("pk", filter=Q(is_within=True)),
    }


def rows_of(
    reach: Reach | None, *, begins: date | None, ends: date | None, now: datetime
) -> tuple[dict[str, Figures], Figures]:
    """By cause, in the order of the causes, what came back; and all of it. Two queries."""
    returns: QuerySet[Return] = visible_returns(reach, today=timezone.localdate(now))
    returns = returns.filter(_asked(begins, ends)).order_by()
    found = {row["cause"]: _figures(row) for row in returns.values("cause").annotate(**_summed())}
    by_cause = {cause.value: found[cause.value] for cause in ReturnCause if cause.value in found}
    return by_cause, _figures(returns.aggregate(**_summed()))


def _row(figures: Figures) -> dict[str, object]:
    return {
        "count": figures.count,
        "pieces": figures.pieces,
        "amount": f"{figures.amount:.2f}",
        "refused": figures.refused,
        "settled": figures.settled,
        "settled_amount": f"{figures.settled_amount:.2f}",
        "days_to_settle": figures.days,
        "within_policy": figures.within,
        "within_policy_share": figures.within / figures.count if figures.count else None,
    }


def returns(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each cause for which something came back. `reach` None sees everybody."""
    begins, ends = days_of(params)
    by_cause, total = rows_of(reach, begins=begins, ends=ends, now=now)
    rows = [
        {"cause": cause, **_row(figures), "flags": [] if figures.settled else ["NONE_SETTLED"]}
        for cause, figures in by_cause.items()
    ]
    notes = [
        "a return is of the day on which it was asked for; days_to_settle is the mean of calendar"
        " days from then to the settling, of those that are settled",
        "within_policy counts those asked for within the days of the trade's window",
    ]
    return rows, _row(total), notes
