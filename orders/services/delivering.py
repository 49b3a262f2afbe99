"""Handing goods over: the delivery, the product on the card and its plan, at once (AFT-01, ORD-06).

In this order, in one transaction: hold the order; ask the gate; write the delivery, its lines and
what is left of them; write the product, from which the plan of care counts; have order, dues and
tasks follow. Before or after, never between (F15).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services.jobs import store_file
from core.services.once import once
from customers import services as customers
from customers.models import OwnedProduct
from customers.rules import normal_serial
from customers.services import ProductDetails
from customers.services.pictures import CONTENT_TYPE, Picture
from customers.services.products import tie_to_orders
from orders.models import Delivery, DeliveryLine, Order, OrderFile, OrderLine
from orders.rules.handing_over import BETWEEN, Piece, Said, handing_over_blockers, summary
from orders.services import milestones
from orders.services.completing import follow_goods
from orders.services.gate import refuse_if_held
from orders.services.history import note
from orders.services.holding import hold_order
from orders.services.moving import lines_of
from orders.services.people import carer_of
from orders.states import Checked, EventKind, FileKind, LineState, MilestoneKind, OrderState
from staff.models import Person
from staff.states import Trade

LONGEST_NAME = OwnedProduct._meta.get_field("product").max_length or 0
# Dearer than this is not kept on a card.
MOST = Decimal("9999999999.99")


class GoodsNotDelivered(Refused):
    """A delivery was not recorded, or not corrected."""

    messages = {
        "no_lines": _("Choose what was handed over."),
        "not_confirmed": _("The customer has not confirmed this order yet: have it confirmed."),
        "delivered": _("Everything of this order is delivered."),
        "signed_by_missing": _("Say who signed for the goods."),
        "not_checked": _("Go through the list with the customer. Still to do: %(items)s."),
        "not_here": _("%(product)s is not here yet. Say first that it arrived."),
        "too_many": _("%(product)s: %(left)s are left to deliver."),
        "one_car_at_a_time": _("%(product)s: hand over one car at a time, each with its VIN."),
        "vin_missing": _("%(product)s: enter the VIN."),
        "in_future": _("The delivery lies in the future. Record it when it has happened."),
        "before_order": _("This day lies before the order. Check it."),
    }


@dataclass(frozen=True, kw_only=True)
class Handed:
    """So many pieces of one line; `serial` is a car's VIN or a serial number."""

    line_id: int
    qty: int
    serial: str = ""


@dataclass(frozen=True, kw_only=True)
class NewDelivery:
    """What was handed over when, who signed, and what was gone through (forms 2.16)."""

    pieces: Sequence[Handed]
    delivered_on: date
    signed_by: str
    checked: Sequence[Checked | str] = ()
    delivered_at: datetime | None = None
    note: str = ""
    photo: Picture | None = None


@transaction.atomic
def deliver_goods(
    *,
    order: Order,
    told: NewDelivery,
    by: Person,
    key: UUID,
    content: str = "",
    now: datetime | None = None,
) -> Delivery:
    """Hand goods of an order over: all of them, or some.

    `key` is the form's own id: sent twice, the same delivery comes back; with other `content` it is
    refused. Raises GoodsNotDelivered, DeliveryHeld, ProductNotRecorded, OrderNotChanged and
    FormOfSomebodyElse.
    """
    with once(key=key, purpose="order_delivery", by=by, content=content) as form:
        if form.result_id:
            return Delivery.objects.get(pk=form.result_id)
        held = hold_order(order)
        at = now or database_now()
        refuse_if_held(held, now=at)
        lines = _checked(held, told, now=at)

        delivery = _write(held, told, lines, by=by, key=key, now=at)
        _hand_over(held, told, lines, by=by)
        bought = _bought_before(held)
        _own(delivery, told, lines, by=by, now=at)
        tie_to_orders({product.pk: held.number for product in products_of(delivery)})

        follow_goods(held, by=by, now=at)
        _note(delivery, held, told, bought=bought, by=by, now=at)
        form.result_id = delivery.pk
    return delivery


def _checked(held: Order, told: NewDelivery, *, now: datetime) -> dict[int, OrderLine]:
    """The lines of which something is handed over, locked. Raises GoodsNotDelivered."""
    if held.state == OrderState.DELIVERED:
        raise GoodsNotDelivered.because("delivered")
    if held.state != OrderState.CONFIRMED:
        raise GoodsNotDelivered.because("not_confirmed")
    if not told.pieces:
        raise GoodsNotDelivered.because("no_lines")
    lines = {line.pk: line for line in lines_of(held, [each.line_id for each in told.pieces])}
    if lines.keys() != {each.line_id for each in told.pieces}:
        raise GoodsNotDelivered.because("no_lines")
    pieces = [
        Piece(
            line_id=each.line_id,
            product=lines[each.line_id].product,
            qty=each.qty,
            left=lines[each.line_id].qty - lines[each.line_id].delivered_qty,
            state=lines[each.line_id].state,
            supply=lines[each.line_id].supply,
            serial=each.serial,
            is_accessory=lines[each.line_id].is_accessory,
        )
        for each in told.pieces
    ]
    found = handing_over_blockers(
        trade=held.store.trade,
        pieces=pieces,
        said=Said(
            delivered_on=told.delivered_on,
            delivered_at=told.delivered_at,
            signed_by=told.signed_by,
            checked=told.checked,
        ),
        ordered_on=held.ordered_on,
        today=held.store.today(now),
        now=now,
    )
    refuse_if(GoodsNotDelivered, [_worded(blocker) for blocker in found])
    return lines


