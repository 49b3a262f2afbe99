"""What stands beside the form of how satisfied a customer is: the call, the words, another day."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from followups.models import Case
from followups.queries import visible
from followups.queries.cases import task_asking_about
from followups.queries.guarding import objections_to_call
from followups.rows import call_url_of, log_url
from followups.scripts import ScriptPanel, panel_of
from staff.models import Person
from staff.scope import Reach


@dataclass(frozen=True, kw_only=True)
class AskingPanel:
    """`asks`: the guard wants a reason before the call; an address is "" where one has no right.

    At `log_url` is written down that they were not reached.
    """

    task_id: int
    call_url: str
    asks: bool
    change_url: str
    log_url: str
    script: ScriptPanel | None


def panel_for_asking(case: Case, *, reach: Reach, by: Person, now: datetime) -> AskingPanel | None:
    """What asking this customer takes; None where nobody has it to do: it rests, or was done."""
    task = task_asking_about(case)
    if task is None or not reach.may_serve:
        return None
    is_called = reach.may_reveal and task.has_phone
    return AskingPanel(
        task_id=task.pk,
        call_url=call_url_of(task.customer_id) if is_called else "",
        asks=bool(is_called and objections_to_call(task.customer, now=now, task=task)),
        change_url=reverse("followups:task_move", args=[task.pk])
        if visible(reach).filter(pk=task.pk).exists()
        else "",
        log_url=log_url(task.customer_id, task_id=task.pk, kept={}),
        script=panel_of(customer=task.customer, task=task, by=by),
    )
