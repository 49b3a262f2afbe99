"""Returns and exchanges: the window, who decides, and all that follows from settling (ORD-37)."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from customers.models import OwnedProduct
from customers.states import GoneReason
from filings.models import Deal
from followups.models import AnchorDay, Case, Chore, Obligation
from followups.services import open_case
from followups.states import Anchor, CaseChannel, CaseKind, ChoreKind, State
from orders.models import CommissionEntry, Credit, Order, OrderEvent, OrderTerms, Return
from orders.queries.commission import commission_in_short
from orders.services.delivering import Handed, NewDelivery, deliver_goods
from orders.services.goods_back import (
    AskedReturn,
    ReturnNotAsked,
    ReturnNotDecided,
    ask_return,
    decide_return,
    open_return_case,
)
from orders.services.lines import LinesNotPlaced, NewLine
from orders.services.settling_returns import Instead, ReturnNotSettled, settle_return
from orders.states import (
    Checked,
    CreditKind,
    EventKind,
    LineState,
    OrderState,
    ReturnCause,
    ReturnKind,
    ReturnState,
)
from staff.states import Role
from tests.factories import orders
from tests.factories.designers import designer
from tests.factories.staff import PersonFactory
from tests.orders.changes import change, to
from tests.orders.stage import deposit, stage

pytestmark = pytest.mark.django_db
D = date(2026, 3, 18)
WHOLE = (Checked.COMPLETE, Checked.UNDAMAGED, Checked.INSTALLED, Checked.EXPLAINED)
SOFA = {"price": 6000, "qty": 2, "state": LineState.READY}
TABLE = {"price": 3000, "state": LineState.READY, "product": "餐桌"}


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def after(days: int) -> date:
    return D + timedelta(days=days)


@pytest.fixture
def seller():
    return PersonFactory()


@pytest.fixture
def manager(seller):
    return PersonFactory(role=Role.STORE_MANAGER, store=seller.store)


def deliver(of, on=D, **pieces):
    """All that is left handed over on a day, or so many pieces of the line at a position."""
    handed = [
        Handed(line_id=line.pk, qty=pieces.get(f"p{line.position}", line.qty - line.delivered_qty))
        for line in of.lines.order_by("position")
        if not pieces or f"p{line.position}" in pieces
    ]
    told = NewDelivery(pieces=handed, delivered_on=on, signed_by="李先生", checked=WHOLE)
    made = deliver_goods(order=of, told=told, by=of.seller, key=uuid4(), now=at(on))
    of.refresh_from_db()
    return made


def delivered(seller, *lines, paid=None, **said):
    """An order whose goods were handed over on D, paid whole unless told."""
    facts = {"promised_on": D, "current_on": D, "state": OrderState.CONFIRMED}
    lines = lines or (SOFA, TABLE)
    whole = sum(line["price"] * line.get("qty", 1) for line in lines)
    order = orders.order(
        seller=seller, lines=lines, paid=whole if paid is None else paid, **facts | said
    )
    deliver(order)
    return order


def ask(order, *, position=1, on=D, key=None, case=None, by=None, **said):
    asked = AskedReturn(
        **{"kind": ReturnKind.RETURN, "cause": ReturnCause.CUSTOMER, "qty": 1} | said
    )
    line = order.lines.select_related("order").get(position=position)
    return ask_return(
        line=line, asked=asked, by=by or order.seller, key=key or uuid4(), case=case, now=at(on)
    )


def decide(row, by, *, is_agreed=True, reason="", on=D):
    return decide_return(goods_back=row, is_agreed=is_agreed, reason=reason, by=by, now=at(on))


def settle(row, by, *, instead=None, on=D):
    return settle_return(goods_back=row, by=by, instead=instead, now=at(on))


def back(order, manager, *, instead=None, **said):
    """A return asked for, agreed and settled."""
    row = decide(ask(order, **said), manager, reason="三包")
    settled = settle(row, manager, instead=instead)
    order.refresh_from_db()
    return settled


def close(order, state=OrderState.SETTLED):
    """Finance has confirmed what is paid and settled the order."""
    order.payments.update(confirmed_at=at(D), confirmed_by=PersonFactory(role=Role.FINANCE))
    Order.objects.filter(pk=order.pk).update(
        state=state, settled_at=at(D), archived_at=at(D) if state == OrderState.ARCHIVED else None
    )


def instead(price=2000, *, promised_on=D + timedelta(days=10), **said):
    line = NewLine(
        product="边几", qty=1, agreed_price=Decimal(price), list_price=Decimal(price), **said
    )
    return Instead(line=line, promised_on=promised_on)


def refused(kind, act, *args, **said):
    with pytest.raises(kind) as caught:
        act(*args, **said)
    return caught.value


def test_day_seven_of_seven_is_taken_and_day_eight_refused_with_the_rule(seller):
    order = delivered(seller)
    assert ask(order, on=after(7)).is_within
    found = refused(ReturnNotAsked, ask, order, on=after(8))
    assert found.codes == ("beyond_window",)
    for text in ("7", "8", D.isoformat(), after(7).isoformat()):
        assert text in str(found)
    assert Return.objects.count() == 1


def test_the_window_counts_to_the_last_second_of_its_day_in_the_zone_of_the_store(seller):
    order = delivered(seller)
    line = order.lines.get(position=1)
    asked = AskedReturn(kind=ReturnKind.RETURN, cause=ReturnCause.CUSTOMER, qty=1)
    last = datetime(2026, 3, 25, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Shanghai
    said = {"line": line, "asked": asked, "by": seller}
    assert ask_return(**said, key=uuid4(), now=last).asked_on == after(7)
    late = last + timedelta(seconds=1)
    assert refused(ReturnNotAsked, ask_return, **said, key=uuid4(), now=late).codes == (
        "beyond_window",
    )  # fmt: skip


def test_a_case_that_was_opened_in_time_keeps_the_window(seller):
    order = delivered(seller)
    case = open_case(
        customer=order.customer, kind=CaseKind.RETURN, channel=CaseChannel.CALL, text="要退",
        by=seller, now=at(after(7)),
    )  # fmt: skip
    row = ask(order, on=after(9), case=case)
    assert (row.asked_on, row.is_within, row.case) == (after(7), True, case)
    other = delivered(PersonFactory())
    assert refused(ReturnNotAsked, ask, other, case=case).codes == ("case_of_another",)


def test_the_days_of_the_trade_hold(seller):
    OrderTerms.objects.update_or_create(trade=seller.store.trade, defaults={"return_days": 15})
    order = delivered(seller)
    assert ask(order, on=after(15)).is_within
    assert refused(ReturnNotAsked, ask, order, on=after(16)).codes == ("beyond_window",)


def test_what_is_our_fault_comes_back_later_with_a_managers_reason(seller, manager):
    row = ask(delivered(seller), on=after(30), cause=ReturnCause.QUALITY)
    assert not row.is_within
    assert refused(ReturnNotDecided, decide, row, manager).codes == ("late_reason_missing",)
    assert decide(row, manager, reason="三包期内开胶").state == ReturnState.AGREED


def test_no_more_comes_back_than_is_with_the_customer(seller, manager):
    order = delivered(seller)
    back(order, manager)
    ask(order)
    assert refused(ReturnNotAsked, ask, order).codes == ("nothing_delivered",)
    assert refused(ReturnNotAsked, ask, order, position=2, qty=2).codes == (
        "more_than_delivered",
    )  # fmt: skip
    open_order = orders.order(seller=seller)
    assert refused(ReturnNotAsked, ask, open_order).codes == ("nothing_delivered",)


def test_the_same_form_twice_is_one_return(seller):
    order, key = delivered(seller), uuid4()
    assert ask(order, key=key) == ask(order, key=key)


def test_a_manager_who_did_not_ask_decides_and_hears_of_it(seller, manager):
    row = ask(delivered(seller))
    chore = Chore.objects.get(kind=ChoreKind.RETURN, dropped_at=None)
    assert (chore.person, chore.subject_id) == (manager, row.pk)
    assert refused(ReturnNotDecided, decide, row, seller).codes == ("not_manager",)
    assert refused(ReturnNotDecided, decide, row, manager, is_agreed=False).codes == (
        "reason_missing",
    )  # fmt: skip
    own = ask(row.order, position=2, by=manager)
    assert refused(ReturnNotDecided, decide, own, manager).codes == ("own_return",)
    decide(row, manager, is_agreed=False, reason="已使用")
    assert refused(ReturnNotDecided, decide, row, manager).codes == ("decided_already",)
    mine = Chore.objects.get(kind=ChoreKind.RETURN, subject_id=row.pk, dropped_at=None)
    assert mine.person == seller
    assert refused(ReturnNotSettled, settle, row, manager).codes == ("refused",)


def test_nothing_is_settled_before_it_is_decided(seller, manager):
    row = ask(delivered(seller))
    assert refused(ReturnNotSettled, settle, row, manager).codes == ("decided_first",)


def test_a_settled_return_is_a_credit_and_less_owed(seller, manager):
    order = delivered(seller)
    row = back(order, manager)
    credit = Credit.objects.get()
    assert (credit.kind, credit.amount, credit.before, credit.after) == (
        CreditKind.RETURNED, 6000, 15000, 9000,
    )  # fmt: skip
    assert credit.refundable_from == after(28)
    assert (row.credit, row.settled_on, row.state) == (credit, D, ReturnState.SETTLED)
    assert (order.amount, order.paid) == (9000, 9000)
    assert sum(order.dues.values_list("amount", flat=True)) == 9000
    assert AnchorDay.objects.filter(anchor=Anchor.CREDIT, subject_id=credit.pk).exists()
    assert order.lines.get(position=1).returned_qty == 1
    assert not Chore.objects.filter(kind=ChoreKind.RETURN, dropped_at=None).exists()
    assert settle(row, manager) == row
    assert Credit.objects.count() == 1
    kinds = OrderEvent.objects.filter(order=order, kind__startswith="return")
    assert list(kinds.order_by("pk").values_list("kind", flat=True)) == [
        EventKind.RETURN_ASKED, EventKind.RETURN_DECIDED, EventKind.RETURN_SETTLED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("paid", "credit"), [(9000, None), (9000.01, "0.01"), (12000, "3000.00"), (0, None)]
)
def test_only_money_that_was_paid_becomes_a_credit(seller, manager, paid, credit):
    order = delivered(seller, paid=Decimal(str(paid)), terms="on_delivery")
    row = back(order, manager)
    assert (row.credit and str(row.credit.amount)) == credit
    assert order.amount == 9000
    assert order.paid == min(Decimal(str(paid)), Decimal(9000))


def test_lines_say_what_came_back_and_add_up_to_their_order(seller, manager, as_):
    order = delivered(seller, SOFA | {"price": 6000, "qty": 2}, TABLE | {"price": 500})
    page, browser = f"/orders/{order.pk}/", as_(seller)
    back(order, manager)
    assert amounts_on(browser.get(page)) == ["¥6,000", "¥500", "¥6,500"]
    back(order, manager, position=2)
    assert amounts_on(browser.get(page)) == ["¥6,000", "¥500", "¥6,000"]
    assert '<tr class="is-gone">' in browser.get(page).content.decode()


def amounts_on(page) -> list[str]:
    """What each line comes to, and all together."""
    table = page.content.decode().partition('<table class="order-lines">')[2]
    amount = r'<td class="num(?: is-amount)?"><b>([^<]*)</b>'
    return re.findall(amount, table.partition("</table>")[0])


def test_goods_that_became_cheaper_meanwhile_come_back_at_what_they_cost_now(seller, manager):
    order = delivered(seller, SOFA)
    row = decide(ask(order), manager)
    cheaper = to(order.lines.get(), price=Decimal(5000))
    change(order, cheaper, by=seller, kind=CreditKind.CHEAPER, now=at(D))
    settled = settle(row, manager)
    order.refresh_from_db()
    assert (settled.amount, order.amount, order.paid) == (5000, 5000, 5000)
    assert [credit.amount for credit in order.credits.order_by("pk")] == [2000, 5000]


def test_a_settled_order_is_so_again_after_a_return(seller, manager):
    order = delivered(seller)
    close(order, OrderState.ARCHIVED)
    back(order, manager)
    assert (order.state, order.amount, order.paid) == (OrderState.ARCHIVED, 9000, 9000)


def test_an_order_that_agreed_with_the_original_says_why_it_no_longer_does(seller, manager):
    order = delivered(seller)
    Order.objects.filter(pk=order.pk).update(original_amount=15000)
    back(order, manager, note="颜色不合适")
    assert order.difference_reason == "颜色不合适"


def test_the_return_of_everything_is_no_deal_any_more_and_the_care_ends(manager, seller):
    cast = stage()
    order = deposit(cast.closer, amount=Decimal(6000)).order
    orders.line(order, price=6000, state=LineState.READY)
    Order.objects.filter(pk=order.pk).update(
        state=OrderState.CONFIRMED, promised_on=date(2026, 3, 20)
    )
    order.refresh_from_db()
    deliver(order, on=date(2026, 3, 20))
    product = OwnedProduct.objects.get()
    row = ask(order, on=date(2026, 3, 21))
    decide(row, cast.manager, on=date(2026, 3, 21))
    assert Deal.objects.get().undone_at is None
    settle(row, cast.manager, on=date(2026, 3, 21))
    order.refresh_from_db()
    assert (order.amount, order.paid) == (0, 0)
    assert Deal.objects.get().undone_at is not None
    product.refresh_from_db()
    assert (product.gone_on, product.gone_reason) == (date(2026, 3, 21), GoneReason.RETURNED)
    owed = Obligation.objects.filter(subject_id=product.pk, step__anchor=Anchor.DELIVERY)
    assert not owed.filter(state=State.OPEN).exists()


def test_a_part_that_comes_back_leaves_the_product_and_the_deal(seller, manager):
    order = delivered(seller)
    back(order, manager)
    assert OwnedProduct.objects.get().gone_on is None
    back(order, manager)
    assert OwnedProduct.objects.get().gone_on is None
    back(order, manager, position=2)
    assert OwnedProduct.objects.get().gone_on == D


def test_goods_returned_at_will_claw_the_commission_back(seller, manager):
    order = delivered(seller, designer=designer(seller))
    assert commission_in_short(order).payable == 1500
    back(order, manager)
    entry = CommissionEntry.objects.get()
    assert (entry.amount, entry.goods_back) == (Decimal("540.00"), Return.objects.get())
    assert commission_in_short(order).payable == 960
    back(order, manager, position=2, cause=ReturnCause.QUALITY)
    assert CommissionEntry.objects.count() == 1


def test_an_exchange_for_less_makes_the_difference_a_credit(seller, manager):
    order = delivered(seller)
    row = back(order, manager, kind=ReturnKind.EXCHANGE, position=2, instead=instead(2000))
    assert (row.new_line.product, row.new_line.position, row.credit.kind) == (
        "边几", 3, CreditKind.EXCHANGED,
    )  # fmt: skip
    assert (row.credit.amount, order.amount, order.paid) == (1000, 14000, 14000)
    assert (order.state, order.delivered_on, order.current_on) == (
        OrderState.CONFIRMED, None, after(10),
    )  # fmt: skip
    assert order.promised_on == D


def test_an_exchange_for_more_is_further_due_and_holds_the_order_open(seller, manager):
    order = delivered(seller)
    close(order)
    row = back(order, manager, kind=ReturnKind.EXCHANGE, position=2, instead=instead(5000))
    assert row.credit is None
    assert (order.amount, order.paid, order.state) == (17000, 15000, OrderState.CONFIRMED)
    assert order.settled_at is None
    assert sum(order.dues.values_list("amount", flat=True)) == 17000


def test_an_exchange_for_the_same_moves_no_money_and_is_delivered_again(seller, manager):
    order = delivered(seller, designer=designer(seller))
    back(order, manager, kind=ReturnKind.EXCHANGE, position=2, instead=instead(3000))
    assert (order.amount, order.paid, Credit.objects.count()) == (15000, 15000, 0)
    assert commission_in_short(order).reckoned.due is None
    order.lines.filter(position=3).update(state=LineState.READY)
    deliver(order, on=after(3), p3=1)
    assert (order.state, order.delivered_on) == (OrderState.DELIVERED, after(3))
    assert commission_in_short(order).payable == 1500


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (None, "instead_missing"),
        (instead(promised_on=None), "promised_missing"),
        (instead(promised_on=D - timedelta(days=1)), "promised_is_past"),
    ],
)
def test_an_exchange_says_what_comes_instead_and_when(seller, manager, said, code):
    row = decide(ask(delivered(seller), kind=ReturnKind.EXCHANGE), manager)
    assert refused(ReturnNotSettled, settle, row, manager, instead=said).codes == (code,)
    row.refresh_from_db()
    assert row.state == ReturnState.AGREED


def test_what_comes_instead_is_held_against_its_floor_and_a_return_has_nothing_instead(
    seller, manager
):
    row = decide(ask(delivered(seller), kind=ReturnKind.EXCHANGE), manager)
    wrong = instead(special_no="TJ-999999")
    assert refused(LinesNotPlaced, settle, row, manager, instead=wrong)
    plain = decide(ask(row.order, position=2), manager)
    assert refused(ReturnNotSettled, settle, plain, manager, instead=instead()).codes == (
        "not_an_exchange",
    )  # fmt: skip


def test_a_return_has_its_case_or_complaint_by_its_channel(seller):
    row, key = ask(delivered(seller), note="沙发异响"), uuid4()
    said = {"kind": CaseKind.COMPLAINT, "channel": CaseChannel.WECHAT, "text": "沙发异响"}
    case = open_return_case(goods_back=row, by=seller, key=key, now=at(D), **said)
    assert (case.kind, case.channel, case.customer) == ("complaint", "wechat", row.order.customer)
    again = open_return_case(goods_back=row, by=seller, key=uuid4(), now=at(D), **said)
    assert (again, Case.objects.count()) == (case, 1)
