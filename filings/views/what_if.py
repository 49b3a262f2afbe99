"""What if: a period replayed under other rules, and each ruling that would flip."""

from dataclasses import asdict
from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.models import Job
from core.states import JobState
from filings.casefiles.terms import terms_from
from filings.forms.policies import WhatIfForm
from filings.queries import policy_of, terms_of
from filings.queries.what_if import Period
from filings.rules import Terms
from filings.services.what_if import KIND, ask_what_if, period_of
from filings.showing.what_if import Names, flip_row
from filings.wording.terms import changes, said_of
from staff.access import only
from staff.requests import Request
from staff.scope import POLICY_ROLES
from staff.states import Trade

MOST_PAST = 20
ROWS_A_PAGE = 50
USUAL_DAYS = 90


def _present(trade: str, today: date) -> Terms:
    found = policy_of(trade, day=today)
    return terms_of(found) if found else Terms()


def _trade(request: Request) -> str:
    """The trade asked about; the person's own, or furniture."""
    asked = request.POST.get("trade") or request.GET.get("trade", "")
    own = request.user.store.trade if request.user.store else ""
    return next((each for each in (asked, own) if each in Trade.values), Trade.FURNITURE)


@only(POLICY_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: Request) -> HttpResponse:
    """Choose a period, a trade and other rules; the replay is work that one can leave."""
    today, trade = timezone.localdate(), _trade(request)
    initial = {
        **asdict(_present(trade, today)), "trade": trade,
        "first": today - timedelta(days=USUAL_DAYS), "last": today,
    }  # fmt: skip
    sent = (request.POST,) if request.method == "POST" else ()
    form = WhatIfForm(*sent, today=today, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        present = _present(said["trade"], today)
        terms = form.terms(present)
        changed = changes(present, terms)
        if not changed:
            form.add_error(None, _("Change a rule first: these are the ones that hold."))
        else:
            period = Period(trade=said["trade"], first=said["first"], last=said["last"])
            job = ask_what_if(
                period=period, terms=terms, changed=[each.name for each in changed],
                by=request.user,
            )  # fmt: skip
            return redirect("core:job", pk=job.pk)
    context = {
        "form": form, "trade": Trade(trade), "trades": list(Trade),
        "past": [_past(job) for job in _past_jobs()],
    }  # fmt: skip
    return TemplateResponse(request, "filings/what_if.html", context)


def _past_jobs() -> list[Job]:
    """What was replayed before, by whomever: operations share it."""
    jobs = Job.objects.filter(kind=KIND).select_related("asked_by").defer("result")
    return list(jobs.order_by("-asked_at", "-pk")[:MOST_PAST])


def _past(job: Job) -> dict[str, object]:
    terms, period = terms_from(job.params["terms"]), period_of(job.params)
    changed = [(name, getattr(terms, name)) for name in job.params["changed"]]
    return {
        "job": job,
        "trade": Trade(period.trade).label,
        "period": period,
        "changed": [said_of(name, value, trade=period.trade) for name, value in changed],
        "is_done": job.state == JobState.DONE,
    }


@only(POLICY_ROLES)
@never_cache
@require_safe
def what_if_result(request: Request, pk: int) -> HttpResponse:
    """Each ruling of the period that would flip, with why; both timelines side by side."""
    job = get_object_or_404(Job.objects.select_related("asked_by"), pk=pk, kind=KIND)
    if job.state != JobState.DONE:
        return redirect("core:job", pk=pk) if job.asked_by == request.user else _back()
    flips = job.result["flips"]
    page = Paginator(flips, ROWS_A_PAGE).get_page(request.GET.get("page"))
    names = Names(page.object_list)
    context = {
        **_past(job),
        "rulings": job.result["rulings"],
        "flipped": job.result["flipped"],
        "left_off": job.result["flipped"] - len(flips),
        "page": page,
        "rows": [flip_row(flip, names) for flip in page.object_list],
    }
    return TemplateResponse(request, "filings/what_if_result.html", context)


def _back() -> HttpResponse:
    return redirect("filings:what_if")
