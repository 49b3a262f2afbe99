"""The rules of filing in plain words, their versions, and setting new ones."""

from collections import defaultdict
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.queries import business_calendar
from filings.forms.policies import PolicyForm
from filings.models import Policy
from filings.queries import policy_of, terms_of
from filings.rules import Clock, Terms
from filings.rules.limits import field_limit, silence_end, update_due
from filings.services.policies import PolicyNotSet, earliest_day, set_policy, take_back_policy
from filings.wording.terms import changes, groups_of
from staff.access import only, signed_in
from staff.requests import Request
from staff.scope import POLICY_ROLES
from staff.states import Trade


def _example(terms: Terms, trade: Trade) -> list[tuple[str, str]]:
    """What the limits are for a lead that is filed today."""
    now = timezone.localtime()
    clock = Clock(zone=timezone.get_default_timezone(), calendar=business_calendar())
    told = (
        (_("Follow up by"), update_due(acted_at=now, terms=terms, clock=clock)),
        (
            _("Protected without a follow-up until"),
            silence_end(acted_at=now, filed_at=now, terms=terms, clock=clock),
        ),
        (
            _("Field sales: test drive or contract by")
            if trade == Trade.CARS
            else _("Field sales: measured by"),
            field_limit(filed_at=now, terms=terms, clock=clock),
        ),
    )
    last = timedelta(seconds=1)
    return [
        (str(words), date_format(timezone.localtime(at - last).date(), "DATE_FORMAT"))
        for words, at in told
    ]


def _versions(rows: list[Policy], today: date) -> list[dict[str, Any]]:
    """The versions of one trade, the newest first, each with what it changed."""
    told = []
    for index, policy in enumerate(rows):
        before = terms_of(rows[index - 1]) if index else None
        is_over = index + 1 < len(rows) and rows[index + 1].valid_from <= today
        told.append(
            {
                "policy": policy,
                "changes": changes(before, terms_of(policy), trade=policy.trade) if before else [],
                "is_first": before is None,
                "is_to_come": policy.valid_from > today,
                "is_over": is_over,
            }
        )
    return told[::-1]


def _trades(today: date) -> list[dict[str, Any]]:
    by_trade: dict[str, list[Policy]] = defaultdict(list)
    for policy in Policy.objects.select_related("set_by").order_by("trade", "valid_from"):
        by_trade[policy.trade].append(policy)
    shown = []
    for trade in Trade:
        versions = _versions(by_trade[trade], today)
        holding = next(
            (each for each in versions if not each["is_to_come"] and not each["is_over"]), None
        )
        if holding is None:
            continue
        terms = terms_of(holding["policy"])
        shown.append(
            {
                "trade": trade,
                "policy": holding["policy"],
                "is_on": terms.is_on,
                "groups": groups_of(terms, trade=trade),
                "example": _example(terms, trade) if terms.is_on else [],
                "versions": versions,
                "to_come": [each for each in versions if each["is_to_come"]],
            }
        )
    return shown


@require_safe
@signed_in
def policies(request: Request) -> HttpResponse:
    """The rules of filing of a trade, in words, with today's example and all versions."""
    today = timezone.localdate()
    rows = _trades(today)
    own = request.user.store.trade if request.user.store else ""
    asked = (request.GET.get("trade", ""), own, Trade.FURNITURE)
    chosen = (row for each in asked for row in rows if row["trade"] == each)
    row = next(chosen, rows[0] if rows else None)
    context = {
        "tabs": [
            {"trade": each["trade"], "url": _url_of(each["trade"]), "is_here": each is row,
             "is_to_come": bool(each["to_come"])}
            for each in rows
        ],
        "row": row,
        "today": date_format(today, "DATE_FORMAT"),
        "may_set": request.reach.has_role(POLICY_ROLES),
    }  # fmt: skip
    return TemplateResponse(request, "filings/policies.html", context)


def _url_of(trade: str) -> str:
    return f"{reverse('filings:policies')}?trade={trade}"


def _trade(trade: str) -> Trade:
    """A trade by its code; another one is not there."""
    if trade not in Trade.values:
        raise Http404
    return Trade(trade)


@only(POLICY_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def policy_new(request: Request, trade: str) -> HttpResponse:
    """New rules for a trade from a day on: what changes is shown before they are set."""
    code, now = _trade(trade), timezone.now()
    earliest = earliest_day(code, now=now)
    present = policy_of(code, day=earliest)
    terms = terms_of(present) if present else Terms()
    sent = (request.POST,) if request.method == "POST" else ()
    form = PolicyForm(*sent, initial={**asdict(terms), "valid_from": earliest})
    changed = []
    if form.is_valid():
        said = form.cleaned_data
        day = policy_of(code, day=said["valid_from"])
        wanted = form.terms(terms)
        changed = changes(terms_of(day) if day else Terms(), wanted, trade=code)
        if said["seen"] == form.fingerprint():
            try:
                set_policy(
                    trade=code, valid_from=said["valid_from"], terms=wanted,
                    note=said["note"], by=request.user, now=now,
                )  # fmt: skip
            except PolicyNotSet as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The rules are set; until then the present ones hold."))
                return redirect(_url_of(code))
        elif not changed:
            form.add_error(None, _("These are the rules that hold on that day already."))
    context = {
        "form": form, "trade": code, "changes": changed, "earliest": earliest,
        "seen": form.fingerprint() if form.is_bound and form.is_valid() else "",
    }  # fmt: skip
    return TemplateResponse(request, "filings/policy_new.html", context)


@only(POLICY_ROLES)
@require_POST
def policy_take_back(request: Request, pk: int) -> HttpResponse:
    """Take back rules that have not begun."""
    policy = get_object_or_404(Policy, pk=pk)
    try:
        take_back_policy(policy=policy, by=request.user, now=timezone.now())
    except PolicyNotSet as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The rules are taken back; the present ones go on."))
    return redirect(_url_of(policy.trade))
