"""Deliveries that were recorded wrongly: another day, or none at all; and what comes after them.

A delivery is never edited in what it claims: its day is corrected with a reason, a mistake is
voided and stays readable (decision 12).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from customers import services as customers
from customers.models import OwnedProduct
from customers.rules import take_back_blockers
from customers.services import ProductDetails, version_of_product
from customers.services.products import DETAILS, tie_to_orders
from followups import services as followups
from orders.models import Delivery, DeliveryLine, Order, OrderEvent, OrderLine, Return
from orders.rules.handing_over import day_blockers
from orders.services import milestones
from orders.services.completing import follow_goods
from orders.services.delivering import products_of
from orders.services.history import note
from orders.services.holding import hold_order
from orders.services.moving import undeliver
from orders.states import EventKind, LineState, MilestoneKind, ReturnState
from staff.models import Person
from staff.scope import REASSIGNING_ROLES


class DeliveryNotChanged(Refused):
    """A delivery was left as it was recorded."""

    messages = {
        "in_future": _("The delivery lies in the future. Record it when it has happened."),
        "before_order": _("This day lies before the order. Check it."),
        "reason_missing": _("Say why."),
        "voided_already": _("This delivery was taken back already."),
        "not_yours_to_take_back": _("Whoever recorded this delivery takes it back, or a manager."),
        "too_late_to_take_back": _(
            "Ten minutes have passed since this was recorded. Ask your manager to mend it."
        ),
        "goods_came_back": _(
            "Goods of this delivery came back, or are asked to. Settle that before anything else."
        ),
        "installed_before": _("The installation lies before the delivery. Check the day."),
    }


@dataclass(frozen=True, kw_only=True)
class When:
    """The day of a delivery, and its hour where it is known."""

    on: date
    at: datetime | None = None


def blockers_of_mending(delivery: Delivery, *, by: Person, now: datetime) -> list[Blocker]:
    """What stops `by` from correcting or voiding this delivery; pages say it before."""
    return take_back_blockers(
        is_own=delivery.noted_by_id == by.pk,
        is_manager=by.role in REASSIGNING_ROLES,
        noted_at=delivery.noted_at,
        now=now,
    )


def _held(delivery: Delivery, *, reason: str, by: Person, now: datetime | None) -> tuple:
    """The order held, the delivery locked, the hour. Raises DeliveryNotChanged."""
    held = hold_order(delivery.order)
    at = now or database_now()
    standing = Delivery.objects.select_for_update().get(pk=delivery.pk)
    standing.order = held
    if standing.voided_at is not None:
        raise DeliveryNotChanged.because("voided_already")
    refuse_if(DeliveryNotChanged, blockers_of_mending(standing, by=by, now=at))
    if not reason.strip():
        raise DeliveryNotChanged.because("reason_missing")
    return held, standing, at


@transaction.atomic
def correct_delivery(
    *, delivery: Delivery, when: When, reason: str, by: Person, now: datetime | None = None
) -> Delivery:
    """The goods were handed over on another day or at another hour: open tasks move along, what is
    done stays, and so do what the delivery says of its goods and who signed (T06).

    Whoever recorded it mends it within ten minutes, a manager later. Raises DeliveryNotChanged,
    ProductNotRecorded and OrderNotChanged.
    """
    held, standing, at = _held(delivery, reason=reason, by=by, now=now)
    before = (standing.delivered_on, standing.delivered_at)
    if before == (when.on, when.at):
        return standing
    refuse_if(
        DeliveryNotChanged,
        day_blockers(
            on=when.on,
            at=when.at,
            ordered_on=held.ordered_on,
            today=held.store.today(at),
            now=at,
        ),
    )

    standing.delivered_on, standing.delivered_at = when.on, when.at
    if standing.installed_on is not None and standing.installed_on < when.on:
        standing.installed_on = when.on
        milestones.reach(held, MilestoneKind.INSTALLED, on=when.on, by=by)
    standing.save(update_fields=["delivered_on", "delivered_at", "installed_on"])
    _reach_anew(held, standing, by=by)
    _move_products(standing, when, reason=reason, by=by, now=at)
    follow_goods(held, by=by, now=at)
    note(
        held,
        EventKind.DELIVERY_CORRECTED,
        by=by,
        at=at,
        typed=reason.strip(),
        delivery=standing.pk,
        before=before[0].isoformat(),
        after=when.on.isoformat(),
    )
    return standing


def _reach_anew(held: Order, standing: Delivery, *, by: Person) -> None:
    """Lines that are delivered whole are so since the last of their deliveries."""
    whole = OrderLine.objects.filter(deliveries__delivery=standing, state=LineState.DELIVERED)
    parts = DeliveryLine.objects.filter(line=OuterRef("pk"), delivery__voided_at=None)
    last = parts.order_by("-delivery__delivered_on").values("delivery__delivered_on")[:1]
    lines: dict[date, list[OrderLine]] = defaultdict(list)
    for line in whole.annotate(last_on=Subquery(last)):
        lines[line.last_on].append(line)
    for on, done in lines.items():
        milestones.reach_lines(held, done, MilestoneKind.DELIVERED, on=on, by=by)


def _move_products(
    delivery: Delivery,
    when: When,
    *,
    reason: str,
    by: Person,
    now: datetime,
) -> None:
    """What is still with the customer was handed over then."""
    for product in products_of(delivery):
        if product.gone_on is None:
            _change(product, delivery.order, on=when.on, at=when.at, reason=reason, by=by, now=now)


def _change(
    product: OwnedProduct,
    order: Order,
    *,
    on: date | None,
    at: datetime | None,
    reason: str,
    by: Person,
    now: datetime,
) -> None:
    """The product as it stands, with another delivery or none."""
    followups.change_delivery(
        product=product,
        seen=version_of_product(product),
        name=product.product,
        serial=product.serial,
        sold_by=product.sold_by,
        purchased_on=product.purchased_on,
        delivered_on=on,
        delivered_at=at,
        insurance_until=product.insurance_until,
        details=ProductDetails(**{name: getattr(product, name) for name in DETAILS}),
        by=by,
        now=now,
        reason=reason,
        order_no=order.number,
    )


@transaction.atomic
def void_delivery(
    *, delivery: Delivery, reason: str, by: Person, now: datetime | None = None
) -> Delivery:
    """The delivery never was: its goods are here again, its product goes off the card, and what
    counted from it is worked out anew.

    Whoever recorded it within ten minutes, a manager later. Raises DeliveryNotChanged,
    ProductNotRecorded and OrderNotChanged.
    """
    held, standing, at = _held(delivery, reason=reason, by=by, now=now)
    pieces = list(standing.lines.select_related("line").order_by("line__position"))
    lines = [piece.line for piece in pieces]
    _refuse_returned(lines)

    standing.voided_at, standing.voided_by = at, by
    standing.void_reason = reason.strip()[:200]
    standing.save(update_fields=["voided_at", "voided_by", "void_reason"])
    for piece in pieces:
        piece.line.delivered_qty -= piece.qty
    undeliver(held, lines)
    OrderLine.objects.bulk_update(lines, ["delivered_qty", "state"])
    _follow_installation(held)
    _take_products_back(standing, reason=reason, by=by, now=at)
    follow_goods(held, by=by, now=at)
    customers.propose_grades(customers=[held.customer_id], now=at)
    note(
        held,
        EventKind.DELIVERY_VOIDED,
        by=by,
        at=at,
        typed=reason.strip(),
        delivery=standing.pk,
        on=standing.delivered_on.isoformat(),
    )
    return standing


def _refuse_returned(lines: Iterable[OrderLine]) -> None:
    """Goods that came back, or are asked to, were delivered. Raises DeliveryNotChanged."""
    asked = Return.objects.filter(line__in=lines).exclude(state=ReturnState.REFUSED)
    if asked.exists():
        raise DeliveryNotChanged.because("goods_came_back")


def _take_products_back(delivery: Delivery, *, reason: str, by: Person, now: datetime) -> None:
    """What this delivery put on the card goes off it; a purchase that stood there before is one
    that waits for its goods again.
    """
    told = OrderEvent.objects.filter(
        order=delivery.order, kind=EventKind.DELIVERED, params__delivery=delivery.pk
    ).first()
    awaited = told.params["awaited"] if told is not None else []
    products = products_of(delivery)
    for product in products:
        if product.gone_on is not None:
            continue
        if product.pk in awaited:
            _change(product, delivery.order, on=None, at=None, reason=reason, by=by, now=now)
        else:
            followups.remove_product(product=product, reason=reason, by=by, now=now)
    tie_to_orders({product.pk: "" for product in products})


def _follow_installation(held: Order) -> None:
    """Installed are goods of deliveries that stand."""
    standing = Delivery.objects.filter(order=held, voided_at=None, installed_on__isnull=False)
    if not standing.exists():
        milestones.take_back(held, MilestoneKind.INSTALLED)


@transaction.atomic
def note_installation(
    *, delivery: Delivery, on: date, by: Person, now: datetime | None = None
) -> Delivery:
    """What was delivered is installed since this day.

    Raises DeliveryNotChanged and OrderNotChanged.
    """
    held = hold_order(delivery.order)
    at = now or database_now()
    standing = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if standing.voided_at is not None:
        raise DeliveryNotChanged.because("voided_already")
    if standing.installed_on == on:
        return standing
    if on > held.store.today(at):
        raise DeliveryNotChanged.because("in_future")
    if on < standing.delivered_on:
        raise DeliveryNotChanged.because("installed_before")

    standing.installed_on = on
    standing.save(update_fields=["installed_on"])
    milestones.reach(held, MilestoneKind.INSTALLED, on=on, by=by)
    note(held, EventKind.INSTALLED, by=by, at=at, delivery=standing.pk, on=on.isoformat())
    return standing
