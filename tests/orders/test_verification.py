"""`verify` over orders: what the services wrote is clean, and each check finds one damaged row."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pgtrigger
import pytest
from django.db import connection, transaction

from orders.models import Order
from orders.services.cancelling import cancel_order
from orders.services.commission import pay_commission
from orders.services.credits import offset_credit
from orders.services.dates import Planned, Why, plan_delivery
from orders.services.delivering import Handed, NewDelivery, deliver_goods
from orders.services.goods_back import AskedReturn, ask_return, decide_return
from orders.services.holding import hold_order
from orders.services.settling_returns import settle_return
from orders.services.terms import follow_amount, set_terms
from orders.states import (
    Checked,
    DelayCause,
    LineState,
    OrderState,
    ReturnCause,
    ReturnKind,
    Terms,
)
from orders.verification import CHECKS, paper_differences
from staff.states import Role
from tests.factories import orders as make
from tests.factories.designers import designer
from tests.factories.staff import PersonFactory
from tests.worlds import kept

pytestmark = pytest.mark.django_db

D = date(2026, 3, 18)
NOW = datetime(2026, 3, 18, 4, tzinfo=UTC)
ALL = (Checked.COMPLETE, Checked.UNDAMAGED, Checked.INSTALLED, Checked.EXPLAINED)
SOFA = {"price": 6000, "qty": 2, "state": LineState.READY}
CONFIRMED = {"state": OrderState.CONFIRMED, "promised_on": D, "current_on": D}


def _ordered(seller, number, *, paid=0, terms=None, **said) -> Order:
    """An order with the dues of its terms, some of it paid."""
    row = make.order(seller=seller, lines=(SOFA,), number=number, **CONFIRMED | said)
    with transaction.atomic():
        follow_amount(hold_order(row), now=NOW)
    if terms:
        set_terms(order=row, terms=terms, by=PersonFactory(role=Role.OPS_MANAGER), now=NOW)
    if paid:
        make.payment(row, paid)
        with transaction.atomic():
            follow_amount(hold_order(row), now=NOW)
    row.refresh_from_db()
    return row


def _delivered(seller, number, **said) -> Order:
    row = _ordered(seller, number, **said)
    pieces = [Handed(line_id=line.pk, qty=line.qty) for line in row.lines.all()]
    told = NewDelivery(pieces=pieces, delivered_on=D, signed_by="李先生", checked=ALL)
    deliver_goods(order=row, told=told, by=seller, key=uuid4(), now=NOW)
    row.refresh_from_db()
    return row


def _built() -> None:
    seller = PersonFactory()
    manager = PersonFactory(role=Role.STORE_MANAGER, store=seller.store)
    _ordered(seller, "UNPAID", paid=1000)
    late = _ordered(seller, "LATE", paid=12000)
    why = Why(cause=DelayCause.SUPPLIER)
    plan_delivery(order=late, on=date(2026, 4, 2), plan=Planned(), why=why, by=seller, now=NOW)
    _delivered(seller, "OWING", terms=Terms.ON_DELIVERY, paid=2000)
    earned = _delivered(seller, "EARNED", paid=12000, designer=designer(seller))
    pay_commission(order=earned, amount=Decimal(300), on=D, voucher="P1", by=manager,
                   key=uuid4(), now=NOW)  # fmt: skip
    asked = AskedReturn(kind=ReturnKind.RETURN, cause=ReturnCause.CUSTOMER, qty=1)
    line = earned.lines.select_related("order").get()
    row = ask_return(line=line, asked=asked, by=seller, key=uuid4(), now=NOW)
    row = decide_return(goods_back=row, is_agreed=True, reason="", by=manager, now=NOW)
    settle_return(goods_back=row, by=manager, now=NOW)
    other = _ordered(seller, "OTHER", customer=earned.customer)
    offset_credit(credit=earned.credits.get(), order=other, amount=Decimal(2500),
                  consent="微信同意", by=seller, key=uuid4(), now=NOW)  # fmt: skip
    cancel_order(order=_ordered(seller, "OFF", paid=500), reason="不买了", by=seller, now=NOW)
    done = _delivered(seller, "DONE", paid=12000)
    finance = PersonFactory(role=Role.FINANCE)
    done.payments.update(confirmed_at=NOW, confirmed_by=finance)
    Order.objects.filter(pk=done.pk).update(state=OrderState.SETTLED, settled_at=NOW)


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    with kept(_built, blocker=django_db_blocker):
        yield


def damage(statement: str) -> None:
    """Change rows behind the back of everything that keeps them."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount > 0, "nothing was damaged"


def of(number: str, column: str = "order_id") -> str:
    return f"{column} = (SELECT id FROM orders_order WHERE number = '{number}')"


