"""Deliveries of an order and what went wrong with its goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from core.days import day_text, moment_text
from core.phones import mask_in_text
from customers.states import GoneReason
from orders.models import Delivery, DeliveryLine, Incident, Order
from orders.rules.checklists import checklist
from orders.services.delivery_mistakes import blockers_of_mending
from orders.showing.acts import Act
from orders.showing.reader import Reader
from orders.states import CLOSED_ORDERS, Checked
from staff.models import Person


@dataclass(frozen=True, kw_only=True)
class Handed:
    """One delivery: what, when, who signed; taken back, it stays readable (decision 12)."""

    day: str
    pieces: list[str]
    signed_by: str
    checked: str
    note: str
    installed: str
    noted: str
    voided: str
    gone: str
    acts: list[Act]


@dataclass(frozen=True, kw_only=True)
class Deliveries:
    """The section of what was handed over."""

    rows: list[Handed]


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One thing that went wrong, mended or not."""

    kind: str
    product: str
    note: str
    noted: str
    remedy: str
    solved: str
    case_url: str
    acts: list[Act]

    @property
    def is_open(self) -> bool:
        return not self.solved


@dataclass(frozen=True, kw_only=True)
class Incidents:
    """The section of what went wrong, what is not mended first."""

    rows: list[Trouble]


def deliveries_of(order: Order, *, reader: Reader, now: datetime) -> Deliveries | None:
    """The section; None as long as nothing was handed over."""
    rows = list(
        Delivery.objects.filter(order=order)
        .select_related("noted_by", "voided_by", "product")
        .order_by("-delivered_on", "-pk")
    )
    if not rows:
        return None
    pieces: dict[int, list[DeliveryLine]] = {}
    of_rows = DeliveryLine.objects.filter(delivery__in=rows).select_related("line", "product")
    for piece in of_rows.order_by("line__position"):
        pieces.setdefault(piece.delivery_id, []).append(piece)
    may_move = reader.may_move and order.state not in CLOSED_ORDERS
    return Deliveries(
        rows=[
            _handed(order, row, pieces.get(row.pk, []), reader=reader, may_move=may_move, now=now)
            for row in rows
        ]
    )


def _handed(
    order: Order,
    row: Delivery,
    pieces: Sequence[DeliveryLine],
    *,
    reader: Reader,
    may_move: bool,
    now: datetime,
) -> Handed:
    today = order.store.today(now)
    return Handed(
        day=_hour(order, row, today=today),
        pieces=[_piece(piece) for piece in pieces],
        signed_by=mask_in_text(row.signed_by),
        checked=" · ".join(str(Checked(each).label) for each in row.checked),
        note=mask_in_text(row.note),
        installed=day_text(row.installed_on, today=today) if row.installed_on else "",
        noted=f"{row.noted_by.name} · {moment_text(row.noted_at, now=now)}",
        voided=_voided(row, now=now),
        gone="" if row.voided_at else _gone(row, pieces, today=today),
        acts=_acts(order, row, reader=reader, now=now)
        if may_move and row.voided_at is None
        else [],
    )


def _hour(order: Order, row: Delivery, *, today: date) -> str:
    """The day, and the hour where the store is, as it was typed."""
    text = day_text(row.delivered_on, today=today)
    at = row.delivered_at
    return f"{text} {at.astimezone(order.store.tzinfo):%H:%M}" if at else text


def _piece(piece: DeliveryLine) -> str:
    text = mask_in_text(piece.line.product)
    text = text if piece.qty == 1 else f"{text} × {piece.qty}"
    return f"{text} · {mask_in_text(piece.serial)}" if piece.serial else text


def _voided(row: Delivery, *, now: datetime) -> str:
    if row.voided_at is None or row.voided_by is None:
        return ""
    said = {"who": row.voided_by.name, "when": moment_text(row.voided_at, now=now)}
    told = _("Taken back by %(who)s, %(when)s") % said
    return f"{told}: {mask_in_text(row.void_reason)}"


def _gone(row: Delivery, pieces: Sequence[DeliveryLine], *, today: date) -> str:
    """What of it is no longer with the customer, as their card says."""
    products = [row.product, *(piece.product for piece in pieces)]
    reasons = [
        f"{GoneReason(each.gone_reason).label}, {day_text(each.gone_on, today=today)}"
        for each in products
        if each is not None and each.gone_on is not None
    ]
    if not reasons:
        return ""
    return _("No longer on the card: %(why)s") % {"why": " · ".join(reasons)}


def _acts(order: Order, row: Delivery, *, reader: Reader, now: datetime) -> list[Act]:
    acts = []
    if Checked.INSTALLED in checklist(order.store.trade) and row.installed_on is None:
        url = reverse("orders:installed", args=[row.pk])
        acts.append(Act(label=_("Installed"), url=url, icon="circle-check"))
    by = Person(pk=reader.reach.person_id, role=reader.reach.role)
    if not blockers_of_mending(row, by=by, now=now):
        for name, label, icon in (
            ("correct_delivery", _("Correct the day"), "calendar"),
            ("void_delivery", _("Take back"), "x"),
        ):
            acts.append(Act(label=label, url=reverse(f"orders:{name}", args=[row.pk]), icon=icon))
    return acts


def incidents_of(order: Order, *, reader: Reader, now: datetime) -> Incidents | None:
    """The section; None as long as nothing went wrong."""
    rows = Incident.objects.filter(order=order).select_related("line", "opened_by", "solved_by")
    found = sorted(rows, key=lambda row: (row.solved_at is not None, -row.pk))
    if not found:
        return None
    return Incidents(rows=[_trouble(row, reader=reader, now=now) for row in found])


def _trouble(row: Incident, *, reader: Reader, now: datetime) -> Trouble:
    solved = ""
    if row.solved_at is not None and row.solved_by is not None:
        solved = f"{row.solved_by.name} · {moment_text(row.solved_at, now=now)}"
    acts = []
    if reader.may_move and not solved:
        url = reverse("orders:solve", args=[row.pk])
        acts.append(Act(label=_("Mended"), url=url, icon="circle-check"))
    if reader.may_move and row.case_id is None and not solved:
        url = reverse("orders:incident_case", args=[row.pk])
        acts.append(Act(label=_("Open a service case"), url=url, icon="message"))
    sees_case = row.case_id is not None and reader.sees_card
    return Trouble(
        kind=row.get_kind_display(),
        product=mask_in_text(row.line.product) if row.line else "",
        note=mask_in_text(row.note),
        noted=f"{row.opened_by.name} · {moment_text(row.opened_at, now=now)}",
        remedy=mask_in_text(row.remedy),
        solved=solved,
        case_url=reverse("followups:case", args=[row.case_id]) if sees_case else "",
        acts=acts,
    )
