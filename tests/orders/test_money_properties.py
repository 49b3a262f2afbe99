"""Money after any history of acts: every sum is that of its rows, nothing is lost or doubled.

Random acts go through the services as people's do; a refusal is an answer, anything else is not.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.refusals import Refused
from orders.models import Credit, CreditUse, Due, Order, OrderLine, Payment
from orders.rules.terms import Instalment
from orders.services.cancelling import cancel_order
from orders.services.confirming import confirm_payment, reject_payment
from orders.services.credits import ask_refund, offset_credit, pay_refund, refuse_refund
from orders.services.gate import open_before
from orders.services.holding import hold_order
from orders.services.returning import return_payment, void_payment
from orders.services.terms import follow_amount, set_terms
from orders.states import CreditKind, CreditUseKind, Method, Terms
from tests.examples import examples
from tests.factories import orders as make
from tests.orders.changes import change, to
from tests.orders.money import Till, kept_right, later, order_of, owed_rightly, pay, till, total

pytestmark = pytest.mark.django_db
CENT = Decimal("0.01")


@dataclass
class World:
    """Two orders of one customer, and whoever has to do with their money."""

    cast: Till
    orders: list[Order]
    done: list[str] = field(default_factory=list)
    days: int = 0

    def pick(self, rows, at: float):
        """One of these rows, whichever `at` (0 to 1) points to."""
        found = list(rows.order_by("pk"))
        return found[int(at * (len(found) - 1))] if found else None

    def order(self, at: float) -> Order:
        order = self.orders[at > 0.5]
        order.refresh_from_db()
        return order


def share(amount: Decimal | None, part: float) -> Decimal:
    """A part of an amount, to the cent; more than all of it where `part` is over 1."""
    return ((amount or Decimal(900)) * Decimal(part)).quantize(CENT)


def take(world: World, where: float, part: float) -> None:
    order = world.order(where)
    amount = share(order.amount, part)
    pay(order, amount, by=world.cast.colleague, now=later(days=world.days),
        method=Method.TRANSFER if part > 0.5 else Method.CASH)  # fmt: skip


def standing(world: World) -> object:
    return Payment.objects.filter(returned_at=None)


def confirm(world: World, where: float, part: float) -> None:
    if payment := world.pick(standing(world), where):
        confirm_payment(payment=payment, by=world.cast.finance, now=later(days=world.days))


def reject(world: World, where: float, part: float) -> None:
    if payment := world.pick(standing(world), where):
        reject_payment(payment=payment, reason="未到账", by=world.cast.finance,
                       now=later(days=world.days))  # fmt: skip


def give_back(world: World, where: float, part: float) -> None:
    if payment := world.pick(standing(world), where):
        return_payment(payment=payment, reason="退", by=world.cast.manager,
                       now=later(days=world.days))  # fmt: skip


def void(world: World, where: float, part: float) -> None:
    if payment := world.pick(standing(world), where):
        void_payment(payment=payment, reason="错", by=world.cast.colleague,
                     now=later(days=world.days))  # fmt: skip


def add_line(world: World, where: float, part: float) -> None:
    order = hold_order(world.order(where))
    make.line(order, price=share(Decimal(1000), part) + CENT, qty=1 + int(part * 3))
    follow_amount(hold_order(order), now=later(days=world.days))


def reduce(world: World, where: float, part: float) -> None:
    order = world.order(where)
    line = world.pick(order.lines, part)
    if line is None:
        return
    if part < 0.5:
        said, kind = to(line, qty=int(line.qty * part)), CreditKind.FEWER
    else:
        said, kind = to(line, price=share(line.agreed_price, part - 0.3)), CreditKind.CHEAPER
    change(order, said, by=world.cast.seller, kind=kind, now=later(days=world.days))


def cancel(world: World, where: float, part: float) -> None:
    if part > 1:
        cancel_order(order=world.order(where), reason="不要了", by=world.cast.manager,
                     now=later(days=world.days))  # fmt: skip


def offset(world: World, where: float, part: float) -> None:
    if credit := world.pick(Credit.objects, where):
        offset_credit(
            credit=credit, order=world.order(1 - where), amount=share(credit.amount, part),
            consent="同意", by=world.cast.seller, key=uuid4(), now=later(days=world.days),
        )  # fmt: skip


def ask(world: World, where: float, part: float) -> None:
    if credit := world.pick(Credit.objects, where):
        ask_refund(credit=credit, amount=share(credit.amount, part), by=world.cast.seller,
                   key=uuid4(), now=later(days=world.days))  # fmt: skip


def decide(world: World, where: float, part: float) -> None:
    use = world.pick(CreditUse.objects.filter(kind=CreditUseKind.REFUND), where)
    if use is None:
        return
    if part < 0.3:
        refuse_refund(use=use, reason="不退", by=world.cast.finance, now=later(days=world.days))
    else:
        pay_refund(use=use, method=Method.CASH, voucher="1", by=world.cast.finance,
                   now=later(days=world.days))  # fmt: skip


def agree(world: World, where: float, part: float) -> None:
    order = world.order(where)
    amount = order.amount or Decimal(0)
    terms = [Terms.PREPAID, Terms.ON_DELIVERY, Terms.INSTALMENTS][int(part * 2)]
    first = share(amount, min(part / 2, 0.9)) if amount else Decimal(0)
    rows = [Instalment(amount=first, on=date(2026, 4, 1)),
            Instalment(amount=amount - first, on=date(2026, 5, 1))]  # fmt: skip
    is_split = terms == Terms.INSTALMENTS
    set_terms(order=order, terms=terms, deposit=Decimal(0) if is_split else first,
              instalments=rows if is_split else (), by=world.cast.seller,
              now=later(days=world.days))  # fmt: skip


def pass_time(world: World, where: float, part: float) -> None:
    world.days += int(part * 20)


def by_hand(world: World, where: float, part: float) -> None:
    """Somebody writes past all services: the sums follow all the same, or it is refused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_orderline SET agreed_price = round(agreed_price * %s, 2) + 0.01"
            " WHERE order_id = %s",
            [str(1 + part), world.order(where).pk],
        )
    order = hold_order(world.order(where), even_closed=True)
    follow_amount(order, now=later(days=world.days))


