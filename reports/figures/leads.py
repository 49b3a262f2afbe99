"""`report first_response`: how soon leads are accepted and answered (DAT-01)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from customers.models import Contact, Lead
from customers.queries.dispatching import opening_of
from customers.queries.leads import visible_leads
from customers.queries.parameters import parameters
from customers.rules.leads import opening_minutes
from customers.states import OPEN_LEADS, LeadState
from reports.asking.parameters import Parameter, ReportNotMade, read_day, read_some_of
from staff.scope import Reach

BY = ("store", "person", "source")
DAYS = 30
# A year of a busy company; more is asked a part at a time.
MOST = 50_000
PARAMETERS = (
    Parameter(name="from", hint="YYYY-MM-DD", about="received on this day or later",
              read=read_day),
    Parameter(name="to", hint="YYYY-MM-DD", about="received on this day or earlier",
              read=read_day),
    Parameter(name="by", hint="|".join(BY), about="one row for each of these",
              read=read_some_of(BY)),
)  # fmt: skip
COLUMNS = (
    "by", "key", "name", "leads", "accepted", "joined", "waiting", "invalid", "median_accept",
    "p90_accept", "median_response", "p90_response", "responded", "reached", "within", "late",
    "flags",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One lead with what became of it, in minutes of opening time."""

    lead: Lead
    key: int | None
    name: str
    accept: int | None
    response: int | None
    is_reached: bool
    is_within: bool | None


def leads_received(
    reach: Reach | None, *, begins: date | None, ends: date | None
) -> QuerySet[Lead]:
    """The leads of these days within reach; what repeats an open lead is the same inquiry."""
    leads = Lead.objects.all() if reach is None else visible_leads(reach)
    leads = leads.filter(duplicate_of=None)
    if begins is not None:
        leads = leads.filter(received_at__gte=_midnight(begins))
    if ends is not None:
        leads = leads.filter(received_at__lt=_midnight(ends + timedelta(days=1)))
    return leads


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), timezone.get_default_timezone())


