"""The page of returns by cause: the rows of `report returns`; each figure opens what it counts."""

from datetime import date

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.amounts import money_text
from orders.states import ReturnCause
from reports.figures.returns import Figures, rows_of
from reports.forms.day_range import DayRangeForm
from reports.rules.shares import NOTHING, percent_text
from staff.access import only
from staff.requests import Request
from staff.scope import ORDER_READERS


@only(ORDER_READERS)
@require_safe
def returns(request: Request) -> HttpResponse:
    """What came back, by cause: how much, how soon it was settled, how much by the policy."""
    form = DayRangeForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    begins, ends = said.get("begins"), said.get("ends")
    by_cause, total = rows_of(request.reach, begins=begins, ends=ends, now=timezone.now())
    kept = _kept(begins, ends)
    context = {
        "filter_form": form,
        "wrong": form.wrong_for(is_part=bool(request.htmx)),
        "stats": _stats(total, kept),
        "rows": [
            {"name": ReturnCause(cause).label, **_row(figures, kept | {"cause": cause})}
            for cause, figures in by_cause.items()
        ],
        "list_url": reverse("orders:returns"),
    }
    template = "reports/returns.html#rows" if request.htmx else "reports/returns.html"
    return TemplateResponse(request, template, context)


def _kept(begins: date | None, ends: date | None) -> dict[str, str]:
    days = {"since": begins, "until": ends}
    return {name: day.isoformat() for name, day in days.items() if day}


def _url(**asked: str) -> str:
    query = urlencode(asked)
    return f"{reverse('orders:returns')}?{query}" if query else reverse("orders:returns")


def _days(figures: Figures) -> str:
    return NOTHING if figures.days is None else f"{figures.days:.1f}"


def _stats(total: Figures, kept: dict[str, str]) -> list[dict[str, object]]:
    share = total.within / total.count if total.count else None
    return [
        {"value": total.count, "label": _("asked for"), "url": _url(**kept), "unit": "",
         "tone": "", "formula": _("returns and exchanges asked for on these days")},
        {"value": money_text(total.amount), "label": _("their amount"), "url": _url(**kept),
         "unit": "", "tone": "", "formula": _("pieces × agreed price")},
        {"value": _days(total), "label": _("days to settle"), "unit": "", "tone": "",
         "url": _url(**kept, state="settled"),
         "formula": _("mean of calendar days from the asking to the settling")},
        {"value": percent_text(share), "label": _("by the policy"), "unit": "", "tone": "",
         "url": _url(**kept, policy="within"),
         "formula": _("asked for within the days of the policy / all")},
    ]  # fmt: skip


def _row(figures: Figures, kept: dict[str, str]) -> dict[str, object]:
    return {
        "url": _url(**kept),
        "count": figures.count,
        "amount": money_text(figures.amount),
        "refused": figures.refused,
        "refused_url": _url(**kept, state="refused"),
        "settled": figures.settled,
        "settled_url": _url(**kept, state="settled"),
        "days": _days(figures),
        "within": figures.within,
        "within_url": _url(**kept, policy="within"),
        "share": percent_text(figures.within / figures.count if figures.count else None),
    }
