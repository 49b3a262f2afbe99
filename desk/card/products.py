"""What the customer owns: a panel a product, with what happened to it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.amounts import money_text
from core.days import date_text
from core.models import AuditEntry
from core.phones import mask_in_text
from core.rules import TAKE_BACK_WITHIN
from customers.models import OwnedProduct, ProductEvent
from customers.queries import MaskedCustomer, products_of
from customers.rules import take_back_blockers
from customers.showing.products import missing_words, odd_words
from customers.states import GoneReason, ProductEventKind, Replacement
from desk.card.facts import Fact
from desk.card.files import PictureShown, picture_shown
from orders.queries.on_card import OrderOfProduct, orders_of_products
from orders.states import OrderState
from staff.scope import (
    ATTACHMENT_ROLES,
    ORDER_READERS,
    REASSIGNING_ROLES,
    REGISTERING_ROLES,
    Reach,
)


@dataclass(frozen=True)
class EventLine:
    """One thing that happened to a product."""

    when: str
    title: str
    text: str
    who: str
    is_voided: bool
    void_url: str


@dataclass(frozen=True)
class Panel:
    """One product. Addresses are "" and lists empty where the reader may not."""

    pk: int
    name: str
    gone: str
    gone_note: str
    missing: str
    odd: list[str]
    order: dict[str, str]
    facts: list[Fact]
    note: str
    events: list[EventLine]
    replacements: list[dict[str, object]]
    pictures: list[PictureShown]
    acts: list[dict[str, str]]
    edit_url: str
    event_url: str


def content(
    customer: MaskedCustomer, *, reader: Reach, request_get: QueryDict, now: datetime
) -> dict[str, object]:
    """What the tab shows: products, a list of Panel; add_url and print_url."""
    products = list(products_of(customer))
    just_ended = _just_ended(products, reader, now=now)
    orders = _orders(products, reader, now=now)
    return {
        "products": [
            _panel(
                product,
                reader,
                now=now,
                may_restore=product.pk in just_ended,
                order=orders.get(product.pk),
            )
            for product in products
        ],
        "add_url": reverse("followups:deliver", args=[customer.pk]) if reader.may_serve else "",
        "print_url": reverse("desk:print_owner_card", args=[customer.pk]),
    }


def _just_ended(
    products: Iterable[OwnedProduct], reader: Reach, *, now: datetime
) -> Collection[int]:
    """Which of those that are gone this reader may take back: a manager all, whoever said so
    theirs, within ten minutes.
    """
    gone = [product.pk for product in products if product.gone_on]
    if not gone or reader.has_role(REASSIGNING_ROLES):
        return gone
    said = AuditEntry.objects.filter(
        object_type=OwnedProduct._meta.label_lower,
        object_id__in=gone,
        verb="end_product",
        by=reader.person_id,
        at__gte=now - TAKE_BACK_WITHIN,
    )
    return {pk for pk in said.values_list("object_id", flat=True) if pk is not None}


def _orders(
    products: Collection[OwnedProduct], reader: Reach, *, now: datetime
) -> Mapping[int, OrderOfProduct]:
    """Which order brought each, as far as this reader reads orders."""
    if not reader.has_role(ORDER_READERS):
        return {}
    ids = [product.pk for product in products]
    return orders_of_products(ids, reach=reader, today=timezone.localdate(now))


def _order_said(order: OrderOfProduct | None) -> dict[str, str]:
    if order is None:
        return {}
    return {
        "url": reverse("orders:order", args=[order.pk]),
        "number": order.number,
        "state": str(order.state.label),
    }


def _contradiction(product: OwnedProduct, order: OrderOfProduct | None) -> list[str]:
    """What came back, or was a mistake, on the card alone: its order knows nothing of it."""
    is_undone = product.gone_reason in (GoneReason.RETURNED, GoneReason.MISTAKE)
    if order is None or not is_undone or order.came_back:
        return []
    if order.state == OrderState.CANCELLED:
        return []
    told = {"number": order.number}
    return [_("Order %(number)s still counts it as delivered. Write the return there.") % told]


def _panel(
    product: OwnedProduct,
    reader: Reach,
    *,
    now: datetime,
    may_restore: bool,
    order: OrderOfProduct | None,
) -> Panel:
    is_here, today = product.gone_on is None, timezone.localdate(now)
    serves = reader.may_serve and is_here
    edit_url = reverse("followups:change_product", args=[product.pk]) if serves else ""
    events = list(product.events.all())
    name, gone = panel_name(product, today=today)
    return Panel(
        pk=product.pk,
        name=name,
        gone=gone,
        gone_note=mask_in_text(product.gone_note),
        missing=missing_words(product) if is_here else "",
        odd=odd_words(product) if is_here else _contradiction(product, order),
        order=_order_said(order),
        facts=facts_of_product(product, events, today=today),
        note=mask_in_text(product.note),
        events=[_line(event, reader, now=now) for event in events],
        replacements=_replacements(product, may_choose=serves),
        pictures=_pictures(product, reader, now=now),
        acts=_acts(product, reader, may_restore=may_restore),
        edit_url=edit_url,
        event_url=reverse("followups:product_event", args=[product.pk]) if serves else "",
    )


def _pictures(product: OwnedProduct, reader: Reach, *, now: datetime) -> list[PictureShown]:
    if not reader.has_role(ATTACHMENT_ROLES):
        return []
    return [picture_shown(each, now=now) for each in product.attachments.all()]


def panel_name(product: OwnedProduct, *, today: date) -> tuple[str, str]:
    """The product's name, and why it is no longer there, if it is not."""
    return mask_in_text(product.product), _gone(product, today=today)


