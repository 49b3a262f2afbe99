"""Who may do what with an order that they see."""

from collections.abc import Iterable

from core.phones import mask_in_text
from customers.models import Customer
from customers.queries import visible
from orders.models import Order, Quote
from orders.queries.visible import ORDER_DUTIES
from orders.states import CLOSED_ORDERS
from staff.scope import MONEY_ROLES, ORDER_READERS, ORDERING_ROLES, RELEASING_ROLES, Reach
from staff.states import DutyKind, Role


def may_read(reach: Reach) -> bool:
    """Whether this person reads orders at all; which ones, `visible_orders` says."""
    return reach.has_role(ORDER_READERS) or bool(reach.duties & ORDER_DUTIES)


def may_write(reach: Reach) -> bool:
    """Whether this person writes down what is ordered, on orders that they see."""
    return reach.has_role(ORDERING_ROLES) or DutyKind.ORDER_DESK in reach.duties


def may_write_on(paper: Order | Quote, reach: Reach) -> bool:
    """Whether this person writes on this order or quote: whoever serves its customer, sold it or
    leads its store, and the order desk. A duty that shows a store's orders to somebody
    who sells opens them for reading (matrix §3).
    """
    if DutyKind.ORDER_DESK in reach.duties:
        return True
    if not reach.has_role(ORDERING_ROLES):
        return False
    mine = {paper.seller_id, paper.customer.owner_id} & set(reach.acts_for)
    return bool(mine) or paper.store_id in reach.store_ids


def may_change(order: Order, reach: Reach) -> bool:
    """Whether this person may change this order, which is not closed."""
    return order.state not in CLOSED_ORDERS and may_write_on(order, reach)


def may_check(order: Order, reach: Reach) -> bool:
    """Whether this person checks it (ORD-32): its clerk, the order desk or a manager; never who
    sold it.
    """
    if order.seller_id == reach.person_id:
        return False
    is_desk = DutyKind.ORDER_DESK in reach.duties or order.clerk_id == reach.person_id
    return is_desk or reach.has_role(RELEASING_ROLES)


def sees_card(paper: Order | Quote, reach: Reach) -> bool:
    """Whether this person may open the customer's card; selling to somebody opens none."""
    return visible(reach).filter(pk=paper.customer_id).exists()


def cards_seen(customers: Iterable[int], reach: Reach | None) -> set[int]:
    """Of these customers those whose card this person may open; `reach` None opens all."""
    ids = set(customers)
    if reach is None or not ids:
        return ids
    return set(visible(reach).filter(pk__in=ids).values_list("pk", flat=True))


def accounts_seen(customers: Iterable[int], reach: Reach | None) -> set[int]:
    """Of these customers those of whom this person may know all that they owe, wherever they
    bought: who may open the card, and finance. Selling to somebody opens that order alone.
    """
    ids = set(customers)
    is_finance = reach is not None and reach.role == Role.FINANCE
    return ids if is_finance else cards_seen(ids, reach)


def name_of(paper: Order | Quote, *, is_card_seen: bool) -> str:
    """The customer's name as this reader may know it: the card's, else what the seller was told."""
    customer: Customer = paper.customer
    return customer.shown_name if is_card_seen else mask_in_text(paper.buyer)


def may_move(order: Order, reach: Reach) -> bool:
    """Whether this person moves its goods and hands them over: whoever serves the customer or the
    store, operations, and whoever has the duty of the order desk or of deliveries (matrix §3).
    """
    if DutyKind.DELIVERY in reach.duties or reach.role == Role.OPS_MANAGER:
        return True
    return may_write_on(order, reach)


def may_close(reach: Reach) -> bool:
    """Whether this person settles orders and archives them (ORD-08)."""
    return reach.has_role(MONEY_ROLES)
