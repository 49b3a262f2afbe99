"""What the customer card shows, worded for its reader."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from core.days import date_text, day_text, month, weekday
from core.phones import mask_id, mask_in_text
from core.time_left import TimeLeft, until, until_day
from customers.models import Customer
from customers.queries import MaskedCustomer
from customers.rules import fields_to_complete
from customers.states import Quiet
from followups.models import Obligation
from followups.queries import calendar_of
from followups.states import Anchor, State
from staff.scope import REASSIGNING_ROLES, REGISTERING_ROLES, SERVING_ROLES, Reach

# An hour, or hours from and to: 10:00, 8点, 3-5.
HOURS = re.compile(r"\d\s*(?:[:：点时]|[-–—~～至到]\s*\d)")


@dataclass(frozen=True)
class Head:
    """The top of the card."""

    pk: int
    name: str
    title: str
    grade: str
    need: str
    address: str
    best_time: str
    phone_masked: str
    keeper: str
    store: str
    quiet: str
    is_do_not_contact: bool


@dataclass(frozen=True)
class Fact:
    """One line of the card."""

    label: str
    value: str
    phone_id: int | None = None


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


@dataclass(frozen=True)
class CalendarLine:
    """One line of the calendar of care."""

    when: str
    title: str
    text: str
    aside: str
    kind: str
    due: TimeLeft | None


def _best_time(text: str) -> str:
    """“10:00–12:00” reads as when to call; words such as “weekends, no calls” stand as they are."""
    if not HOURS.search(text) or "不" in text:
        return text
    return _("best called %(time)s") % {"time": text}


def head_of(customer: MaskedCustomer) -> Head:
    return Head(
        pk=customer.pk,
        name=mask_in_text(customer.name),
        title=customer.get_title_display(),
        grade=customer.grade,
        need=_(", ").join(mask_in_text(text) for text in (customer.need, customer.budget) if text),
        address=mask_in_text(customer.address),
        best_time=_best_time(mask_in_text(customer.contact_time)),
        phone_masked=customer.phone or "",
        keeper=customer.owner.name if customer.owner else _("nobody"),
        store=customer.store.name,
        quiet=customer.get_quiet_display() if customer.quiet else "",
        is_do_not_contact=customer.quiet == Quiet.ALL,
    )


def facts_of(customer: MaskedCustomer, reader: Reach, *, today: date) -> list[Fact]:
    """What is known beside the head; empty lines are left out."""
    phones = [
        Fact(_("Phone"), phone.masked, phone.pk if reader.may_reveal else None)
        for phone in customer.phones.order_by("-is_primary", "pk")
    ]
    expected = customer.get_expected_purchase_display()
    if customer.expected_on:
        expected = day_text(customer.expected_on, today=today)
    lines = [
        (_("WeChat"), _wechat(customer, reader)),
        (_("Means to buy"), expected),
        (_("Source"), customer.get_source_display()),
        (_("Referred by"), _referrer(customer)),
        (_("Birthday"), birthday_of(customer)),
        (_("First seen"), day_text(customer.store.today(customer.first_seen_at), today=today)),
        (_("Note"), mask_in_text(customer.note)),
    ]
    return phones + [Fact(label, str(value)) for label, value in lines if value]


def _wechat(customer: MaskedCustomer, reader: Reach) -> str:
    """The id for those who may write to the customer; it may be a number itself."""
    if not reader.may_reveal:
        return mask_id(customer.wechat)
    return mask_in_text(customer.wechat)


def _referrer(customer: MaskedCustomer) -> str:
    return mask_in_text(customer.referrer.name if customer.referrer else customer.referrer_text)


def birthday_of(customer: Customer) -> str:
    """3-12, lunar 8-15, 1985-3-12."""
    if not customer.birth_month:
        return ""
    parts = [customer.birth_year, customer.birth_month, customer.birth_day]
    day = "-".join(str(part) for part in parts if part)
    if customer.birth_is_leap_month:
        return _("lunar, leap month %(day)s") % {"day": day}
    return _("lunar %(day)s") % {"day": day} if customer.birth_is_lunar else day


def missing_of(customer: MaskedCustomer) -> str:
    """What is still to be filled in, in words (DAT-04)."""
    fields = fields_to_complete(
        has_phone=bool(customer.phone),
        address=customer.address,
        need=customer.need,
        expected=customer.expected_purchase or customer.expected_on,
        source=customer.source,
        contact_time=customer.contact_time,
    )
    names = {field.name: field.verbose_name for field in Customer._meta.fields}
    names |= {"phone": _("phone"), "expected": names["expected_purchase"]}
    return _(", ").join(str(names[field]) for field in fields)


def next_step_of(customer: Customer, *, now: datetime, today: date) -> NextStepShown | None:
    """The earliest open obligation, the way to log it, and how long there is.

    What somebody moved stands on the day it was moved to.
    """
    open_ones = Obligation.objects.filter(customer=customer, state=State.OPEN)
    first = (
        open_ones.select_related("step", "assignee", "task")
        .only(
            "due_on", "due_at", "is_timed", "text", "way",
            "step__anchor", "step__name_en", "step__name_zh", "assignee__name",
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
    text = mask_in_text(first.text) or (
        first.get_way_display() if first.step.anchor == Anchor.NEXT_STEP else first.step.name
    )
    return NextStepShown(
        day=str(day.day),
        month=f"{month(day)} {weekday(day)}",
        when=day_text(day, today=today),
        text=text,
        hint=first.assignee.name if first.assignee else _("nobody has it"),
        url=reverse("followups:log", args=[customer.pk]),
        due=left,
    )


def calendar_lines(customer: Customer, *, today: date) -> list[CalendarLine]:
    """The whole calendar of care to month 60; what was moved stands on its new day."""
    planned = _planned_days(customer)
    lines = []
    for day in calendar_of(customer):
        on = planned.get((day.step.pk, day.product.pk, day.due.occurrence), day.due.on)
        lines.append(
            CalendarLine(
                when=date_text(on, today=today),
                title=day.step.name,
                text=mask_in_text(day.product.product),
                aside=day.assignee.name if day.assignee else "",
                kind="" if day.state == State.DONE else "no",
                due=_standing(day.state, on, today=today),
            )
        )
    return lines


def _planned_days(customer: Customer) -> dict[tuple[int, int, int], date]:
    """For what is open: step, subject and occurrence → the day of its task."""
    rows = Obligation.objects.filter(customer=customer, state=State.OPEN, task__isnull=False)
    return {
        (step, subject, occurrence): day
        for step, subject, occurrence, day in rows.values_list(
            "step_id", "subject_id", "occurrence", "task__day"
        )
    }


def _standing(state: str, due_on: date, *, today: date) -> TimeLeft:
    """How long there is for what is open, else the word of its state."""
    if state == State.OPEN:
        return until_day(due_on, today=today)
    word = str(State(state).label) if state in State.values else _("planned")
    return TimeLeft(word, "good" if state == State.DONE else "plain")


def acts_of(customer: MaskedCustomer, reader: Reach) -> list[dict[str, str]]:
    """What this reader may do with the card, behind the dots."""
    offered = [
        (SERVING_ROLES, "desk:regrade", _("Change the grade"), "tag"),
        (SERVING_ROLES, "followups:deliver", _("Record a delivery"), "truck-delivery"),
        (REGISTERING_ROLES, "desk:quiet", _("Do not contact"), "lock"),
        (REASSIGNING_ROLES, "desk:assign", _("Change the keeper"), "users"),
    ]
    return [
        {"label": label, "url": reverse(name, args=[customer.pk]), "icon": icon}
        for roles, name, label, icon in offered
        if reader.has_role(roles)
    ]
