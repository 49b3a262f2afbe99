"""What goes wrong with goods: written down, told to the customer, mended (ORD-36)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from core.services.once import once
from followups import services as followups
from followups.states import CaseChannel, CaseKind
from orders.models import Incident, Order, OrderLine
from orders.services.history import note
from orders.services.holding import hold_order
from orders.services.moving import lines_of
from orders.services.news import have_told
from orders.states import EventKind, IncidentKind
from staff.models import Person

# What a case that arises from an incident may be about.
CASES = (CaseKind.REPAIR, CaseKind.RETURN, CaseKind.COMPLAINT)


class IncidentNotNoted(Refused):
    """What went wrong was not written down, or not said to be mended."""

    messages = {
        "note_missing": _("Say what happened."),
        "remedy_missing": _("Say how it was mended."),
        "solved_already": _("This is mended already."),
        "has_case": _("A service case is open for this already."),
    }


@dataclass(frozen=True, kw_only=True)
class Mishap:
    """What went wrong, with one line or with the order as a whole."""

    kind: IncidentKind | str
    note: str
    line: OrderLine | None = None


@transaction.atomic
def note_incident(
    *, order: Order, told: Mishap, by: Person, key: UUID, now: datetime | None = None
) -> Incident:
    """Something is lost, damaged, wrong, short or late: whoever cares for the customer tells them
    today (ORD-04, ORD-36).

    `key` is the form's own id: sent twice, the same incident comes back. Raises IncidentNotNoted,
    LinesNotMoved and OrderNotChanged.
    """
    if not told.note.strip():
        raise IncidentNotNoted.because("note_missing")
    with once(key=key, purpose="incident", by=by) as form:
        if form.result_id:
            return Incident.objects.get(pk=form.result_id)
        held = hold_order(order)
        at = now or database_now()
        line = lines_of(held, [told.line.pk])[0] if told.line else None

        incident = Incident.objects.create(
            order=held,
            line=line,
            kind=told.kind,
            note=told.note.strip()[:400],
            opened_at=at,
            opened_by=by,
            key=key,
        )

        event = note(
            held,
            EventKind.INCIDENT,
            line=line,
            by=by,
            at=at,
            typed=told.note.strip(),
            incident=incident.pk,
            what=str(told.kind),
        )
        text = f"{held.number} · {line.product}" if line else held.number
        have_told(held, event, text=text, now=at)
        followups.touch_and_ask(customers=[held.customer_id], now=at)
        form.result_id = incident.pk
    return incident


@transaction.atomic
def solve_incident(
    *, incident: Incident, remedy: str, by: Person, now: datetime | None = None
) -> Incident:
    """It is mended, and how. The customer is still told, unless they have been.

    An order that is closed may have its incidents solved. Raises IncidentNotNoted.
    """
    if not remedy.strip():
        raise IncidentNotNoted.because("remedy_missing")
    held = hold_order(incident.order, even_closed=True)
    at = now or database_now()
    solved = Incident.objects.filter(pk=incident.pk, solved_at=None).update(
        solved_at=at, solved_by=by, remedy=remedy.strip()[:400]
    )
    if not solved:
        raise IncidentNotNoted.because("solved_already")

    incident.refresh_from_db()
    note(
        held,
        EventKind.INCIDENT_SOLVED,
        line=incident.line,
        by=by,
        at=at,
        typed=remedy.strip(),
        incident=incident.pk,
        what=incident.kind,
    )
    return incident


@transaction.atomic
def open_case_of(
    *, incident: Incident, kind: CaseKind | str, by: Person, now: datetime | None = None
) -> Incident:
    """Open the service case that this needs, and keep the two together (forms 2.16).

    Raises IncidentNotNoted and CaseNotOpened.
    """
    held = hold_order(incident.order, even_closed=True)
    at = now or database_now()
    standing = Incident.objects.select_related("line").get(pk=incident.pk)
    if standing.case_id is not None:
        raise IncidentNotNoted.because("has_case")
    about = f"{held.number} · {standing.line.product}" if standing.line else held.number
    standing.case = followups.open_case(
        customer=held.customer,
        kind=kind,
        channel=CaseChannel.STORE,
        text=f"{about}：{standing.note}"[:400],
        by=by,
        now=at,
        key=uuid5(standing.key, "case"),
    )
    standing.save(update_fields=["case"])
    return standing