ACTS: tuple[Callable[[World, float, float], None], ...] = (
    take, take, confirm, reject, give_back, void, add_line, reduce, reduce, cancel, offset, ask,
    decide, agree, pass_time, by_hand,
)  # fmt: skip


def holds(world: World) -> None:
    """What is true after every act."""
    after = f"after {world.done}"
    assert all(kept_right(order) for order in world.orders), after
    assert owed_rightly(), after
    for order in world.orders:
        dues = total(Due.objects.filter(order=order))
        assert dues == (order.amount or 0), after
        assert 0 <= open_before(order) <= (order.amount or 0), after
    refunds = CreditUse.objects.filter(kind=CreditUseKind.REFUND, refused_at=None)
    left = sum((each.amount - each.used for each in Credit.objects.all()), Decimal(0))
    kept = sum((order.paid for order in world.orders), Decimal(0)) + left + total(refunds)
    assert total(standing(world)) == kept, after


@pytest.fixture
def world():
    cast = till()
    first = order_of(cast.seller, {"price": 1200, "qty": 4}, 5000)
    second = order_of(cast.seller, 3000, customer=first.customer)
    for order, amount in ((first, 6000), (first, 3800), (second, 1000)):
        pay(order, amount, by=cast.colleague)
    return World(cast=cast, orders=[first, second])


unit = st.floats(0, 1)


@examples(5)
@given(history=st.lists(st.tuples(st.sampled_from(ACTS), unit, st.floats(0, 1.2)), min_size=6,
                        max_size=12))  # fmt: skip
def test_every_history_of_acts_leaves_every_sum_as_its_rows_say(world, history):
    """Balance = lines − payments − credits; what was ever taken is somewhere, and once."""
    with transaction.atomic():
        world.done, world.days = [], 0
        for act, where, part in history:
            try:
                with transaction.atomic():
                    act(world, where, part)
            except Refused:
                continue
            world.done.append(f"{act.__name__}({where}, {part})")
            holds(world)
        transaction.set_rollback(True)


def write_by_hand(order: Order) -> None:
    """A payment, a line and a credit that no service has seen."""
    person = order.seller_id
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_orderline SET qty = qty + 1 WHERE order_id = %s", [order.pk])
        cursor.execute(
            "INSERT INTO orders_payment (order_id, payer, amount, method, taken_at, taken_by_id,"
            " return_reason, key) VALUES (%s, 'x', 700, 'cash', now(), %s, '', gen_random_uuid())",
            [order.pk, person],
        )
        cursor.execute("DELETE FROM orders_due WHERE order_id = %s", [order.pk])
        cursor.execute(
            "INSERT INTO orders_credit (order_id, customer_id, kind, changed_on, before, after,"
            " amount, refundable_from, handler_id, made_by_id, used, contact_note, key) VALUES"
            " (%s, %s, 'fewer', now(), 1, 0, 200, now(), %s, %s, 0, '', gen_random_uuid())",
            [order.pk, order.customer_id, person, person],
        )


def test_the_sums_follow_what_is_written_past_all_services(world):
    order = world.orders[0]
    write_by_hand(order)
    assert kept_right(order)
    assert (order.paid, order.due_before) == (9800 + 700 - 200, 0)


def test_the_control_without_the_triggers_they_do_not(world):
    order = world.orders[0]
    tables = [model._meta.db_table for model in (Payment, OrderLine, Due, Credit)]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    write_by_hand(order)
    assert not kept_right(order)
