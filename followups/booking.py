"""What stands beside an appointment: what else is booked then, and its own facts in words."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from core.days import day_text, moment_text
from core.phones import mask_in_text
from core.time_left import TimeLeft
from customers.models import Appointment, Customer, Resource
from customers.queries import appointments as queries
from customers.rules.appointments import Slot, is_outside_hours
from customers.states import AppointmentKind, AppointmentState
from followups.diary import ICONS, TONES, hours_text
from followups.forms import AppointmentForm
from followups.forms.appointments import usual_place
from followups.timeleft import time_left
from staff.models import Person
from staff.scope import Reach


@dataclass(frozen=True, kw_only=True)
class Booked:
    """What a person or a car has on the day; `is_clash` at the very time."""

    hours: str
    text: str
    is_clash: bool


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What is booked on the day that was chosen, and what to think of."""

    day: str = ""
    person: str = ""
    of_person: list[Booked] = field(default_factory=list)
    resource: str = ""
    of_resource: list[Booked] = field(default_factory=list)
    place: str = ""
    opening: str = ""
    is_past: bool = False
    may_book_anyway: bool = False
    is_ticked: bool = False

    @property
    def is_resource_taken(self) -> bool:
        return any(line.is_clash for line in self.of_resource)


def panel_of(
    form: AppointmentForm,
    *,
    customer: Customer,
    reach: Reach,
    now: datetime,
    moved: Appointment | None,
) -> Panel:
    """What else is booked, as far as the form knows when and with whom; three queries at most."""
    slot = form.slot() if form.is_bound else None
    said = form.asked
    if slot is None:
        return Panel()
    zone = customer.store.tzinfo
    but = moved.pk if moved else None
    person, resource = said.get("person"), said.get("resource")
    of_person = _of_person(person, slot, customer=customer, reach=reach, but=but)
    store = customer.store
    outside = is_outside_hours(
        slot=slot, opens_at=store.opens_at, closes_at=store.closes_at, zone=zone
    )
    day = slot.starts_at.astimezone(zone).date()
    return Panel(
        day=f"{day_text(day, today=store.today(now))} {hours_text(slot, zone)}",
        person=person.name if person else "",
        of_person=of_person,
        resource=resource.name if resource else "",
        of_resource=_of_resource(resource, slot, customer=customer, reach=reach, but=but),
        place=mask_in_text(said.get("place") or usual_place(customer, said.get("kind", ""))),
        opening=f"{store.opens_at:%H:%M}–{store.closes_at:%H:%M}" if outside else "",
        is_past=slot.starts_at < now,
        may_book_anyway=any(line.is_clash for line in of_person),
        is_ticked=bool(said.get("anyway")),
    )


def _day_of(slot: Slot, customer: Customer) -> Slot:
    zone = customer.store.tzinfo
    begins = datetime.combine(slot.starts_at.astimezone(zone).date(), time(), zone)
    return Slot(starts_at=begins, ends_at=max(begins + timedelta(days=1), slot.ends_at))


def _of_person(
    person: Person | None, slot: Slot, *, customer: Customer, reach: Reach, but: int | None
) -> list[Booked]:
    if person is None:
        return []
    rows = queries.of_person_at(person=person, slot=_day_of(slot, customer), but=but)
    return _booked(rows, slot, customer=customer, reach=reach)


def _of_resource(
    resource: Resource | None, slot: Slot, *, customer: Customer, reach: Reach, but: int | None
) -> list[Booked]:
    if resource is None:
        return []
    rows = queries.taking(resource=resource, slot=_day_of(slot, customer), but=but)
    return _booked(rows, slot, customer=customer, reach=reach)


def _booked(rows, slot: Slot, *, customer: Customer, reach: Reach) -> list[Booked]:
    """Each with its customer where the reader may know; the hours to everybody."""
    found = list(rows)
    known = set(
        queries.visible(reach).filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True)
    )
    zone = customer.store.tzinfo
    return [
        Booked(
            hours=hours_text(row, zone),
            text=(
                f"{row.get_kind_display()} · {row.customer.shown_name}"
                if row.pk in known
                else _("taken")
            ),
            is_clash=slot.overlaps(Slot(starts_at=row.starts_at, ends_at=row.ends_at)),
        )
        for row in found
    ]


@dataclass(frozen=True, kw_only=True)
class AppointmentShown:
    """One appointment in the words of its page."""

    pk: int
    kind: str
    icon: str
    when: str
    hours: str
    state: str
    tone: str
    due: TimeLeft | None
    facts: list[tuple[str, str]]
    before_url: str
    after_url: str
    move_url: str


def page_of(row: Appointment, *, now: datetime) -> AppointmentShown:
    """The facts of an appointment; what people typed has its numbers masked."""
    zone = row.customer.store.tzinfo
    today = now.astimezone(zone).date()
    facts = [
        (_("With whom"), row.person.name),
        (_("Car, crew or room"), row.resource.name if row.resource else ""),
        (_("Place"), mask_in_text(row.place)),
        (_("Opportunity"), mask_in_text(str(row.opportunity)) if row.opportunity else ""),
        (_("Note"), mask_in_text(row.note)),
        (_("Booked by"), f"{row.made_by.name}, {moment_text(row.made_at, now=now)}"),
        (_("Result"), mask_in_text(row.result)),
        (_("Closed by"), _closed(row, now=now)),
    ]
    is_open = row.state == AppointmentState.BOOKED
    earlier = Appointment.objects.filter(moved_to=row.pk).values_list("pk", flat=True).first()
    return AppointmentShown(
        pk=row.pk,
        kind=row.get_kind_display(),
        icon=ICONS[AppointmentKind(row.kind)],
        when=day_text(row.starts_at.astimezone(zone).date(), today=today),
        hours=hours_text(row, zone),
        state=row.get_state_display(),
        tone=TONES[AppointmentState(row.state)],
        due=(
            time_left(due_at=row.starts_at, is_timed=True, has_hour_limit=False, now=now, zone=zone)
            if is_open
            else None
        ),
        facts=[(label, value) for label, value in facts if value],
        before_url=_url(earlier),
        after_url=_url(row.moved_to_id),
        move_url=reverse("followups:move_appointment", args=[row.pk]),
    )


def _url(pk: int | None) -> str:
    return reverse("followups:appointment", args=[pk]) if pk else ""


def _closed(row: Appointment, *, now: datetime) -> str:
    if row.closed_by is None or row.closed_at is None:
        return ""
    return f"{row.closed_by.name}, {moment_text(row.closed_at, now=now)}"