def with_answers(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Each lead with the moment of its first answer, and of the first that reached the customer.

    An answer is a contact logged for its customer since it was accepted, by whomever; an attempt
    counts. It is read from the contacts each time: what is voided counts for nothing.
    """
    since = Contact.objects.filter(
        customer=OuterRef("customer"),
        logged_at__gte=OuterRef("closed_at"),
        voided_at=None,
        is_imported=False,
    ).order_by()
    first = since.values("customer").annotate(at=Min("logged_at")).values("at")
    reached = since.filter(reached=True).values("customer")
    return leads.select_related("store", "customer__store", "origin", "closed_by").annotate(
        first_at=Subquery(first),
        reached_at=Subquery(reached.annotate(at=Min("logged_at")).values("at")),
    )


def _answered(lead: Any, *, by: str, limit: int, now: datetime) -> Answered:
    store = lead.store or (lead.customer.store if lead.customer else None)

    def minutes(until: datetime | None) -> int | None:
        if until is None:
            return None
        if store is None:
            return int((until - lead.received_at).total_seconds() // 60)
        opening = opening_of(store)
        return opening_minutes(since=lead.received_at, until=until, opening=opening)

    is_taken = lead.state == LeadState.ACCEPTED
    response = minutes(lead.first_at)
    key, name = _group(lead, by=by, store=store)
    return Answered(
        lead=lead,
        key=key,
        name=name,
        accept=minutes(lead.closed_at) if is_taken else None,
        response=response,
        is_reached=lead.reached_at is not None,
        is_within=_is_within(lead, response, so_far=minutes(now), limit=limit),
    )


def _is_within(lead: Lead, response: int | None, *, so_far: int | None, limit: int) -> bool | None:
    """Whether it was answered in time; None while there is time, and for what is no lead."""
    if lead.state == LeadState.INVALID:
        return None
    if response is not None:
        return response <= limit
    return False if (so_far or 0) > limit else None


def _group(lead: Any, *, by: str, store: Any) -> tuple[int | None, str]:
    """The row to which a lead belongs."""
    if by == "source":
        return lead.origin_id, lead.origin.name
    if by == "person":
        return lead.closed_by_id, lead.closed_by.name if lead.closed_by else ""
    return (store.pk, store.name) if store else (None, "")


def _p90(values: Sequence[int]) -> int | None:
    """The smallest value that nine in ten do not exceed."""
    if not values:
        return None
    return sorted(values)[max(-(-len(values) * 9 // 10) - 1, 0)]


def figures(rows: Sequence[Answered]) -> dict[str, object]:
    """The figures of some leads; minutes are of opening time."""
    states = [row.lead.state for row in rows]
    accept = [row.accept for row in rows if row.accept is not None]
    response = [row.response for row in rows if row.response is not None]
    judged = [row.is_within for row in rows if row.is_within is not None]
    flags = [] if judged else ["no_lead_to_judge"]
    return {
        "leads": len(rows),
        "accepted": states.count(LeadState.ACCEPTED),
        "joined": states.count(LeadState.JOINED),
        "waiting": sum(state in OPEN_LEADS for state in states),
        "invalid": states.count(LeadState.INVALID),
        "median_accept": median(accept) if accept else None,
        "p90_accept": _p90(accept),
        "median_response": median(response) if response else None,
        "p90_response": _p90(response),
        "responded": len(response),
        "reached": sum(row.is_reached for row in rows),
        "within": sum(judged) / len(judged) if judged else None,
        "late": judged.count(False),
        "flags": flags,
    }


def answered_leads(leads: QuerySet[Lead], *, by: str, now: datetime) -> list[Answered]:
    """The leads, each judged by the parameters in force today. Raises ReportNotMade."""
    limit = parameters(timezone.localdate(now)).response_minutes
    if leads.count() > MOST:
        raise ReportNotMade.because("too_many_leads", most=f"{MOST:,}")
    rows = with_answers(leads).order_by("pk")
    return [_answered(lead, by=by, limit=limit, now=now) for lead in rows]


def grouped(rows: Sequence[Answered], *, by: str) -> list[dict[str, object]]:
    """One row a store, person or source; the slowest median first, nobody's last."""
    groups: dict[tuple[int | None, str], list[Answered]] = defaultdict(list)
    for row in rows:
        groups[row.key, row.name].append(row)
    told = [
        {"by": by, "key": key, "name": name, **figures(group)}
        for (key, name), group in groups.items()
    ]
    return sorted(
        told,
        key=lambda row: (row["key"] is None, -float(row["median_response"] or 0), row["name"]),  # type: ignore[arg-type]
    )


def first_response(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """Rows, totals and notes; `reach` None is somebody at the machine itself."""
    begins, ends = params.get("from"), params.get("to")
    if begins and ends and ends < begins:
        raise ReportNotMade.because("ends_before_it_begins")
    by = str(params.get("by", ("store",))[0])
    rows = answered_leads(leads_received(reach, begins=begins, ends=ends), by=by, now=now)
    notes = [
        "minutes count while the lead's store is open; without a store they are plain minutes",
        "median_response and p90_response run to the first contact logged after the lead was "
        "accepted or joined, whoever logged it; an attempt that reached nobody counts",
        "within is the share answered in time among those answered or past their time",
    ]
    return grouped(rows, by=by), figures(rows), notes


# Which of a row's leads each of its figures counts.
COUNTED: Mapping[str, Callable[[Answered], bool]] = {
    "leads": lambda row: True,
    "accepted": lambda row: row.lead.state == LeadState.ACCEPTED,
    "joined": lambda row: row.lead.state == LeadState.JOINED,
    "waiting": lambda row: row.lead.state in OPEN_LEADS,
    "invalid": lambda row: row.lead.state == LeadState.INVALID,
    "responded": lambda row: row.response is not None,
    "reached": lambda row: row.is_reached,
    "within": lambda row: row.is_within is True,
    "late": lambda row: row.is_within is False,
}


def counted(rows: Sequence[Answered], figure: str, *, key: str) -> list[Answered]:
    """The leads that a figure counts, of one row or, without a key, of all; the slowest first."""
    fits = COUNTED[figure]
    found = [row for row in rows if fits(row) and (not key or key == _key_text(row.key))]
    return sorted(found, key=lambda row: (row.response is not None, -(row.response or 0)))


def _key_text(key: int | None) -> str:
    return "none" if key is None else str(key)
