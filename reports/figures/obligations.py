"""`report tasks`: the obligations of follow-up, one row each."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from customers.models import CustomerPhone
from customers.queries import with_this_number
from followups import queries
from followups.states import State
from reports.asking.parameters import (
    Parameter,
    ReportNotMade,
    read_day,
    read_phone,
    read_some_of,
)
from staff.scope import Reach

PARAMETERS = (
    Parameter(name="from", hint="YYYY-MM-DD", about="due on this business day or later",
              read=read_day),
    Parameter(name="to", hint="YYYY-MM-DD", about="due on this business day or earlier",
              read=read_day),
    Parameter(name="phone", hint="NUMBER", about="of the customer with this number",
              read=read_phone),
    Parameter(name="state", hint=",".join(State.values), about="in one of these states",
              read=read_some_of(State.values)),
)  # fmt: skip
COLUMNS = (
    "customer_id", "phone", "plan", "step", "occurrence", "due_on", "due_at", "assignee", "state",
    "task_id",
)  # fmt: skip


def _asked(params: Mapping[str, Any], reach: Reach | None) -> QuerySet[Any]:
    """The obligations asked for; a number that is nobody's finds none."""
    customers = None
    if "phone" in params:
        found = with_this_number(str(params["phone"]))
        customers = [found.customer_id] if found else []
    rows = queries.obligations(
        reach,
        from_day=params.get("from"),
        to_day=params.get("to"),
        customers=customers,
    )
    if "state" in params:
        rows = rows.filter(state__in=params["state"])
    in_use = CustomerPhone.objects.filter(customer=OuterRef("customer"), retired_at=None)
    numbers = in_use.order_by("-is_primary", "pk")
    return rows.select_related("customer__store").annotate(
        phone=Subquery(numbers.values("masked")[:1])
    )


def _row(obligation: Any) -> dict[str, object]:
    zone = obligation.customer.store.tzinfo
    return {
        "customer_id": obligation.customer_id,
        "phone": obligation.phone,
        "plan": obligation.step.plan.code,
        "step": obligation.step.code,
        "occurrence": obligation.occurrence,
        "due_on": obligation.due_on.isoformat(),
        "due_at": obligation.due_at.astimezone(zone).isoformat(),
        "assignee": obligation.assignee.username if obligation.assignee else None,
        "state": obligation.state,
        "task_id": obligation.task_id,
    }


def tasks(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """Rows, totals and notes; `reach` None is somebody at the machine itself."""
    begins, ends = params.get("from"), params.get("to")
    if begins and ends and ends < begins:
        raise ReportNotMade.because("ends_before_it_begins")
    rows = [_row(obligation) for obligation in _asked(params, reach).iterator(chunk_size=2000)]
    states = Counter(str(row["state"]) for row in rows)
    notes = ["due_at of a limit in days is 24:00 of due_on, written as 00:00 of the next day"]
    return rows, {"rows": len(rows), "by_state": dict(sorted(states.items()))}, notes
