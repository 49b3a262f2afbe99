"""Greetings: one text to one customer, marked as sent once (FUP-11, FUP-12, AFT-23).

No contact, so that no clock moves; outside the guard (decision 19). There is no act for several.
"""

from datetime import date, datetime
from typing import TypedDict

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.days import day_text, moment_text
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from customers.models import Customer
from followups import wording
from followups.models import Greeting, Task
from followups.rules import occasions as rules
from followups.rules import wordings as wording_rules
from followups.services import engine, tasks
from followups.services.holding import hold_of, hold_one
from followups.states import Occasion, SentBy, State, Way
from staff.models import Person


class GreetingNotSent(Refused):
    """A greeting was not marked as sent."""

    messages = {
        "text_missing": _("Write the greeting first."),
        "opening_missing": _("Open politely and by name: “%(called)s”."),
        "signature_missing": _("Sign with company and name: “%(company)s”, “%(sender)s”."),
        "place_left": _("The text still holds the place “%(place)s”. Write what belongs there."),
        "wishes_none": _("This customer wishes no greetings. Nothing was sent."),
        "given_up": _("This customer was given up. Nothing was sent."),
        "already_sent": _("This greeting was sent already: by %(who)s, %(when)s."),
        "task_is_closed": _("This task was closed in the meantime."),
        "too_early": _("The birthday is on %(day)s. Send the greeting then."),
        "not_a_greeting": _("This task is no greeting. Log the contact instead."),
    }


def text_blockers(text: str, *, customer: Customer, signature: wording.Signature) -> list[Blocker]:
    """What is wrong with a text to this customer, signed so (FUP-12)."""
    return wording_rules.sending_blockers(
        text=text,
        called=wording.called(customer),
        company=signature.company,
        sender=signature.sender,
    )


class _Place(TypedDict):
    """What there is one greeting for."""

    customer: Customer
    occasion: Occasion
    on: date
    task: Task | None


def _refuse_if_sent(
    *, customer: Customer, occasion: Occasion, on: date, task: Task | None, now: datetime
) -> None:
    sent = Greeting.objects.filter(customer=customer, occasion=occasion, on=on, task=task)
    before = sent.select_related("sent_by").first()
    if before is not None:
        raise GreetingNotSent.because(
            "already_sent",
            who=before.sent_by.name,
            when=moment_text(before.sent_at, now=now),
        )


def _write(*, now: datetime, **said) -> Greeting:
    """The row; whoever came second is told of the first. Raises GreetingNotSent."""
    try:
        with transaction.atomic():
            return Greeting.objects.create(sent_at=now, **said)
    except IntegrityError:
        where = {name: said[name] for name in ("customer", "occasion", "on", "task")}
        _refuse_if_sent(now=now, **where)
        raise


@transaction.atomic
def send_greeting(
    *,
    customer: Customer,
    occasion: Occasion,
    on: date,
    text: str,
    way: SentBy,
    signature: wording.Signature,
    by: Person,
    now: datetime,
) -> Greeting:
    """Note that this greeting went out, for Friday or a festival. Raises GreetingNotSent."""
    customer = hold_one(customer)
    where = _Place(customer=customer, occasion=occasion, on=on, task=None)
    _refuse_if_sent(**where, now=now)
    refuse_if(GreetingNotSent, rules.greeting_blockers(grade=customer.grade, quiet=customer.quiet))
    refuse_if(GreetingNotSent, text_blockers(text, customer=customer, signature=signature))

    greeting = _write(**where, text=text.strip(), way=way, sent_by=by, now=now)

    audit.record(verb="greet", of=customer, by=by, occasion=occasion, greeting=greeting.pk)
    return greeting


@transaction.atomic
def send_birthday_greeting(
    *, task: Task, text: str, way: SentBy, signature: wording.Signature, by: Person, now: datetime
) -> Greeting:
    """Note that the greeting a task asks for went out; the task is done. Raises GreetingNotSent."""
    customer = hold_of(task)
    fresh = Task.objects.select_related("letter").get(pk=task.pk)
    if fresh.letter is None or fresh.letter.way != Way.GREETING:
        raise GreetingNotSent.because("not_a_greeting")
    where = _Place(customer=customer, occasion=Occasion.BIRTHDAY, on=fresh.day, task=fresh)
    _refuse_if_sent(**where, now=now)
    if fresh.state != State.OPEN:
        raise GreetingNotSent.because("task_is_closed")
    if fresh.day > customer.store.today(now):
        raise GreetingNotSent.because("too_early", day=day_text(fresh.day))
    refuse_if(GreetingNotSent, rules.greeting_blockers(grade=customer.grade, quiet=customer.quiet))
    refuse_if(GreetingNotSent, text_blockers(text, customer=customer, signature=signature))

    greeting = _write(**where, text=text.strip(), way=way, sent_by=by, now=now)
    tasks.close_sent(fresh, by=by, now=now)

    audit.record(verb="greet", of=customer, by=by, occasion=Occasion.BIRTHDAY, greeting=greeting.pk)
    engine.touch_and_ask(customers=[customer.pk], now=now)
    return greeting
