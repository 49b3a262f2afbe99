"""`import_orders`: orders of the shop's system come in whole, twice changes nothing."""

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEntry
from crm.verification import verify
from customers.models import Customer, OwnedProduct
from filings.models import Deal
from followups import services as followups
from followups.models import AnchorDay, Obligation
from followups.states import Anchor
from orders.models import Delivery, Milestone, Order, OrderEvent, OrderLine, Payment
from orders.states import EventKind, LineState, MilestoneKind, OrderState
from staff.states import Role, Trade
from tests.desk.order_sheets import DELIVERED, UNDER_WAY, WRONG, book, ledger, line
from tests.factories import orders as make
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory, StoreFactory
from tests.orders.stage import HOME, customer_of, filed

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)


@pytest.fixture
def lin(monkeypatch):
    """Two stores of furniture and one of cars, and lin, who sells; it is 21 November 2026."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    store = StoreFactory(code="HZ01", trade=Trade.FURNITURE)
    StoreFactory(code="HZ02", trade=Trade.FURNITURE, region=store.region)
    StoreFactory(code="CAR1", trade=Trade.CARS, region=store.region)
    return PersonFactory(username="lin", store=store)


def bring(folder, content: bytes, *options: str, name: str = "订单.xlsx"):
    """Run the command on a file of this content: its summary and exit code."""
    file = folder / name
    file.write_bytes(content)
    out = io.StringIO()
    code = 0
    try:
        call_command("import_orders", str(file), *options, stdout=out)
    except SystemExit as left:
        code = int(left.code or 0)
    return json.loads(out.getvalue()), code


def counts(summary: dict) -> tuple[int, int, int, int]:
    return tuple(summary[key] for key in ("created", "updated", "unchanged", "refused"))


def order(number: str) -> Order:
    return Order.objects.get(number=number)


@pytest.mark.parametrize(("made", "name"), [(book, "订单.xlsx"), (ledger, "订单.csv")])
def test_orders_come_in_as_if_they_had_been_written_by_hand(lin, tmp_path, made, name):
    summary, code = bring(tmp_path, made(*DELIVERED, *UNDER_WAY), name=name)

    assert (summary["read"], *counts(summary), code) == (4, 4, 0, 0, 0, 0)
    done, under_way = order("A1"), order("A2")
    assert (done.state, done.amount, done.paid) == (OrderState.DELIVERED, 7000, 7000)
    assert (done.delivered_on, done.promised_on) == (date(2026, 11, 14), date(2026, 11, 12))
    assert (done.seller, done.customer.owner, done.customer.name) == (lin, lin, "陈美玲")
    delivery = done.deliveries.get()
    assert delivery.delivered_at == datetime(2026, 11, 14, 15, 30, tzinfo=SHANGHAI)
    assert list(delivery.lines.values_list("qty", flat=True)) == [1, 6]
    product = done.customer.products.get()
    assert (delivery.product, product.product) == (product, "三人沙发、餐椅×6")
    assert (product.price, product.purchased_on) == (7000, date(2026, 10, 20))
    assert done.customer.bought_count == 1

    assert (under_way.state, under_way.paid, under_way.due_before) == ("confirmed", 2000, 6600)
    assert [each.state for each in under_way.lines.order_by("position")] == [
        LineState.SUBMITTED,
        LineState.ARRIVED,
    ]
    arrival = Milestone.objects.get(line__order=under_way, line__position=1)
    assert (arrival.kind, arrival.planned_on) == (MilestoneKind.ARRIVED, date(2026, 11, 23))
    payment = under_way.payments.get()
    assert (payment.is_imported, payment.method, payment.taken_by) == (True, "transfer", lin)
    assert payment.confirmed_by.is_system, "the shop counted it: nobody here can confirm it"
    check = AnchorDay.objects.get()
    assert (check.anchor, check.subject_id) == (Anchor.ORDER_DELIVERY, under_way.pk)
    told = OrderEvent.objects.filter(kind=EventKind.IMPORTED, order=done).get().params
    assert (told["lines"], told["paid"]) == (2, "7000.00")
    assert AuditEntry.objects.filter(verb="order_imported").count() == 2
    assert not Deal.objects.exists()

    followups.ask(now=NOW)
    visit = Obligation.objects.filter(customer=done.customer, step__anchor=Anchor.DELIVERY)
    assert visit.exists(), "the plan of care counts from the delivery"
    assert verify(now=NOW).as_json()["differences"] == []


def test_a_second_time_nothing_changes_and_changed_cells_do(lin, tmp_path):
    bring(tmp_path, book(*DELIVERED, *UNDER_WAY))
    seen = list(OrderEvent.objects.values_list("pk", flat=True))
    again, code = bring(tmp_path, book(*DELIVERED, *UNDER_WAY))
    assert (counts(again), code) == ((0, 0, 4, 0), 0)
    assert list(OrderEvent.objects.values_list("pk", flat=True)) == seen

    more = (
        line("A2", 电话="13800138002", 来源="采购", 承诺送货="2026-11-28", 预计到货="2026-11-23",
             到货日期="2026-11-20", 已付金额=6600, 付款方式="微信", 备注="电梯小",
             单价=6000),
        line("A2", 电话="13800138002", 来源="样品", 到货日期="2026-11-20",
             送货日期="2026-11-21", **{"款号/产品": "茶几", "单价": 800}),
        line("A2", 电话="13800138002", **{"款号/产品": "地毯", "单价": 500}),
    )  # fmt: skip
    dry, _code = bring(tmp_path, book(*more), "--dry-run")
    assert (counts(dry), order("A2").amount) == ((1, 2, 0, 0), 6600)
    changed, code = bring(tmp_path, book(*more))
    assert (counts(changed), code) == ((1, 2, 0, 0), 0)
    row = order("A2")
    assert (row.amount, row.paid, row.due_before) == (7300, 6600, 7300)
    assert (row.promised_on, row.current_on) == (date(2026, 11, 25), date(2026, 11, 28))
    assert row.date_changes.get().after_on == date(2026, 11, 28)
    states = list(row.lines.order_by("position").values_list("state", flat=True))
    assert states == [LineState.ARRIVED, LineState.DELIVERED, LineState.OPEN]
    assert [(each.amount, each.method) for each in row.payments.order_by("pk")] == [
        (2000, "transfer"),
        (4600, "wechat"),
    ]
    assert row.customer.products.get().product == "茶几"
    assert sum(row.dues.values_list("amount", flat=True)) == 7300
    followups.ask(now=NOW)
    assert verify(now=NOW).as_json()["differences"] == []

    back, code = bring(tmp_path, book(*more))
    assert (counts(back), code) == ((0, 0, 3, 0), 0)


def test_less_paid_takes_nothing_away_and_what_the_store_changed_stays(lin, tmp_path):
    bring(tmp_path, book(*UNDER_WAY))
    heir = PersonFactory(store=lin.store)
    Order.objects.update(seller=heir, current_on=date(2026, 12, 1))
    lin.is_active = False
    lin.save()
    first = line("A2", 电话="13800138002", 来源="采购", 承诺送货="2026-11-25",
                 预计到货="2026-11-23", 已付金额=500, 备注="电梯小")  # fmt: skip
    summary, _code = bring(tmp_path, book(first, UNDER_WAY[1]))
    assert counts(summary) == (0, 0, 2, 0)
    assert [note["code"] for note in summary["notes"]] == ["MORE_IS_PAID_HERE"]
    row = order("A2")
    assert (row.paid, row.seller, row.current_on) == (2000, heir, date(2026, 12, 1))


def test_what_became_a_credit_here_is_not_paid_too_much(lin, tmp_path):
    bring(tmp_path, book(*DELIVERED))
    (sold,) = Order.objects.all()
    back = sold.lines.order_by("-agreed_price").first()
    make.credit(sold, back.agreed_price)
    OrderLine.objects.filter(pk=back.pk).update(returned_qty=1)
    summary, code = bring(tmp_path, book(*DELIVERED))
    assert (counts(summary), code) == ((0, 0, 2, 0), 0)


def test_an_order_with_a_wrong_row_is_refused_whole_and_told_why(lin, tmp_path):
    summary, code = bring(tmp_path, book(*WRONG, *DELIVERED))
    assert (counts(summary), code) == ((2, 0, 0, len(WRONG)), 1)
    said = {(refusal["row"], refusal["code"]) for refusal in summary["refusals"]}
    assert {code for _row, code in said} == {
        "STORE_UNKNOWN", "OWNER_UNKNOWN", "NUMBER_TOO_SMALL", "ROW_OF_REFUSED_ORDER",
        "PAID_EXCEEDS_AMOUNT", "NEWCOMER_WITHOUT_NAME", "DAY_LIES_AHEAD", "ROWS_CONTRADICT",
        "EMPTY",
    }  # fmt: skip
    assert (5, "ROW_OF_REFUSED_ORDER") in said
    names = " ".join(refusal["text"] for refusal in summary["refusals"])
    assert "XX99" in names
    assert "nobody" in names
    assert list(Order.objects.values_list("number", flat=True)) == ["A1"]


def test_the_error_sheet_mended_comes_in(lin, tmp_path):
    summary, _code = bring(tmp_path, book(line("C1", 人员="nobody"), line("C1", 人员="nobody")))
    PersonFactory(username="nobody", store=lin.store)
    mended = Path(summary["errors_file"]).read_bytes()
    again, code = bring(tmp_path, mended, name="mended.xlsx")
    assert (counts(again), code) == ((2, 0, 0, 0), 0)
    assert order("C1").lines.count() == 2


def test_a_known_customer_is_found_and_their_product_is_not_doubled(lin, tmp_path):
    keeper = PersonFactory(store=lin.store)
    known = CustomerFactory(owner=keeper, phone="13800138001", name="陈姐", now=NOW)
    followups.record_delivery(
        customer=known, product="三人沙发", delivered_on=date(2026, 11, 14), by=keeper, now=NOW,
        key="5d0d1b3e-52f8-4d6e-9c85-0c8a9d5b8c11",
    )  # fmt: skip
    bring(tmp_path, book(*DELIVERED))
    found = order("A1")
    assert (found.customer, Customer.objects.count()) == (known, 1)
    assert (known.products.count(), found.deliveries.get().product) == (1, known.products.get())
    assert known.products.get().order_no == "A1"
    assert found.customer.owner == keeper, "an order opens no card and takes none"


def test_an_order_for_a_filed_home_makes_the_deal_of_the_filer(lin, tmp_path):
    filer = PersonFactory(store=lin.store)
    day = datetime(2026, 11, 18, 2, tzinfo=UTC)
    filed(customer_of(filer, now=day, phone="13800138001"), filer, now=day)
    bring(tmp_path, book(
        line("F1", 地址=HOME, 下单日期="2026-11-20", 已付金额=500),
        line("F2", 电话="13800138007", 下单日期="2026-11-20", 已付金额=500),
    ))  # fmt: skip
    deal = Deal.objects.get()
    assert (deal.order_no, deal.credited_to, deal.closer) == ("F1", filer, lin)


def test_of_cars_each_is_a_product_and_closed_orders_stay(lin, tmp_path):
    cars = [
        line("V1", 门店="CAR1", 送货日期="2026-11-01", 已付金额=400000,
             **{"款号/产品": name, "单价": 200000})
        for name in ("Model Y", "Model 3")
    ]  # fmt: skip
    bring(tmp_path, book(*cars))
    assert [product.order_no for product in OwnedProduct.objects.all()] == ["V1", "V1"]
    assert Delivery.objects.get().product is None
    Order.objects.update(state=OrderState.SETTLED, settled_at=NOW)
    summary, code = bring(tmp_path, book(cars[0]))
    assert (counts(summary), code) == ((0, 0, 1, 0), 0), "the same is the same"
    more = line("V1", 门店="CAR1", 送货日期="2026-11-01", **{"款号/产品": "Model X", "单价": 1})
    summary, code = bring(tmp_path, book(*cars, more))
    assert {refusal["code"] for refusal in summary["refusals"]} >= {"ORDER_IS_CLOSED"}


def test_a_manager_brings_in_the_own_store_alone(lin, tmp_path):
    PersonFactory(username="zhou", role=Role.STORE_MANAGER, store=lin.store)
    bring(tmp_path, book(line("D1", 门店="HZ02")))
    content = book(line("D1", 门店="HZ02"), line("D2"), line("D3", 人员="somebody_else"))
    PersonFactory(username="somebody_else")
    summary, _code = bring(tmp_path, content, "--by", "zhou")
    codes = {refusal["row"]: refusal["code"] for refusal in summary["refusals"]}
    assert codes == {2: "STORE_UNKNOWN", 4: "OWNER_UNKNOWN"}
    assert (order("D2").seller, Payment.objects.count()) == (lin, 0)


def test_many_orders_ask_no_more_questions_than_a_few(lin, tmp_path):
    def asked(first: int, count: int) -> int:
        rows = [
            line(f"M{number}", 电话=f"139{number:08}", 客户姓名="张三", 已付金额=100,
                 承诺送货="2026-11-25")
            for number in range(first, first + count)
        ]  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            bring(tmp_path, book(*rows))
        return len(queries)

    asked(0, 2)
    few = asked(10, 2)
    assert asked(20, 12) <= few


def test_amounts_are_never_rounded(lin, tmp_path):
    summary, code = bring(
        tmp_path, book(line("E1", 单价="0.125"), line("E2", 单价="19.99", 数量=3))
    )
    assert [refusal["code"] for refusal in summary["refusals"]] == ["MONEY_DECIMALS"]
    assert (code, order("E2").amount) == (1, Decimal("59.97"))
