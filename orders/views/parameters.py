"""The parameters of orders: what holds in a trade, who set it, and setting other figures."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.amounts import money_text
from core.days import moment_text
from core.models import AuditEntry
from orders.forms.parameters import FIELDS, ParametersForm
from orders.models import OrderTerms
from orders.queries.parameters import changes_of, terms_of_trade, trades_served
from orders.services.parameters import set_parameters, version_of
from orders.views.acting import act_page
from staff.access import only
from staff.requests import Request
from staff.scope import ORDER_READERS, POLICY_ROLES
from staff.states import Trade


def _shown(name: str, value: Decimal | int | str) -> str:
    """¥10, 90 %, 7 days."""
    if name == "slip_band":
        return money_text(Decimal(value))
    if name == "claw_back_percent":
        return f"{value} %"
    return ngettext("%(days)s day", "%(days)s days", int(value)) % {"days": value}


@only(ORDER_READERS)
@require_safe
def parameters(request: Request) -> HttpResponse:
    """What holds for the orders of a trade, in words, and its latest changes."""
    trades = trades_served()
    own = request.user.store.trade if request.user.store else ""
    asked = (request.GET.get("trade", ""), own, trades[0].value)
    trade = next(Trade(each) for each in asked if each in {row.value for row in trades})
    terms, now = terms_of_trade(trade), timezone.now()
    may_set = request.reach.has_role(POLICY_ROLES)
    address = reverse("orders:parameters")
    context = {
        "tabs": [
            {"label": each.label, "url": f"{address}?trade={each.value}", "is_here": each == trade}
            for each in trades
        ],
        "trade": trade.label,
        "rows": [
            {"label": label, "value": _shown(name, getattr(terms, name)), "about": about}
            for name, (label, about, _limits) in FIELDS.items()
        ],
        "is_shipped": terms.pk is None,
        "changes": [_change(entry, now=now) for entry in changes_of(terms)] if terms.pk else [],
        "set_url": reverse("orders:set_parameters", args=[trade.value]) if may_set else "",
    }
    return TemplateResponse(request, "orders/parameters.html", context)


def _change(entry: AuditEntry, *, now: datetime) -> dict[str, Any]:
    return {
        "when": moment_text(entry.at, now=now),
        "who": entry.by.name if entry.by else "–",
        "why": entry.reason,
        "what": [
            f"{FIELDS[name][0]}: {_shown(name, before)} → {_shown(name, after)}"
            for name, (before, after) in entry.detail.get("changes", {}).items()
            if name in FIELDS
        ],
    }


@only(POLICY_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def set_for_trade(request: Request, trade: str) -> HttpResponse:
    """Operations set what holds for the orders of a trade from now on."""
    if trade not in Trade.values:
        raise Http404
    standing: OrderTerms = terms_of_trade(Trade(trade))
    form = ParametersForm(request.POST or None, standing=standing, seen=version_of(standing))
    return act_page(
        request,
        title=_("Rules of orders"),
        subject=str(Trade(trade).label),
        hint=_(
            "They hold from now on. Amounts due, credits and commission that stand keep the days "
            "with which they were made."
        ),
        submit=_("Set these figures"),
        form=form,
        act=lambda seen, reason, **_figures: set_parameters(
            trade=Trade(trade), figures=form.figures(), seen=seen, reason=reason, by=request.user
        ),
        back_url=f"{reverse('orders:parameters')}?trade={trade}",
        said=_("These figures hold from now on."),
    )
