"""On what a form stands that logs a contact: customer, task at hand, for whom one speaks."""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404

from customers.models import Access, Appointment, Contact, Customer, OwnedProduct
from customers.queries import MaskedCustomer, contacts_of, was_merged
from customers.queries.appointments import next_of
from followups import queries
from followups.models import Task
from followups.queries import TaskOfDay
from followups.queries.surveys import ever_owned_by
from followups.rows import booked_of
from followups.views.lists import DayList, open_day
from staff.models import Person
from staff.requests import Request


@dataclass(frozen=True, kw_only=True)
class LogPage:
    """What the form stands on: the customer, the task at hand, for whom one speaks.

    What only a page shows is read when it is drawn: a form that is sent and taken needs none of it.
    """

    customer: MaskedCustomer
    task: TaskOfDay | None
    day: DayList
    spoken_for: Person | None

    @cached_property
    def last_contacts(self) -> list[Contact]:
        """The last two that stand, the newest first."""
        return list(contacts_of(self.customer).filter(voided_at=None)[:2])

    @cached_property
    def booked(self) -> Appointment | None:
        """The appointment that comes next, other than what the task at hand is."""
        at_hand = booked_of(self.task) if self.task else None
        return next_of(self.customer, now=self.day.now, but=at_hand.subject_id if at_hand else None)

    @cached_property
    def ever_owned(self) -> list[OwnedProduct]:
        """All that the customer ever had, the newest first."""
        return list(ever_owned_by(self.customer))

    @property
    def owned(self) -> list[OwnedProduct]:
        """What the customer has now, the newest first."""
        return [row for row in self.ever_owned if row.gone_on is None]


def open_page(request: Request, customer: MaskedCustomer) -> LogPage:
    task = _task_at_hand(request, customer)
    return LogPage(
        customer=customer,
        task=task,
        day=open_day(request),
        spoken_for=_spoken_for(request, customer, task),
    )


def _task_at_hand(request: Request, customer: Customer) -> TaskOfDay | None:
    """The task that the address names; it belongs to this customer and lies within reach.

    Where cards were merged or taken apart since the form was opened, it may be another's by now:
    the contact counts without it.
    """
    asked = request.GET.get("task", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise Http404
    try:
        task = queries.get_task_for(request.reach, int(asked))
        if task.customer_id != customer.pk:
            raise Http404
    except Http404:
        if request.method == "POST" and was_merged(customer):
            return None
        raise
    return task


def _spoken_for(request: Request, customer: Customer, task: Task | None) -> Person | None:
    """For whom an assistant or stand-in logs: whose task it is, else the keeper; nobody where the
    customer is within the person's own reach (FUP-30).
    """
    reach = request.reach
    if task is not None and task.assignee_id in reach.stands_in_for:
        return task.assignee
    if customer.owner_id in reach.stands_in_for and task is None:
        return customer.owner
    if not reach.assists or customer.owner_id == reach.person_id:
        return None
    if customer.store_id in reach.store_ids:
        return None
    if Access.objects.filter(customer=customer, person=reach.person_id).exists():
        return None
    if task is not None and task.assignee_id in reach.assists:
        return task.assignee
    return customer.owner if customer.owner_id in reach.assists else None
