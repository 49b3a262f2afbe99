"""What the database knows of a sheet of orders: a handful of questions, however many rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from core.phones import Phone
from customers.models import Access, Customer, CustomerPhone
from customers.queries.designers import visible_designers
from desk.imports.standing import among, key_of
from desk.imports.words import folded
from desk.order_imports.facts import (
    Delivered,
    House,
    KnownLine,
    KnownOrder,
    KnownStore,
    Seller,
    Standing,
)
from orders.models import Delivery, DeliveryLine, Milestone, Order, OrderLine, OrderTerms, Payment
from orders.states import MilestoneKind
from staff.models import Person
from staff.scope import REGISTERING_ROLES, Reach, visible_people, visible_stores
from stock.models import Style


def house_of(reach: Reach) -> House:
    """Stores, sellers, designers and styles that an importer of this reach may name."""
    terms = {row.trade: row for row in OrderTerms.objects.all()}
    stores = {}
    for store in visible_stores(reach).order_by("pk"):
        found = terms.get(store.trade) or OrderTerms(trade=store.trade)
        stores[store.pk] = KnownStore(
            name=store.name,
            trade=store.trade,
            zone=store.tzinfo,
            check_days=found.check_days,
            monthly_days=found.monthly_days,
        )
    sellers = _sellers(visible_people(reach).order_by("pk"))
    designers: dict[str, list[int]] = defaultdict(list)
    for pk, name in visible_designers(reach).order_by("pk").values_list("pk", "name"):
        designers[name.casefold()].append(pk)
    return House(stores=stores, sellers=sellers, designers=designers, styles=_styles())


def _sellers(people: Iterable[Person]) -> dict[str, list[Seller]]:
    """By user name, and by name; a user name goes before a name."""
    by_name: dict[str, list[Seller]] = defaultdict(list)
    by_username = {}
    for person in people:
        seller = Seller(
            id=person.pk,
            name=person.name,
            is_active=person.is_active,
            can_keep=person.is_active and person.role in REGISTERING_ROLES,
        )
        by_name[person.name.strip().casefold()].append(seller)
        by_username[person.username.casefold()] = [seller]
    return {**by_name, **by_username}


def _styles() -> dict[str, tuple[int, Decimal | None]]:
    """Styles by their number, where only one brand has it, with the price on their tag."""
    found: dict[str, list[tuple[int, Decimal | None]]] = defaultdict(list)
    for pk, number, tag_price in Style.objects.order_by("pk").values_list(
        "pk", "number", "tag_price"
    ):
        found[folded(number)].append((pk, tag_price))
    return {number: styles[0] for number, styles in found.items() if len(styles) == 1}


def standing_of(
    *, numbers: Collection[str], phones: Iterable[Phone], sellers: Collection[int], reach: Reach
) -> Standing:
    """All that the database knows of these orders and customers."""
    keys = {key_of(phone) for phone in phones}
    rows = among(CustomerPhone.objects.all(), "key", keys) if keys else CustomerPhone.objects.none()
    by_key = {bytes(key): pk for key, pk in rows.values_list("key", "customer_id")}
    orders = _orders(numbers, reach)
    ids = {*by_key.values(), *(order.customer_id for order in orders.values())}
    cards = among(Customer.objects.all(), "id", ids) if ids else Customer.objects.none()
    told = {pk: (owner, name) for pk, owner, name in cards.values_list("pk", "owner", "name")}
    accesses = Access.objects.filter(person__in=sellers)
    opened = among(accesses, "customer_id", ids) if ids else accesses.none()
    return Standing(
        orders=orders,
        by_key=by_key,
        owners={pk: owner for pk, (owner, _name) in told.items()},
        names={pk: name for pk, (_owner, name) in told.items()},
        accesses=frozenset(opened.values_list("customer_id", "person_id")),
    )


def _orders(numbers: Collection[str], reach: Reach) -> dict[str, KnownOrder]:
    if not numbers:
        return {}
    rows = list(among(Order.objects.all(), "number", list(numbers)).order_by("pk"))
    if not rows:
        return {}
    ids = [row.pk for row in rows]
    stores = set(visible_stores(reach).values_list("pk", flat=True))
    lines, paid = _lines(ids), _paid(ids)
    return {
        row.number: KnownOrder(
            id=row.pk,
            number=row.number,
            ordered_on=row.ordered_on,
            store_id=row.store_id,
            customer_id=row.customer_id,
            state=row.state,
            is_in_reach=row.store_id in stores,
            current_on=row.current_on,
            amount=row.amount or Decimal(0),
            paid=row.paid,
            said={
                "seller": row.seller_id,
                "address": row.address,
                "promised_on": row.promised_on,
                "designer": row.designer_id,
                "paid": max(paid.get(row.pk, Decimal(0)), row.paid),
            },
            lines=lines.get(row.pk, {}),
        )
        for row in rows
    }


def _paid(ids: Sequence[int]) -> dict[int, Decimal]:
    """What was taken for each of these orders and not given back."""
    standing = among(Payment.objects.filter(returned_at=None), "order_id", ids)
    return dict(standing.order_by().values_list("order_id").annotate(total=Sum("amount")))


def _lines(ids: Sequence[int]) -> dict[int, dict[int, KnownLine]]:
    """By order, position → the line as it stands."""
    rows = list(among(OrderLine.objects.all(), "order_id", ids).order_by("pk"))
    days = _days([row.pk for row in rows])
    found: dict[int, dict[int, KnownLine]] = defaultdict(dict)
    for row in rows:
        said: dict[str, Any] = {
            "product": row.product,
            "spec": row.spec,
            "colour": row.colour,
            "qty": row.qty,
            "price": row.agreed_price,
            "supply": row.supply,
            "eta": row.arrives_on,
            "note": row.remark,
            **days.get(row.pk, {}),
        }
        found[row.order_id][row.position] = KnownLine(
            id=row.pk, position=row.position, state=row.state, said=said
        )
    return found


def _days(lines: Sequence[int]) -> Mapping[int, dict[str, Any]]:
    """When the goods of each line arrived and were delivered, as far as they were."""
    if not lines:
        return {}
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    arrived = Milestone.objects.filter(kind=MilestoneKind.ARRIVED, reached_on__isnull=False)
    for line, on in among(arrived, "line_id", lines).values_list("line_id", "reached_on"):
        found[line]["arrived_on"] = on
    standing = Delivery.objects.filter(voided_at=None).values("pk")
    pieces = among(DeliveryLine.objects.filter(delivery__in=standing), "line_id", lines)
    told = pieces.order_by("delivery__delivered_on", "pk").values_list(
        "line_id", "delivery__delivered_on", "delivery__delivered_at"
    )
    for line, on, at in told:
        found[line]["delivered_at"] = Delivered(on=on, at=at)
    return found
