"""Screens of the filings room."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from filings import queries, rules
from staff.access import signed_in


def _example(policy, today):
    """What the parameters mean for a lead filed today."""
    return rules.limits(
        acted_on=today,
        filed_on=today,
        terms=queries.terms_of(policy),
        is_field=True,
    )


@require_safe
@signed_in
def policies(request: HttpRequest) -> HttpResponse:
    """The parameters of lead filing for each trade, in words, with today's example."""
    today = timezone.localdate()
    rows = [
        {"policy": policy, "example": _example(policy, today)}
        for policy in queries.policies_in_force(day=today)
    ]
    context = {"rows": rows, "today": date_format(today, "DATE_FORMAT")}
    return TemplateResponse(request, "filings/policies.html", context)
