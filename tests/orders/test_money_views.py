"""The pages of money: who sees what, what may be done, what a refusal says."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from orders.forms.money import InstalmentForm, PaymentForm, SlipForm
from orders.forms.sales import OrderForm
from orders.models import Credit, CreditUse, Due, Payment, Slip
from orders.services.payments import NewBill
from orders.services.terms import follow_amount
from orders.states import Method, OrderState
from staff.states import Role
from tests.factories import orders as make
from tests.factories.customers import CustomerFactory
from tests.factories.orders import TODAY
from tests.factories.staff import PersonFactory
from tests.orders.changes import drop
from tests.orders.money import order_of, pay, till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def cast():
    return till()


def at(name: str, *args) -> str:
    return reverse(f"orders:{name}", args=args)


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def typed(**said) -> dict:
    facts = {"key": "0b0b0b0b-0000-4000-8000-000000000001", "payer": "李先生", "method": "wechat"}
    return facts | said


def test_the_order_says_what_is_due_paid_and_held_with_one_thing_to_do(cast, as_):
    order = order_of(cast.seller, 8000)
    pay(order, 5000)
    page = text(as_(cast.seller).get(at("order", order.pk)))
    for words in ("¥8,000", "¥3,000", "Before delivery", "To be confirmed", "Take a payment"):
        assert words in page
    assert at("pay", order.pk) in page
    assert at("release", order.pk) not in page
    assert at("release", order.pk) in text(as_(cast.manager).get(at("order", order.pk)))


def test_a_payment_is_taken_on_its_page_and_refused_with_words(cast, as_):
    order = order_of(cast.seller, 8000)
    browser = as_(cast.seller)
    assert 'value="8000.00"' in text(browser.get(at("pay", order.pk)))
    page = text(browser.post(at("pay", order.pk), typed(amount="8000.01")))
    assert "Only ¥8,000 of this order are open." in page
    assert 'value="8000.01"' in page
    assert browser.post(at("pay", order.pk), typed(amount="3000")).status_code == 302
    assert browser.post(at("pay", order.pk), typed(amount="3000")).status_code == 302
    assert Payment.objects.get().amount == 3000
    page = text(browser.post(at("pay", order.pk), typed(amount="1", method="cheque")))
    assert "number of the bill" in page


def test_a_stranger_finds_nothing_and_an_insider_without_the_right_is_refused(cast, as_):
    order = order_of(cast.seller, 8000)
    payment = pay(order, 5000)
    stranger = as_(PersonFactory())
    for name, pk in (("order", order.pk), ("pay", order.pk), ("receipt", payment.pk),
                     ("cancel_order", order.pk), ("order_terms", order.pk),
                     ("note_slip", order.pk)):  # fmt: skip
        assert stranger.get(at(name, pk)).status_code == 404, name
    seller = as_(cast.seller)
    for name in ("confirm_payment", "reject_payment"):
        assert seller.get(at(name, payment.pk)).status_code == 403, name
    assert seller.get(at("release", order.pk)).status_code == 403
    assert seller.get(at("day_ends")).status_code == 403
    assert as_(PersonFactory(role=Role.MERCHANDISER)).get(at("payments")).status_code == 403


@pytest.mark.parametrize(
    "field",
    [
        PaymentForm.base_fields["bill_due_on"],
        InstalmentForm.base_fields["on"],
        SlipForm.base_fields["paid_on"],
        OrderForm.base_fields["promised_on"],
    ],
)
def test_no_paper_takes_a_day_beyond_the_calendar(field):
    assert field.clean("2026-03-12") == TODAY
    for said in ("9999-12-31", "0001-01-01", "x"):
        with pytest.raises(ValidationError):
            field.clean(said)


def test_who_may_not_read_a_receipt_is_not_led_to_it(cast, as_):
    """The customer's keeper sees the order that another store sold, not each of its receipts."""
    keeper = PersonFactory()
    order = order_of(cast.seller, 8000, customer=CustomerFactory(owner=keeper))
    receipt = at("receipt", pay(order, 5000).pk)
    for reader, status in ((keeper, 404), (cast.seller, 200)):
        browser = as_(reader)
        assert (receipt in text(browser.get(at("order", order.pk)))) == (status == 200)
        assert browser.get(receipt).status_code == status


def test_a_payment_is_found_by_its_payer_and_by_its_order(cast, as_):
    order = order_of(cast.seller, 8000)
    pay(order, 123, payer="欧阳锋")
    pay(order, 77, payer="黄药师")
    browser = as_(cast.finance)
    for said, amounts in (("欧阳", (True, False)), (order.number, (True, True))):
        page = text(browser.get(at("payments"), {"q": said}))
        assert ("¥123<" in page, "¥77<" in page) == amounts, said


