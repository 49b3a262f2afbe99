"""From the fates of a sheet's orders to what is written of them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from customers.services.value import recount_value
from desk.imports.words import folded
from desk.order_imports.facts import (
    House,
    KnownLine,
    KnownStore,
    OrderFate,
    Seller,
    Standing,
    ToldLine,
)
from desk.order_imports.homes import Homes
from followups import services as followups
from orders.services.following_many import remind_of
from orders.services.importing import Brought, LineFacts, OrderFacts, add_orders
from orders.services.importing_changes import OrderChange, change_orders
from orders.services.importing_deals import settle_filed
from orders.states import Method, Supply
from staff.states import Trade

# Of an order whose sheet does not say how it was paid.
USUAL_METHOD = Method.CARD
COLUMNS = {"ordered_on": "ordered_on", "seller": "seller_id", "address": "address",
           "designer": "designer_id"}  # fmt: skip


def write_new(
    fates: Sequence[OrderFate],
    newcomers: Mapping[int, int],
    standing: Standing,
    house: House,
    brought: Brought,
) -> set[int]:
    """Write the orders that are new; the customers whose they are."""
    if not fates:
        return set()
    owners = [fate.customer_id or newcomers[fate.newcomer] for fate in fates]
    homes = Homes(set(owners), brought)
    facts = [
        _order(fate, customer, homes, standing, house)
        for fate, customer in zip(fates, owners, strict=True)
    ]
    ids = add_orders(facts, brought)
    followups.enrol(customers=sorted(newcomers.values()))
    carers = {pk: one.carer_id for pk, one in zip(ids, facts, strict=True)}
    remind_of(ids, carers=carers, now=brought.now)
    settle_filed(ids, brought)
    recount_value(sorted(set(owners)))
    return set(owners)


def write_changes(
    fates: Sequence[OrderFate], standing: Standing, house: House, brought: Brought
) -> set[int]:
    """Write what becomes different of orders that are known; the customers whose they are."""
    changes = [_change(fate, standing, house) for fate in fates]
    change_orders(changes, brought)
    return {change.facts.customer_id for change in changes}


def _order(
    fate: OrderFate, customer: int, homes: Homes, standing: Standing, house: House
) -> OrderFacts:
    told, store = fate.told, house.stores[fate.told.store_id]
    address = told.said.get("address", "")
    return _facts(
        fate,
        store,
        customer_id=customer,
        project_id=homes.project_for(customer, address=address, trade=store.trade),
        carer_id=_carer(told.said["seller"], customer, standing),
        buyer=told.name or standing.names.get(customer, ""),
        lines=[_line(line, house) for line in told.lines],
    )


def _facts(fate: OrderFate, store: KnownStore, **facts: Any) -> OrderFacts:
    """The order as its sheet tells it; `facts` are those that the house adds."""
    told = fate.told
    return OrderFacts(
        number=told.number,
        ordered_on=told.ordered_on,
        store_id=told.store_id,
        seller_id=told.said["seller"].id,
        is_cars=store.trade == Trade.CARS,
        zone=store.zone,
        check_days=store.check_days,
        monthly_days=store.monthly_days,
        address=told.said.get("address", ""),
        designer_id=told.said.get("designer"),
        promised_on=told.said.get("promised_on"),
        paid=told.said.get("paid", Decimal(0)),
        method=told.said.get("method") or str(USUAL_METHOD),
        **facts,
    )


def _carer(seller: Seller, customer: int, standing: Standing) -> int | None:
    """Who sold, where they see a card that somebody else keeps (`orders.services.people`)."""
    if not seller.is_active or standing.owners.get(customer) == seller.id:
        return None
    return seller.id if (customer, seller.id) in standing.accesses else None


def _line(told: ToldLine, house: House, known: KnownLine | None = None) -> LineFacts:
    """The line as the sheet has it; what the sheet leaves open is as it stands."""
    before = known.said if known else {}
    said = {key: value for key, value in before.items() if value} | dict(told.said)
    style, tag_price = house.styles.get(folded(said["product"]), (None, None))
    delivered = said.get("delivered_at")
    return LineFacts(
        position=told.position,
        product=said["product"],
        qty=said["qty"],
        price=said["price"],
        supply=said.get("supply") or str(_supply(said)),
        style_id=style,
        list_price=tag_price,
        spec=said.get("spec", ""),
        colour=said.get("colour", ""),
        remark=said.get("note", ""),
        arrives_on=said.get("eta"),
        arrived_on=said.get("arrived_on"),
        delivered_on=delivered.on if delivered else None,
        delivered_at=delivered.at if delivered else None,
    )


def _supply(said: Mapping[str, Any]) -> Supply:
    """What somebody awaits was ordered; of the rest the shop says nothing, so that it is there."""
    return Supply.PURCHASE if said.get("eta") or said.get("arrived_on") else Supply.STOCK


def _change(fate: OrderFate, standing: Standing, house: House) -> OrderChange:
    told, known = fate.told, fate.known
    if known is None:
        raise ValueError("an order that changes is known")
    lines = {line.position: line for line in told.lines}
    changed = {
        known.lines[at].id: _line(lines[at], house, known.lines[at]) for at in fate.line_changes
    }
    has_promise = any(change.column == "promised_on" for change in fate.changes)
    return OrderChange(
        order_id=known.id,
        facts=_facts(
            fate,
            house.stores[known.store_id],
            customer_id=known.customer_id,
            project_id=0,
            carer_id=_carer(told.said["seller"], known.customer_id, standing),
            buyer=told.name or standing.names.get(known.customer_id, ""),
        ),
        columns={
            COLUMNS[change.column]: change.after
            for change in fate.changes
            if change.column in COLUMNS
        },
        promised_on=told.said["promised_on"] if has_promise else None,
        paid_more=fate.paid_more,
        new_lines=[_line(lines[at], house) for at in fate.new_lines],
        changed_lines=changed,
    )