def _worded(blocker: Blocker) -> Blocker:
    """What was not gone through, by its words."""
    if blocker.code != "not_checked":
        return blocker
    items = [str(Checked(each).label) for each in str(blocker.params["items"]).split()]
    return Blocker("not_checked", {"items": BETWEEN.join(items)})


def _write(
    held: Order,
    told: NewDelivery,
    lines: dict[int, OrderLine],
    *,
    by: Person,
    key: UUID,
    now: datetime,
) -> Delivery:
    """The delivery with its lines, and its photo among the papers of the order."""
    photo = None
    if told.photo is not None:
        photo = store_file(
            name="handover.jpg",
            content=told.photo.content,
            content_type=CONTENT_TYPE,
            by=by,
            kept_for=None,
        )
        OrderFile.objects.create(
            order=held, kind=FileKind.HANDOVER, file=photo, added_at=now, added_by=by
        )
    delivery = Delivery.objects.create(
        order=held,
        delivered_on=told.delivered_on,
        delivered_at=told.delivered_at,
        signed_by=told.signed_by.strip(),
        checked=[str(each) for each in told.checked],
        note=told.note.strip()[:400],
        photo=photo,
        installed_on=told.delivered_on if Checked.INSTALLED in told.checked else None,
        noted_at=now,
        noted_by=by,
        key=key,
    )
    DeliveryLine.objects.bulk_create(
        DeliveryLine(
            delivery=delivery,
            line=lines[each.line_id],
            qty=each.qty,
            serial=normal_serial(each.serial),
        )
        for each in told.pieces
    )
    return delivery


def _hand_over(held: Order, told: NewDelivery, lines: dict[int, OrderLine], *, by: Person) -> None:
    """What is left of the lines, and which of them are delivered whole."""
    for each in told.pieces:
        line = lines[each.line_id]
        line.delivered_qty += each.qty
        if line.delivered_qty == line.qty:
            line.state = LineState.DELIVERED
    OrderLine.objects.bulk_update(lines.values(), ["delivered_qty", "state"])
    whole = [line for line in lines.values() if line.state == LineState.DELIVERED]
    milestones.reach_lines(held, whole, MilestoneKind.DELIVERED, on=told.delivered_on, by=by)
    if Checked.INSTALLED in told.checked:
        milestones.reach(held, MilestoneKind.INSTALLED, on=told.delivered_on, by=by)


def _bought_before(held: Order) -> set[int]:
    """What stands on the customer's card as bought and waits for its delivery."""
    waiting = OwnedProduct.objects.filter(
        customer=held.customer_id, delivered_on=None, purchased_on__isnull=False, gone_on=None
    )
    return set(waiting.values_list("pk", flat=True))


def products_of(delivery: Delivery) -> list[OwnedProduct]:
    """What stands on the customer's card for this delivery."""
    ids = [*delivery.lines.values_list("product", flat=True), delivery.product_id]
    products = OwnedProduct.objects.select_related("sold_by", "store").order_by("pk")
    return list(products.filter(pk__in=[pk for pk in ids if pk]))


def _own(
    delivery: Delivery,
    told: NewDelivery,
    lines: dict[int, OrderLine],
    *,
    by: Person,
    now: datetime,
) -> None:
    """What was handed over stands on the customer's card: each car by itself, of other trades the
    delivery as a whole; from it the plan of care counts.
    """
    if delivery.order.store.trade != Trade.CARS:
        goods = [(lines[each.line_id].product, each.qty) for each in told.pieces]
        name = summary(goods, longest=LONGEST_NAME)
        serial = told.pieces[0].serial if len(told.pieces) == 1 else ""
        amount = sum(
            (lines[each.line_id].agreed_price * each.qty for each in told.pieces), Decimal(0)
        )
        delivery.product = _record(
            delivery, name=name, serial=serial, amount=amount, colour="", by=by, now=now
        )
        delivery.save(update_fields=["product"])
        return
    rows = list(DeliveryLine.objects.filter(delivery=delivery, line__is_accessory=False))
    for row in rows:
        line = lines[row.line_id]
        row.product = _record(
            delivery, name=line.product, serial=row.serial, amount=line.agreed_price,
            colour=line.colour, by=by, now=now,
        )  # fmt: skip
    DeliveryLine.objects.bulk_update(rows, ["product"])


def _record(
    delivery: Delivery,
    *,
    name: str,
    serial: str,
    amount: Decimal,
    colour: str,
    by: Person,
    now: datetime,
) -> OwnedProduct:
    """One owned product; whoever cares for the customer is who sold it, as the card has it."""
    order = delivery.order
    return customers.record_product(
        customer=order.customer,
        product=name,
        serial=serial,
        sold_by=carer_of(order),
        purchased_on=order.ordered_on,
        delivered_on=delivery.delivered_on,
        delivered_at=delivery.delivered_at,
        details=ProductDetails(price=min(amount, MOST) or None, colour=colour),
        by=by,
        now=now,
        today=order.store.today(now),
    )


def _note(
    delivery: Delivery,
    held: Order,
    told: NewDelivery,
    *,
    bought: set[int],
    by: Person,
    now: datetime,
) -> None:
    """The line of history, and the grade of somebody who owns something now.

    `awaited` are the products that the customer's card knew as bought: without this delivery they
    wait for their goods again.
    """
    customers.propose_grades(customers=[held.customer_id], now=now)
    note(
        held,
        EventKind.DELIVERED,
        by=by,
        at=now,
        typed=told.note.strip(),
        delivery=delivery.pk,
        on=told.delivered_on.isoformat(),
        pieces=sum(each.qty for each in told.pieces),
        is_whole=held.state == OrderState.DELIVERED,
        awaited=[product.pk for product in products_of(delivery) if product.pk in bought],
    )
