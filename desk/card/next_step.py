"""What is next for a customer."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from core.days import day_text, month, weekday
from core.labels import labelled
from core.phones import mask_in_text
from core.time_left import TimeLeft, until, until_day
from customers.models import Customer
from followups.models import Obligation
from followups.naming import occurrence_name
from followups.queries import APPOINTMENT_KIND
from followups.queries.tasks import of_order
from followups.rows import appointment_words
from followups.states import Anchor, State, Way


@dataclass(frozen=True)
class NextStepShown:
    """The earliest thing that is open for this customer."""

    day: str
    month: str
    when: str
    text: str
    hint: str
    url: str
    due: TimeLeft


def next_step_of(customer: Customer, *, now: datetime, today: date) -> NextStepShown | None:
    """The earliest open obligation that is no greeting, the way to log it, how long there is.

    What somebody moved stands on the day it was moved to.
    """
    open_ones = Obligation.objects.filter(customer=customer, state=State.OPEN).exclude(
        step__way=Way.GREETING
    )
    first = (
        open_ones.select_related("step", "assignee", "task")
        .annotate(appointment_kind=APPOINTMENT_KIND, order_text=of_order("text"))
        .only(
            "due_on", "due_at", "is_timed", "subject_id", "text", "way",
            "occurrence", "step__anchor", "step__name_en", "step__name_zh", "step__unit",
            "step__offset", "step__every", "step__times", "assignee__name",
            "task__day",
        )
        .order_by(Coalesce("task__day", "due_on"), "due_at", "pk")
        .first()
    )  # fmt: skip
    if first is None:
        return None
    day = first.task.day if first.task else first.due_on
    has_hour = first.is_timed and day == first.due_on
    left = until(first.due_at, now=now) if has_hour else until_day(day, today=today)
    is_said = first.text and first.step.anchor != Anchor.CAMPAIGN_NEWS
    text = mask_in_text(first.text if is_said else "") or (
        first.get_way_display()
        if first.step.anchor == Anchor.NEXT_STEP
        else labelled(
            occurrence_name(first.step, first.occurrence), mask_in_text(first.order_text or "")
        )
    )
    url = reverse("followups:log", args=[customer.pk])
    if first.step.anchor == Anchor.APPOINTMENT:
        text = appointment_words(first.appointment_kind, first.text)
        url = reverse("followups:appointment", args=[first.subject_id])
    return NextStepShown(
        day=str(day.day),
        month=f"{month(day)} {weekday(day)}",
        when=day_text(day, today=today),
        text=text,
        hint=first.assignee.name if first.assignee else _("nobody has it"),
        url=url,
        due=left,
    )