def _gone(product: OwnedProduct, *, today: date) -> str:
    if product.gone_on is None:
        return ""
    reason = GoneReason(product.gone_reason).label
    return _("%(reason)s, %(day)s") % {
        "reason": reason,
        "day": date_text(product.gone_on, today=today),
    }


def facts_of_product(
    product: OwnedProduct, events: Iterable[ProductEvent], *, today: date
) -> list[Fact]:
    """What is known of the product; empty lines are left out."""

    def day(on: date | None) -> str:
        return date_text(on, today=today) if on else ""

    lines = [
        (_("Serial or VIN"), product.serial),
        (_("Plate"), product.plate),
        (_("Engine no."), product.engine_no),
        (_("Colour"), product.colour),
        (_("Delivered"), day(product.delivered_on)),
        (_("Bought"), day(product.purchased_on)),
        (_("Invoice"), day(product.invoice_on)),
        (_("Price"), money_text(product.price) if product.price else ""),
        (_("Payment"), product.payment),
        (_("Sold by"), product.sold_by.name if product.sold_by else ""),
        (_("Store"), product.store.name),
        (_("First service"), _first_service(product, events, today=today)),
        (_("Warranty until"), _until(product.warranty_until, today=today)),
        (_("Insurer"), product.insurer),
        (_("Policy no."), product.policy_no),
        (_("Insured until"), _until(product.insurance_until, today=today)),
    ]
    return [Fact(label, mask_in_text(value)) for label, value in lines if value]


def _until(day: date | None, *, today: date) -> str:
    if day is None:
        return ""
    text = date_text(day, today=today)
    return text if day >= today else _("%(day)s, run out") % {"day": text}


def _km(number: int) -> str:
    return _("%(number)s km") % {"number": number_format(number, force_grouping=True)}


def _first_service(product: OwnedProduct, events: Iterable[ProductEvent], *, today: date) -> str:
    """When it was done, else by when and how many kilometres it is due."""
    done = next(
        (
            event
            for event in events
            if event.kind == ProductEventKind.FIRST_SERVICE and event.voided_at is None
        ),
        None,
    )
    on = done.on if done else product.first_service_on
    km = done.mileage if done else product.first_service_km
    parts = [date_text(on, today=today) if on else "", _km(km) if km else ""]
    told = _(", ").join(filter(None, parts))
    if done:
        return _("done %(when)s") % {"when": told}
    return _("due %(when)s") % {"when": told} if told else ""


def event_text(event: ProductEvent, *, today: date) -> str:
    """Kilometres, amount, insurer and until when, and what was remarked."""
    parts = [
        _km(event.mileage) if event.mileage else "",
        money_text(event.amount) if event.amount else "",
        event.insurer,
        _("until %(day)s") % {"day": date_text(event.insured_until, today=today)}
        if event.insured_until
        else "",
        event.text,
    ]
    return mask_in_text(_(", ").join(filter(None, parts)))


def _line(event: ProductEvent, reader: Reach, *, now: datetime) -> EventLine:
    today = timezone.localdate(now)
    remark = ""
    if event.voided_by is not None:
        remark = _("Taken back by %(person)s: %(reason)s") % {
            "person": event.voided_by.name,
            "reason": mask_in_text(event.void_reason),
        }
    return EventLine(
        when=date_text(event.on, today=today),
        title=str(ProductEventKind(event.kind).label),
        text=" ".join(filter(None, [event_text(event, today=today), remark])),
        who=event.noted_by.name,
        is_voided=event.voided_at is not None,
        void_url=_void_url(event, reader, now=now),
    )


def _void_url(event: ProductEvent, reader: Reach, *, now: datetime) -> str:
    blockers = take_back_blockers(
        is_own=event.noted_by_id == reader.person_id,
        is_manager=reader.has_role(REASSIGNING_ROLES),
        noted_at=event.noted_at,
        now=now,
    )
    if blockers or event.voided_at or event.kind == ProductEventKind.TRANSFER:
        return ""
    return reverse("followups:void_product_event", args=[event.pk])


def _replacements(product: OwnedProduct, *, may_choose: bool) -> list[dict[str, object]]:
    if not may_choose:
        return []
    address = reverse("followups:product_replacement", args=[product.pk])
    return [
        {
            "label": label,
            "url": f"{address}?to={value}",
            "is_chosen": value == product.replacement,
        }
        for value, label in Replacement.choices
    ]


def _acts(product: OwnedProduct, reader: Reach, *, may_restore: bool) -> list[dict[str, str]]:
    """What this reader may do with the product, behind the dots."""
    is_here = product.gone_on is None
    offered = [
        (is_here and reader.may_serve, "change_product", _("Change the product"), "edit"),
        (is_here and reader.may_serve, "product_event", _("Note what happened"), "plus"),
        (
            is_here and reader.has_role(REGISTERING_ROLES),
            "end_product",
            _("No longer there"),
            "archive",
        ),
        (may_restore, "restore_product", _("It is there after all"), "refresh"),
    ]
    return [
        {"label": label, "url": reverse(f"followups:{name}", args=[product.pk]), "icon": icon}
        for may, name, label, icon in offered
        if may
    ]
