"""The script for one customer on a page of its own, and inside the form's sheet."""

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from customers.models import Customer
from followups.queries.tasks import TaskOfDay, get_task_for
from followups.rows import log_url
from followups.scripts import panel_of
from followups.views.fetching import get_customer_for
from staff.access import only
from staff.requests import Request
from staff.scope import SERVING_ROLES


@only(SERVING_ROLES)
@require_safe
def script(request: Request, pk: int) -> HttpResponse:
    """The words to say to this customer: for the task, or the script that one turned to."""
    customer = get_customer_for(request, pk)
    task = _task(request, customer)
    panel = panel_of(
        customer=customer, task=task, by=request.user, wanted=_number(request, "article")
    )
    context = {
        "customer": customer,
        "script": panel,
        "turns": "others" in request.GET,
        "back_url": log_url(customer.pk, task_id=task.pk if task else None, kept={}),
    }
    part = "#script" if request.htmx else ""
    return TemplateResponse(request, f"followups/script.html{part}", context)


def _task(request: Request, customer: Customer) -> TaskOfDay | None:
    """The task that the address names, where it is this customer's."""
    pk = _number(request, "task")
    if pk is None:
        return None
    task = get_task_for(request.reach, pk)
    if task.customer_id != customer.pk:
        raise Http404
    return task


def _number(request: Request, name: str) -> int | None:
    """A row's number out of the address; nonsense names no row (404)."""
    asked = request.GET.get(name, "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise Http404
    return int(asked)