def test_finance_confirms_what_is_ticked_and_never_the_own(cast, as_):
    order = order_of(cast.seller, 8000)
    first, own = pay(order, 100), pay(order, 200, by=cast.finance)
    browser = as_(cast.finance)
    page = text(browser.get(at("payments")))
    assert f'value="{first.pk}"' in page
    assert f'name="payment" value="{own.pk}"' not in page
    browser.post(at("confirm_payments"), {"payment": [first.pk, own.pk, "x"]})
    first.refresh_from_db()
    own.refresh_from_db()
    assert (first.confirmed_by, own.confirmed_by) == (cast.finance, None)
    assert "Somebody else confirms" in text(browser.get(at("payments")))
    assert browser.post(at("reject_payment", own.pk), {"reason": "x"}).status_code == 200
    other = as_(cast.other_finance)
    assert other.post(at("reject_payment", own.pk), {"reason": "未到账"}).status_code == 302
    own.refresh_from_db()
    assert own.return_reason == "未到账"


def test_a_mistake_is_taken_back_on_its_receipt(cast, as_):
    order = order_of(cast.seller, 8000)
    payment = pay(order, 100, now=timezone.now())
    browser = as_(cast.seller)
    assert at("void_payment", payment.pk) in text(browser.get(at("receipt", payment.pk)))
    browser.post(at("void_payment", payment.pk), {"reason": "多打一个零"})
    page = text(browser.get(at("receipt", payment.pk)))
    assert "Taken back as a mistake" in page
    assert at("void_payment", payment.pk) not in page


def test_bills_stand_by_their_day_and_one_that_bounces_takes_its_payment_along(cast, as_):
    order = order_of(cast.seller, 8000)
    later_on, sooner = (NewBill(number=number, bank="工行", due_on=TODAY + timedelta(days=days))
                        for number, days in (("B-9", 9), ("A-3", 3)))  # fmt: skip
    for bill in (later_on, sooner):
        pay(order, 100, method=Method.CHEQUE, bill=bill)
    browser = as_(cast.finance)
    page = text(browser.get(at("bills")))
    assert page.index("A-3") < page.index("B-9")
    bill = order.payments.get(bill__number="A-3").bill
    assert browser.post(at("move_bill", bill.pk), {"to": "bounced"}).status_code == 200
    browser.post(at("move_bill", bill.pk), {"to": "bounced", "reason": "空头"})
    order.refresh_from_db()
    assert order.paid == 100
    assert "A-3" not in text(browser.get(at("bills")))


def test_terms_are_set_on_a_page_of_their_own(cast, as_):
    order = order_of(cast.seller, 8000)
    browser = as_(cast.seller)
    said = {"terms": "on_delivery", "deposit": "9000"}
    assert "not more than the order costs" in text(browser.post(at("order_terms", order.pk), said))
    browser.post(at("order_terms", order.pk), said | {"deposit": "2000"})
    rows = [("row0-amount", "3000"), ("row0-on", TODAY.isoformat()), ("row1-amount", "5000"),
            ("row1-on", (TODAY + timedelta(days=30)).isoformat())]  # fmt: skip
    assert [due.amount for due in Due.objects.order_by("position")] == [2000, 6000]
    browser.post(at("order_terms", order.pk), {"terms": "instalments", **dict(rows)})
    assert [due.amount for due in Due.objects.order_by("position")] == [3000, 5000]
    page = text(browser.post(at("order_terms", order.pk), {"terms": "instalments",
                                                           **dict(rows[:3])}))  # fmt: skip
    assert "Choose its day." in page


def test_a_slip_is_noted_and_its_difference_settled(cast, as_):
    order = order_of(cast.seller, 5000)
    browser = as_(cast.seller)
    said = typed(amount="4990", bank="工行", paid_on=TODAY.isoformat())
    assert browser.post(at("note_slip", order.pk), said).status_code == 302
    slip = Slip.objects.get()
    page = text(browser.get(at("order", order.pk)))
    assert at("settle_slip", slip.pk) in page
    assert "Short" in page
    browser.post(at("settle_slip", slip.pk), {"reason": "补齐"})
    assert "Difference settled" in text(browser.get(at("order", order.pk)))


def test_a_manager_lets_goods_go_and_the_page_says_why_they_were_held(cast, as_):
    order = order_of(cast.seller, 8000)
    browser = as_(cast.manager)
    assert "¥8,000 are due before delivery" in text(browser.get(at("release", order.pk)))
    assert browser.post(at("release", order.pk), {"reason": ""}).status_code == 200
    assert browser.post(at("release", order.pk), {"reason": "老客户"}).status_code == 302
    assert "老客户" in text(browser.get(at("order", order.pk)))