DAMAGE = (
    ("order_sum", f"UPDATE orders_orderline SET agreed_price = 7000 WHERE {of('UNPAID')}"),
    ("order_sum", "UPDATE orders_order SET unconfirmed = 1 WHERE number = 'UNPAID'"),
    ("order_sum", "UPDATE orders_order SET due_before = 1 WHERE number = 'UNPAID'"),
    ("order_sum", "UPDATE orders_order SET lines_arrived = 0 WHERE number = 'UNPAID'"),
    ("order_overpaid", f"UPDATE orders_payment SET amount = 13000 WHERE {of('LATE')}"),
    (
        "order_settled_while_open",
        "UPDATE orders_payment SET confirmed_at = NULL, confirmed_by_id = NULL"
        f" WHERE {of('DONE')}",
    ),
    ("order_dues", f"UPDATE orders_due SET amount = amount + 1 WHERE {of('UNPAID')}"),
    ("order_due_day", f"UPDATE orders_due SET due_on = due_on + 1 WHERE {of('OWING')}"),
    ("order_due_day", f"UPDATE orders_due SET due_on = NULL WHERE {of('UNPAID')}"),
    ("credit_used", f"UPDATE orders_credit SET used = 1 WHERE {of('EARNED')}"),
    ("line_delivered", f"DELETE FROM orders_deliveryline part USING orders_orderline line"
     f" WHERE line.id = part.line_id AND {of('OWING', 'line.order_id')}"),
    ("line_delivered", f"UPDATE orders_deliveryline part SET qty = 1 FROM orders_orderline line"
     f" WHERE line.id = part.line_id AND {of('OWING', 'line.order_id')}"),
    ("line_returned", f"UPDATE orders_orderline SET returned_qty = 2 WHERE {of('EARNED')}"),
    ("line_state", f"UPDATE orders_orderline SET state = 'ready' WHERE {of('OWING')}"),
    ("line_state", f"UPDATE orders_orderline SET state = 'delivered' WHERE {of('UNPAID')}"),
    ("order_state", "UPDATE orders_order SET state = 'confirmed' WHERE number = 'OWING'"),
    ("order_state", "UPDATE orders_order SET delivered_on = NULL WHERE number = 'OWING'"),
    ("order_state", f"UPDATE orders_orderline SET state = 'open' WHERE {of('OFF')}"),
    ("order_state", "UPDATE orders_order SET state = 'delivered' WHERE number = 'UNPAID'"),
    ("return_unsettled", f"UPDATE orders_return SET settled_on = NULL WHERE {of('EARNED')}"),
    ("delivery_off_card", f"UPDATE orders_delivery SET product_id = NULL WHERE {of('OWING')}"),
    (
        "delivery_product",
        "UPDATE customers_ownedproduct SET delivered_on = NULL, delivered_noted_at = NULL"
        f" WHERE id = (SELECT product_id FROM orders_delivery WHERE {of('OWING')})",
    ),
    (
        "order_day",
        "UPDATE followups_anchorday SET ended_at = now() WHERE anchor = 'order_delivery'",
    ),
    ("order_day", 'UPDATE followups_anchorday SET "on" = "on" + 1 WHERE anchor = \'credit\''),
    (
        "order_day",
        'UPDATE followups_anchorday SET paused_from = "on" WHERE anchor = \'receivable\'',
    ),
    ("order_day", "UPDATE orders_order SET paid = amount WHERE number = 'OWING'"),
    (
        "order_news",
        "UPDATE followups_anchorday SET subject_id = -1 WHERE anchor = 'order_news'",
    ),
    (
        "commission_clawed_back",
        "UPDATE orders_commissionentry SET amount = amount + 1 WHERE kind = 'clawed_back'",
    ),
    (
        "commission_paid",
        "UPDATE orders_commissionentry SET amount = amount + 1 WHERE kind = 'paid'",
    ),
    (
        "of_another_order",
        f"UPDATE orders_orderevent event SET {of('UNPAID')} WHERE line_id IS NOT NULL",
    ),
    ("of_another_order", f"UPDATE orders_delivery SET {of('OTHER')} WHERE {of('OWING')}"),
    (
        "of_another_customer",
        "UPDATE orders_order SET customer_id = (SELECT customer_id FROM orders_order"
        " WHERE number = 'DONE') WHERE number = 'OTHER'",
    ),
    ("order_history", "DELETE FROM orders_orderevent WHERE kind = 'delivered'"),
    ("order_history", "DELETE FROM orders_orderevent WHERE kind = 'credit_made'"),
)  # fmt: skip


@pytest.mark.usefixtures("house")
def test_what_the_services_wrote_is_clean():
    assert list(paper_differences()) == []


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(("check", "statement"), DAMAGE)
def test_each_check_finds_its_damage(check, statement):
    damage(statement)

    assert check in {difference.check for difference in paper_differences()}


@pytest.mark.usefixtures("house")
def test_a_cheque_that_bounced_is_no_money():
    payment = Order.objects.get(number="UNPAID").payments.get()
    damage(
        "INSERT INTO orders_bill (payment_id, number, bank, due_on, state, changed_by_id)"
        f" VALUES ({payment.pk}, '1', '工商银行', '2026-03-20', 'bounced', {payment.taken_by_id})"
    )

    assert [each.check for each in paper_differences()] == ["bill_bounced_but_paid"]


def test_every_check_has_its_damage():
    told = {check for check, _statement in DAMAGE} | {"bill_bounced_but_paid"}
    assert told == {check.name for check in CHECKS}
