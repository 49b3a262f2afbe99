"""What the engine and the form of contacts make, reached by calling them."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from customers.models import Contact, Customer
from customers.rules import NextStep
from customers.states import Channel, NextKind, Outcome, Reason
from followups.models import Task
from followups.services import log_contact, touch_and_ask
from followups.states import Override, State


def reached(
    customer: Customer, *, now: datetime, on: date | None = None, by=None, **said
) -> Contact:
    """A call that reached the customer and agreed on a call `on`, a week later unless told."""
    on = on or customer.store.today(now) + timedelta(days=7)
    step = said.pop("next_step", None) or NextStep(
        kind=NextKind.CALL, on=on, at=said.pop("at", None), text=said.pop("text", "")
    )
    return log_contact(
        customer=customer,
        channel=said.pop("channel", Channel.CALL),
        outcome=Outcome.CONNECTED,
        reason=said.pop("reason", Reason.DESIGN),
        next_step=step,
        by=by or customer.owner,
        now=now,
        key=said.pop("key", None) or uuid4(),
        override=said.pop("override", Override.NEEDED),
        **said,
    )


def cadence_task(customer: Customer, *, now: datetime) -> Task:
    """The open task of a customer's grade, made by the engine."""
    touch_and_ask(customers=[customer.pk], now=now)
    return Task.objects.get(customer=customer, state=State.OPEN)


def task_today(customer: Customer, *, now: datetime, text: str = "", **said) -> Task:
    """A next step agreed a day before `now` for the day of `now`: a task on today's list."""
    reached(customer, now=now - timedelta(days=1), on=customer.store.today(now), text=text, **said)
    return Task.objects.filter(customer=customer, state=State.OPEN).latest("pk")