def test_a_change_and_its_credit_from_page_to_page(cast, as_):
    order = order_of(cast.seller, 5000, 1000)
    pay(order, 6000)
    for payment in order.payments.all():
        Payment.objects.filter(pk=payment.pk).update(
            confirmed_at=timezone.now(), confirmed_by=cast.finance
        )
    browser = as_(cast.seller)
    line = order.lines.get(position=2)
    said = {"key": typed()["key"], "kind": "fewer", "qty": "0", "reason": ""}
    assert "Say why" in text(browser.post(at("change_line", line.pk), said))
    assert browser.post(at("change_line", line.pk), said | {"reason": "减项"}).status_code == 302
    credit = Credit.objects.get()
    assert "¥1,000" in text(browser.get(at("credits")))
    page = text(browser.get(at("credit", credit.pk)))
    assert at("offset_credit", credit.pk) in page
    browser.post(at("contact_credit", credit.pk), {"text": "退款"})
    assert "退款" in text(browser.get(at("credit", credit.pk)))
    key = "0b0b0b0b-0000-4000-8000-000000000002"
    browser.post(at("ask_refund", credit.pk), {"key": key, "amount": "1000"})
    use = CreditUse.objects.get()
    finance = as_(cast.finance)
    paid = {"method": "transfer", "voucher": "V-1"}
    assert "refunded from" in text(finance.post(at("pay_refund", use.pk), paid))
    Credit.objects.update(refundable_from=timezone.localdate())
    assert finance.post(at("pay_refund", use.pk), paid).status_code == 302
    assert "V-1" in text(finance.get(at("credit", credit.pk)))


def test_a_credit_goes_into_another_order_of_the_customer(cast, as_):
    order = order_of(cast.seller, 5000, 1000)
    pay(order, 6000)
    credit = drop(order, by=cast.seller)
    browser = as_(cast.seller)
    assert "no other order" in text(browser.get(at("offset_credit", credit.pk)))
    other = order_of(cast.seller, 600, customer=order.customer)
    said = {"key": typed()["key"], "order": other.pk, "amount": "601", "consent": "微信同意"}
    assert "Only ¥600" in text(browser.post(at("offset_credit", credit.pk), said))
    assert browser.post(at("offset_credit", credit.pk), said | {"amount": "600"}).status_code == 302
    other.refresh_from_db()
    assert other.paid == 600


def test_an_order_is_called_off_on_its_page(cast, as_):
    order = order_of(cast.seller, 5000)
    pay(order, 500)
    browser = as_(cast.seller)
    assert "¥500 are kept" in text(browser.get(at("cancel_order", order.pk)))
    assert browser.post(at("cancel_order", order.pk), {"reason": "不要了"}).status_code == 302
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED
    signed = order_of(cast.seller, 5000, signed_on=TODAY)
    page = text(browser.get(at("cancel_order", signed.pk)))
    assert "a manager calls it off" in page


@pytest.mark.parametrize("name", ["payments", "bills", "credits", "day_ends"])
def test_a_list_asks_as_much_for_twelve_as_for_one(cast, as_, name, django_assert_max_num_queries):
    browser = as_(cast.finance)

    def rows(count: int) -> None:
        for _each in range(count):
            order = order_of(cast.seller, 5000, 1000)
            pay(order, 3000)
            bill = NewBill(number="1", bank="x", due_on=TODAY)
            pay(order, 3000, method=Method.CHEQUE, bill=bill)
            drop(order, by=cast.seller)
            follow_amount(order, now=timezone.now())

    def asked() -> int:
        with django_assert_max_num_queries(40) as seen:
            text(browser.get(f"{at(name)}?day={TODAY}" if name == "day_ends" else at(name)))
        return len(seen)

    rows(1)
    asked()
    first = asked()
    rows(4)
    assert asked() == first


def test_an_order_page_asks_as_much_for_much_money_as_for_some(
    cast, as_, django_assert_max_num_queries
):
    order = order_of(cast.seller, *[100] * 10)
    pay(order, 1)
    browser = as_(cast.seller)

    def asked() -> int:
        with django_assert_max_num_queries(60) as seen:
            text(browser.get(at("order", order.pk)))
        return len(seen)

    asked()
    first = asked()
    for _each in range(4):
        pay(order, 1)
        make.credit(order, Decimal("0.01"))
    assert asked() <= first


def test_the_list_of_credits_leaves_the_house_marked(cast, as_):
    order = order_of(cast.seller, 5000, 1000)
    pay(order, 6000)
    drop(order, by=cast.seller)
    browser = as_(cast.finance)
    answer = browser.post(at("export_credits"), {"reason": "对账", "kind": "csv"})
    assert order.number in answer.content.decode("utf-8-sig")
    assert as_(cast.seller).get(at("export_credits")).status_code == 403
