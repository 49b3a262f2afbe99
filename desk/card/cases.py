"""The service cases of a customer: those that run first."""

from datetime import datetime

from django.http import QueryDict
from django.urls import reverse

from customers.queries import MaskedCustomer
from followups.queries.cases import cases_of
from followups.showing_cases import line_of
from staff.scope import CASE_ROLES, Reach


def content(
    customer: MaskedCustomer, *, reader: Reach, request_get: QueryDict, now: datetime
) -> dict[str, object]:
    """What the tab shows: cases, a list of CaseLine; open_url."""
    return {
        "cases": [line_of(case, now=now) for case in cases_of(customer)],
        "open_url": reverse("followups:open_case", args=[customer.pk])
        if reader.has_role(CASE_ROLES)
        else "",
    }
