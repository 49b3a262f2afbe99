"""One task given to somebody else by a manager (the matrix: "Due task reassign")."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from customers.queries import visible as visible_customers
from followups.models import Obligation, Task
from followups.services import booked_work, case_work, engine, tasks
from followups.services.holding import hold_of
from followups.states import State
from staff.models import Person
from staff.scope import SERVING_ROLES, reach_of


class TaskNotGiven(Refused):
    """A task could not be given to somebody else."""

    messages = {
        "task_is_closed": _("This task was closed in the meantime."),
        "give_reason_missing": _("Say why the task goes to somebody else."),
        "has_it_already": _("This person has the task already."),
        "cannot_do_it": _("Choose somebody who serves customers and works here."),
        "sees_it_not": _(
            "%(name)s does not see this customer. Give the customer to them instead, or choose "
            "somebody who does."
        ),
        "is_about_them": _(
            "A service case about %(name)s stands on this task. Choose somebody else."
        ),
        "is_an_appointment": _("This is an appointment. Move or cancel it on its own page."),
    }


def _blockers(task: Task, to: Person, reason: str, today) -> list[Blocker]:
    codes = []
    if not reason:
        codes.append(Blocker("give_reason_missing"))
    if task.assignee_id == to.pk:
        codes.append(Blocker("has_it_already"))
    if not to.is_active or to.role not in SERVING_ROLES:
        codes.append(Blocker("cannot_do_it"))
    elif not visible_customers(reach_of(to, today=today)).filter(pk=task.customer_id).exists():
        codes.append(Blocker("sees_it_not", {"name": to.name}))
    elif case_work.holds_one_about(task, to):
        codes.append(Blocker("is_about_them", {"name": to.name}))
    return codes


@transaction.atomic
def give_task(*, task: Task, to: Person, reason: str, by: Person, now: datetime) -> Task:
    """Give one task to another person; it keeps its day and its limit, and stays there whoever
    leads the store. Where the receiver has one of that day already, the two become one.

    Returns the task on which the work stands now. Raises TaskNotGiven.
    """
    customer = hold_of(task)
    task = Task.objects.select_related("customer__store").get(pk=task.pk)
    if task.state != State.OPEN:
        raise TaskNotGiven.because("task_is_closed")
    refuse_if(TaskNotGiven, _blockers(task, to, reason, customer.store.today(now)))
    if not booked_work.without_appointments(task):
        raise TaskNotGiven.because("is_an_appointment")

    before = task.assignee_id
    Obligation.objects.filter(task=task, state=State.OPEN).update(assignee=to, is_given=True)
    case_work.follow_assignees(customers=[customer.pk], now=now)
    where = tasks.put_in_hand(task, assignee=to, now=now)
    audit.record(
        verb="give_task", of=task, by=by, reason=reason, before=before, after=to.pk, stands_on=where
    )
    engine.touch_and_ask(customers=[customer.pk], now=now)
    return Task.objects.get(pk=where)
