"""The calendar of care: what is planned to month 60."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import date_text
from core.phones import mask_in_text
from core.time_left import TimeLeft, until_day
from customers.models import Customer
from customers.queries import MaskedCustomer
from followups.naming import occurrence_name
from followups.queries import calendar_of
from followups.states import State
from staff.scope import Reach


@dataclass(frozen=True)
class CalendarLine:
    """One line of the calendar of care."""

    when: str
    title: str
    text: str
    aside: str
    kind: str
    due: TimeLeft | None


def content(
    customer: MaskedCustomer, *, reader: Reach, request_get: QueryDict, now: datetime
) -> dict[str, object]:
    """What the tab shows: calendar, a list of CalendarLine; is_over where something was delivered
    and nothing of its plan is left.
    """
    lines = calendar_lines(customer, today=timezone.localdate(now))
    return {"calendar": lines, "is_over": not lines and customer.bought_count > 0}


def calendar_lines(customer: Customer, *, today: date) -> list[CalendarLine]:
    """The whole calendar of care to month 60; what was moved stands on its new day."""
    lines = []
    for day in calendar_of(customer, today=today):
        lines.append(
            CalendarLine(
                when=date_text(day.on, today=today),
                title=occurrence_name(day.step, day.due.occurrence),
                text=mask_in_text(day.product.product if day.product else day.whose),
                aside=day.assignee.name if day.assignee else "",
                kind="" if day.state == State.DONE else "no",
                due=_standing(day.state, day.on, today=today),
            )
        )
    return lines


def _standing(state: str, due_on: date, *, today: date) -> TimeLeft:
    """How long there is for what is open, else the word of its state."""
    if state == State.OPEN:
        return until_day(due_on, today=today)
    word = str(State(state).label) if state in State.values else _("planned")
    return TimeLeft(word, "good" if state == State.DONE else "plain")
