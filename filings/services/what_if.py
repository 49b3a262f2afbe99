"""Replaying a period under other terms as a piece of background work; nothing is written."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop

from core.models import Job
from core.services import jobs
from filings.casefiles.terms import terms_from
from filings.models import Deal, Ruling
from filings.queries.what_if import Period, compare
from filings.rules import Decision, Terms
from filings.rules.replaying import Compared
from filings.services.rulings import reason_row
from staff.models import Person

KIND = "filings.tasks.replay_what_if"
# A list nobody reads to its end: beyond it only the count goes on.
MOST_LISTED = 500


def ask_what_if(*, period: Period, terms: Terms, changed: Iterable[str], by: Person) -> Job:
    """Have a period replayed under `terms`; `changed` are the parameters that were changed."""
    told = {name: value if isinstance(value, bool | int) else str(value)
            for name, value in asdict(terms).items()}  # fmt: skip
    params = {
        "trade": period.trade,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "terms": told,
        "changed": list(changed),
        "page": {
            "title": gettext_noop("What if the rules were others"),
            "result": "filings:what_if_result",
            "result_label": gettext_noop("To the rulings that would flip"),
            "back": "filings:what_if",
            "goes_on": True,
        },
    }
    return jobs.ask(kind=KIND, by=by, params=params)


def period_of(params: Mapping[str, Any]) -> Period:
    """The period that a job was asked to replay."""
    return Period(
        trade=params["trade"],
        first=date.fromisoformat(params["first"]),
        last=date.fromisoformat(params["last"]),
    )


def do_what_if(work: jobs.Work) -> None:
    """Replay the period of a job, and keep what would flip as its result."""
    period, terms = period_of(work.job.params), terms_from(work.job.params["terms"])
    rulings = 0
    flips: list[dict[str, object] | None] = []
    for compared in compare(period, terms=terms, advance=work.advance):
        rulings += 1
        if compared.is_flipped:
            flips.append(_flip(compared) if len(flips) < MOST_LISTED else None)
    listed = [flip for flip in flips if flip is not None]
    _name(listed)
    work.job.result = {"rulings": rulings, "flipped": len(flips), "flips": listed}


def _decided(decision: Decision) -> dict[str, object]:
    return {
        "owner": decision.owner,
        "verdict": decision.verdict.value,
        "statuses": {str(key): status for key, status in decision.statuses.items()},
        "reasons": [reason_row(reason) for reason in decision.reasons],
    }


def _flip(compared: Compared) -> dict[str, object]:
    """One ruling that would flip, by ids and codes; worded when it is shown."""
    return {
        "deal": compared.deal,
        "outcome": compared.outcome,
        "held": _decided(compared.held),
        "changed": _decided(compared.changed),
        "gone": [reason_row(reason) for reason in compared.reasons_gone()],
        "new": [reason_row(reason) for reason in compared.reasons_new()],
    }


def _name(flips: list[dict[str, Any]]) -> None:
    """With what really is: whose the deal is today, and its last ruling."""
    deals = Deal.objects.in_bulk([flip["deal"] for flip in flips])
    rulings = dict(
        Ruling.objects.filter(deal__in=deals).order_by("deal_id", "pk").values_list("deal", "pk")
    )
    for flip in flips:
        deal = deals[flip["deal"]]
        flip["credited_to"], flip["ruling"] = deal.credited_to_id, rulings.get(deal.pk)
