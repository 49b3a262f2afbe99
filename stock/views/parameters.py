"""The parameters of goods: the limits that hold, how they came to, and setting others."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from core.days import day_text
from staff.access import only
from staff.requests import Request
from staff.scope import STOCK_DECIDING_ROLES, STOCK_READERS
from stock.forms.terms import TermsForm
from stock.models import StockTerms
from stock.queries.terms import terms_on, terms_row_on, terms_rows
from stock.rules.terms import DEFAULTS
from stock.rules.written_terms import changed_fields, terms_from
from stock.services.terms import earliest_day, set_terms
from stock.views.acting import act_page
from stock.wording.terms import FIELDS, GROUPS, limit_text

MOST = 20
FAR = timedelta(days=3650)


@only(STOCK_READERS)
@require_safe
def parameters(request: Request) -> HttpResponse:
    """All limits with what they do, those to come, and why each was set."""
    today = timezone.localdate()
    terms = terms_on(today)
    rows = list(terms_rows()[: MOST + 1])
    may_set = request.reach.has_role(STOCK_DECIDING_ROLES)
    context = {
        "groups": [
            (title, [_limit(name, getattr(terms, name)) for name in names])
            for title, names in GROUPS
        ],
        "is_shipped": not any(row.from_on <= today for row in rows),
        "changes": [
            _change(row, before, today=today)
            for row, before in zip(rows[:MOST], [*rows[1:], None], strict=False)
        ],
        "set_url": reverse("stock:set_parameters") if may_set else "",
    }
    return TemplateResponse(request, "stock/parameters.html", context)


def _limit(name: str, value: object) -> dict[str, Any]:
    label, about, _kind = FIELDS[name]
    return {"label": label, "value": limit_text(name, value), "about": about}


def _change(row: StockTerms, before: StockTerms | None, *, today: date) -> dict[str, Any]:
    then, now = terms_from(before.values) if before else DEFAULTS, terms_from(row.values)
    return {
        "from_on": day_text(row.from_on, today=today),
        "is_to_come": row.from_on > today,
        "who": row.set_by.name,
        "why": row.reason,
        "what": [
            f"{FIELDS[name][0]}: {limit_text(name, getattr(then, name))} → "
            f"{limit_text(name, getattr(now, name))}"
            for name in changed_fields(then, now)
        ],
    }


@only(STOCK_DECIDING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def set_limits(request: Request) -> HttpResponse:
    """Operations set limits that hold from a day on."""
    now = timezone.now()
    last = terms_row_on(timezone.localdate(now) + FAR)
    standing = terms_from(last.values) if last else DEFAULTS
    form = TermsForm(
        request.POST or None,
        standing=standing,
        initial={"seen": str(last.pk) if last else "", "from_on": earliest_day(now=now)},
    )

    def act(*, seen: str, from_on: date, reason: str, **_limits: object) -> None:
        set_terms(values=form.values(), from_on=from_on, reason=reason, seen=seen, by=request.user)

    return act_page(
        request,
        title=pgettext("place", "Rules of goods"),
        subject=_("Goods"),
        hint=_(
            "They hold from their day on. Figures of days before keep the limits they were "
            "reckoned by."
        ),
        submit=_("Set these limits"),
        form=form,
        act=act,
        back_url=reverse("stock:parameters"),
        said=_("These limits are set."),
        template="stock/set_parameters.html",
    )
