"""The page of the commission of a month: the rows of `report commission`."""

from django.contrib import messages
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders.queries.commission_rows import account_of
from orders.showing.commission import row_shown, sums_of
from reports.asking.parameters import ReportNotMade
from reports.asking.periods import Period, period_around, read_period
from reports.figures.commission import rows_of_month
from staff.access import only
from staff.requests import Request
from staff.scope import ORDER_READERS


@only(ORDER_READERS)
@require_safe
def commission(request: Request) -> HttpResponse:
    """Who brought whom, what of it is delivered, due, paid and clawed back, by month."""
    now = timezone.now()
    period = _period(request)
    rows = rows_of_month(period, reach=request.reach, now=now)
    here = reverse("reports:commission")
    context = {
        "period": period.label,
        "earlier_url": f"{here}?month={period.moved(-1).text}",
        "later_url": f"{here}?month={period.moved(1).text}",
        "sums": sums_of(rows, account_of(rows)),
        "rows": [row_shown(row) for row in rows],
        "list_url": reverse("orders:commissions"),
    }
    return TemplateResponse(request, "reports/commission.html", context)


def _period(request: Request) -> Period:
    """The month that the address names; this one where it names none."""
    asked = request.GET.get("month", "")
    try:
        if asked:
            return read_period("month", asked)
    except ReportNotMade as refusal:
        messages.error(request, str(refusal))
    return period_around(timezone.localdate(), months=1)
