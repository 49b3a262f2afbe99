"""All reports by name: what they tell, what they can be asked for, who makes them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.phones.text import mask_in_text
from core.services.picture import one_picture
from reports.asking.parameters import Parameter, ReportNotMade, read_all
from reports.asking.periods import Period
from reports.figures import (
    campaigns,
    collections,
    commission,
    credits,
    deliveries,
    leads,
    measures,
    merchandise,
    obligations,
    order_books,
    promises,
    receivables,
    referrals,
    replenishment,
    returns,
    sales,
    size_gaps,
    surveys,
)
from staff.scope import Reach

Made = tuple[list[dict[str, object]], dict[str, object], list[str]]


@dataclass(frozen=True, kw_only=True)
class Report:
    """One report."""

    description: object
    parameters: Sequence[Parameter]
    columns: Sequence[str]
    make: Callable[..., Made]


REPORTS: Mapping[str, Report] = {
    "campaigns": Report(
        description=_("What came of each campaign: invited, coming, came, bought"),
        parameters=campaigns.PARAMETERS,
        columns=campaigns.COLUMNS,
        make=campaigns.campaigns,
    ),
    "referrals": Report(
        description=_("Who brought customers, how many, and what came of it"),
        parameters=referrals.PARAMETERS,
        columns=referrals.COLUMNS,
        make=referrals.referrals,
    ),
    "surveys": Report(
        description=_("How satisfied customers say they are"),
        parameters=surveys.PARAMETERS,
        columns=surveys.COLUMNS,
        make=surveys.surveys,
    ),
    "tasks": Report(
        description=_("The obligations of follow-up, one row each"),
        parameters=obligations.PARAMETERS,
        columns=obligations.COLUMNS,
        make=obligations.tasks,
    ),
    "follow_up": Report(
        description=_("Return visits, service cases and satisfaction against their targets"),
        parameters=measures.PARAMETERS,
        columns=measures.COLUMNS,
        make=measures.follow_up,
    ),
    "ageing": Report(
        description=_("What customers owe, by how long it is overdue"),
        parameters=receivables.PARAMETERS,
        columns=receivables.COLUMNS,
        make=receivables.ageing,
    ),
    "order_ledger": Report(
        description=_("The order ledger: every order with its money, its days and its goods"),
        parameters=order_books.PARAMETERS,
        columns=order_books.LEDGER,
        make=order_books.order_ledger,
    ),
    "order_register": Report(
        description=_("The order register: orders by day, the month against its target"),
        parameters=order_books.PARAMETERS,
        columns=order_books.REGISTER,
        make=order_books.order_register,
    ),
    "credits": Report(
        description=_("What order changes left with us for customers, and what became of it"),
        parameters=credits.PARAMETERS,
        columns=credits.COLUMNS,
        make=credits.credits,
    ),
    "deliveries": Report(
        description=_("The deliveries of a month: planned, made, not ready"),
        parameters=deliveries.PARAMETERS,
        columns=deliveries.COLUMNS,
        make=deliveries.deliveries,
    ),
    "sales": Report(
        description=_("What was ordered, by consultant, store, product or week"),
        parameters=sales.PARAMETERS,
        columns=sales.COLUMNS,
        make=sales.sales,
    ),
    "collections": Report(
        description=_("What came in, what had to, and what of it is overdue"),
        parameters=collections.PARAMETERS,
        columns=collections.COLUMNS,
        make=collections.collections,
    ),
    "promises": Report(
        description=_("Deliveries on the promised day: due, kept, how late, and why"),
        parameters=promises.PARAMETERS,
        columns=promises.COLUMNS,
        make=promises.promises,
    ),
    "commission": Report(
        description=_("Commission of designers: due, paid, clawed back, payable"),
        parameters=commission.PARAMETERS,
        columns=commission.COLUMNS,
        make=commission.commission,
    ),
    "returns": Report(
        description=_("What came back, by cause: how much, how soon, by the policy or not"),
        parameters=returns.PARAMETERS,
        columns=returns.COLUMNS,
        make=returns.returns,
    ),
    "merchandise": Report(
        description=_("How goods sell and lie: sell-through, age, supply, class, what to reorder"),
        parameters=merchandise.PARAMETERS,
        columns=merchandise.COLUMNS,
        make=merchandise.merchandise,
    ),
    "size_gaps": Report(
        description=_("Which sizes lack where, and which styles are broken by it"),
        parameters=size_gaps.PARAMETERS,
        columns=size_gaps.COLUMNS,
        make=size_gaps.size_gaps,
    ),
    "replenishment_fill": Report(
        description=_("What offices can really sell, and how far their requests were served"),
        parameters=replenishment.PARAMETERS,
        columns=replenishment.COLUMNS,
        make=replenishment.replenishment_fill,
    ),
    "first_response": Report(
        description=_("How soon leads are accepted and answered"),
        parameters=leads.PARAMETERS,
        columns=leads.COLUMNS,
        make=leads.first_response,
    ),
}


def _as_json(value: object) -> object:
    """A parameter as it is told back; numbers of phones are masked."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Period):
        return value.text
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, int):
        return value
    return mask_in_text(str(value))


def _as_of(params: Mapping[str, object], *, now: datetime) -> str:
    """The day that was asked for, told at its close; else the moment."""
    asked = params.get("as_of")
    if isinstance(asked, date):
        return asked.isoformat()
    return timezone.localtime(now).isoformat(timespec="seconds")


def run(
    name: str, given: Mapping[str, str], *, reach: Reach | None, now: datetime
) -> dict[str, object]:
    """Make a report: its envelope with rows, totals and notes, all of one moment. Raises
    ReportNotMade.

    `reach` says whose eyes see it; None is the machine itself.
    """
    report = REPORTS.get(name)
    if report is None:
        raise ReportNotMade.because("unknown_report", name=name)
    params = read_all(report.parameters, given)
    with one_picture():
        rows, total, notes = report.make(params, reach=reach, now=now)
    return {
        "report": name,
        "params": {key: _as_json(value) for key, value in params.items()},
        "as_of": _as_of(params, now=now),
        "rows": rows,
        "total": total,
        "notes": notes,
    }
