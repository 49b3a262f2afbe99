"""What was agreed: with an hour, as a calendar has it beside the appointments (FUP-26), and what
goes on by it where a talk agrees on nothing new.
"""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from customers.models import Appointment, Customer
from customers.queries import has_bought
from customers.states import AppointmentState, Grade, NoStepReason
from followups.models import Obligation, Task
from followups.queries.tasks import visible
from followups.states import AGREED_ANCHORS, WAITING, Anchor, State
from staff.models import Person, Store
from staff.scope import Reach

# More than a store agrees on in a week; a calendar is no list.
MOST = 500


def agreed_hours(
    reach: Reach,
    *,
    begins: datetime,
    ends: datetime,
    store: Store | None = None,
    person: Person | None = None,
) -> QuerySet[Obligation]:
    """Open next steps with an hour between two moments, by hour: of a store, a person, or one's
    own. One that was moved to another day has lost its hour; one that was booked is an appointment.
    """
    booked = Appointment.objects.filter(
        customer=OuterRef("customer"), starts_at=OuterRef("due_at"), state=AppointmentState.BOOKED
    )
    rows = Obligation.objects.filter(
        Q(task__in=_tasks(reach, store=store, person=person)),
        ~Exists(booked),
        step__anchor=Anchor.NEXT_STEP,
        state=State.OPEN,
        is_timed=True,
        due_at__gte=begins,
        due_at__lt=ends,
        task__day=F("due_on"),
    )
    rows = rows.select_related("customer__store", "task__assignee")
    return rows.order_by("due_at", "pk")[:MOST]


def _tasks(reach: Reach, *, store: Store | None, person: Person | None) -> QuerySet[Task]:
    rows = visible(reach).filter(state=State.OPEN, assignee__isnull=False)
    if person is not None:
        return rows.filter(assignee=person)
    if store is not None:
        return rows.filter(Q(customer__store=store) | Q(assignee__store=store))
    return rows.filter(assignee__in=reach.acts_for)


def what_goes_on(customer: Customer, *, but: int | None = None) -> NoStepReason | None:
    """What goes on where a talk agrees on nothing new; None where nothing does (FUP-01).

    What the contact `but` agreed on gives way, and does not count; neither does the grade's
    cadence, which nobody has promised. Only who has bought has care that goes on.
    """
    agreed = Obligation.objects.filter(
        customer=customer.pk, step__anchor__in=AGREED_ANCHORS, state__in=WAITING
    )
    if agreed.exclude(step__anchor=Anchor.NEXT_STEP, occurrence=but or 0).exists():
        return NoStepReason.STANDS
    if customer.grade == Grade.D:
        return NoStepReason.NO_NEED
    return NoStepReason.CARED_FOR if has_bought(customer) else None
