"""The page of the ageing: who owes what, for how long; each figure opens the customer's account."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.amounts import money_text, short_money
from core.phones import mask_in_text
from customers.models import Customer
from orders.queries.rights import accounts_seen
from orders.rules.ageing import BUCKETS, NOT_DUE, NOTHING
from orders.showing.accounts import bucket_label
from reports.figures.receivables import Owing, owing_by_customer, summed
from reports.rules.days import LAST_DAY
from staff.access import only
from staff.requests import Request
from staff.scope import ORDER_READERS

MOST_ROWS = 200


class AsOfForm(forms.Form):
    """The day at whose close it is asked."""

    as_of = forms.DateField(
        label=gettext_lazy("At the close of"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    )


def _as_of(form: AsOfForm, *, today: date) -> date:
    """The day that is asked for; today where none is, or where it lies ahead."""
    said = form.cleaned_data.get("as_of") if form.is_valid() else None
    return min(said or today, today, LAST_DAY)


def _stats(total: dict[str, Decimal]) -> list[dict[str, str]]:
    overdue = total["total"] - total[NOT_DUE]
    return [
        {"label": _("Open in all"), "value": short_money(total["total"])},
        {
            "label": _("Overdue"),
            "value": short_money(overdue),
            "tone": "late" if overdue else "",
        },
        {"label": _("Disputed"), "value": short_money(total["disputed"])},
        {"label": _("Kept for customers"), "value": short_money(total["credit"])},
    ]


def _row(customer: Customer, owing: Owing, *, is_seen: bool) -> dict[str, Any]:
    """One customer; of one whose account this reader may not know, no more than who bought."""
    keeper = customer.owner.name if customer.owner else _("nobody")
    amounts = [owing.buckets.get(bucket, NOTHING) for bucket in BUCKETS]
    return {
        "name": mask_in_text(customer.name) if is_seen else owing.buyer or "–",
        "url": reverse("orders:account", args=[customer.pk]),
        "keeper": keeper if is_seen else "–",
        "store": customer.store.name if is_seen else "–",
        "amounts": [money_text(amount) if amount else "" for amount in amounts],
        "overdue": money_text(owing.overdue) if owing.overdue else "",
        "credit": money_text(owing.credit) if owing.credit else "",
        "total": money_text(owing.total),
        "is_disputed": bool(owing.disputed),
    }


@only(ORDER_READERS)
@require_safe
def ageing(request: Request) -> HttpResponse:
    """Who owes what at the close of a day, within one's reach; the longest overdue first."""
    now: datetime = timezone.now()
    today = timezone.localdate(now)
    form = AsOfForm(request.GET if request.GET else {"as_of": today})
    as_of = _as_of(form, today=today)
    owing = owing_by_customer(request.reach, as_of=as_of, today=today)
    total = summed(owing.values())
    in_order = sorted(owing, key=lambda pk: (owing[pk].oldest_due_on or date.max, pk))
    shown = in_order[:MOST_ROWS]
    people = Customer.objects.select_related("owner", "store").in_bulk(shown)
    seen = accounts_seen(shown, request.reach)
    context = {
        "filter_form": form,
        "as_of": as_of,
        "is_past": as_of < today,
        "stats": _stats(total),
        "labels": [bucket_label(bucket) for bucket in BUCKETS],
        "rows": [_row(people[pk], owing[pk], is_seen=pk in seen) for pk in shown],
        "sums": [money_text(total[bucket]) for bucket in BUCKETS],
        "sum_credit": money_text(total["credit"]),
        "sum_total": money_text(total["total"]),
        "more": len(in_order) - len(shown),
    }
    return TemplateResponse(request, "reports/ageing.html", context)
