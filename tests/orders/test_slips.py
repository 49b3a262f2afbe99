"""Remittance slips held against their order: passed, within the band, short (ORD-30, 31, M66)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from core.refusals import Refused
from followups.models import Chore, Obligation
from followups.states import Anchor, ChoreKind, State
from orders.models import Account, OrderTerms, Slip
from orders.queries.money import unproved_transfers
from orders.rules.slips import compare
from orders.services.checking import check_order
from orders.services.returning import void_payment
from orders.services.slips import NewSlip, note_slip, settle_slip
from orders.services.terms import set_terms
from orders.states import Checks, Method, OrderState, SlipResult, Terms
from staff.states import Role
from tests.factories import orders as make
from tests.factories.orders import NOW, TODAY
from tests.factories.staff import PersonFactory
from tests.orders.money import later, order_of, pay, till


@pytest.mark.parametrize(
    ("slip", "band", "result"),
    [
        ("5000", 0, SlipResult.PASSED),
        ("5000.01", 0, SlipResult.PASSED),
        ("4990", 0, SlipResult.SHORT),
        ("4990", 10, SlipResult.WITHIN_BAND),
        ("4989.99", 10, SlipResult.SHORT),
    ],
)
def test_how_a_slip_compares(slip, band, result):
    assert compare(slip=Decimal(slip), asked=Decimal(5000), band=Decimal(band)) == result


pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return till()


def slip_of(order, amount, *, key=None, payment=None, paid_on=TODAY, by=None) -> Slip:
    said = NewSlip(payer="李先生", bank="工商银行", amount=Decimal(amount), paid_on=paid_on,
                   payment=payment)  # fmt: skip
    return note_slip(order=order, slip=said, by=by or order.seller, key=key or uuid4(), now=NOW)


def refused(act) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.codes


def test_enough_passes_and_nobody_is_asked(cast):
    noted = slip_of(order_of(cast.seller, 5000), 5000)
    assert (noted.result, noted.compared_with) == (SlipResult.PASSED, 5000)
    assert not Chore.objects.filter(kind=ChoreKind.SLIP).exists()


def test_a_difference_is_somebodys_work_until_it_is_settled(cast):
    noted = slip_of(order_of(cast.seller, 5000), 4990)
    assert noted.result == SlipResult.SHORT
    chore = Chore.objects.get(kind=ChoreKind.SLIP, subject_id=noted.pk)
    assert (chore.due_on, "¥4,990 / ¥5,000" in chore.text) == (TODAY, True)
    told = Obligation.objects.get(step__anchor=Anchor.ORDER_NEWS)
    assert (told.due_on, told.assignee, told.state) == (TODAY, cast.seller, State.OPEN)

    assert refused(lambda: settle_slip(slip=noted, text=" ", by=cast.seller)) == ("note_missing",)
    settled = settle_slip(
        slip=noted, text="手续费，客户补 10 元", by=cast.seller, now=later(hours=2)
    )
    chore.refresh_from_db()
    told.refresh_from_db()
    assert (settled.settled_by, chore.dropped_at) == (cast.seller, later(hours=2))
    assert told.state == State.CANCELLED
    again = lambda: settle_slip(slip=noted, text="x", by=cast.seller)  # noqa: E731
    assert refused(again) == ("settled_already",)


def test_within_the_band_of_the_trade_it_passes_with_a_note(cast):
    order = order_of(cast.seller, 5000)
    OrderTerms.objects.create(trade=order.store.trade, slip_band=10)
    noted = slip_of(order, 4990)
    assert (noted.result, noted.band) == (SlipResult.WITHIN_BAND, 10)
    assert not Chore.objects.filter(kind=ChoreKind.SLIP).exists()
    assert refused(lambda: settle_slip(slip=noted, text="x", by=cast.seller)) == (
        "nothing_to_settle",
    )


def test_who_buys_monthly_needs_none(cast):
    order = order_of(cast.seller, 5000)
    account = Account.objects.create(
        customer=order.customer, is_monthly=True, set_by=cast.finance
    )  # fmt: skip
    pay(order, 5000, method=Method.TRANSFER)
    assert unproved_transfers(order, account) == []
    assert len(unproved_transfers(order, None)) == 1
    assert refused(lambda: slip_of(order, 5000)) == ("not_needed",)


def test_a_slip_is_held_against_what_the_terms_ask_for_by_its_day(cast):
    order = order_of(cast.seller, 8600)
    set_terms(order=order, terms=Terms.ON_DELIVERY, deposit=Decimal(2000), by=cast.seller, now=NOW)
    assert slip_of(order, 2000).result == SlipResult.PASSED
    rest = slip_of(order, 6599)
    assert (rest.compared_with, rest.result) == (6600, SlipResult.SHORT)


def test_slip_and_transfer_find_each_other_whichever_comes_first(cast):
    order = order_of(cast.seller, 5000)
    first = slip_of(order, 2000)
    payment = pay(order, 2000, method=Method.TRANSFER)
    first.refresh_from_db()
    assert first.payment == payment
    second = pay(order, 3000, method=Method.TRANSFER)
    assert len(unproved_transfers(order, None)) == 1
    noted = slip_of(order, 3000)
    assert (noted.payment, noted.compared_with, noted.result) == (second, 3000, SlipResult.PASSED)
    assert unproved_transfers(order, None) == []


def test_the_slip_of_a_mistake_proves_the_transfer_that_is_recorded_anew(cast):
    order = order_of(cast.seller, 5000)
    mistake = pay(order, 2000, method=Method.TRANSFER, payer="张先生")
    noted = slip_of(order, 2000)
    void_payment(payment=mistake, reason="付款人错", by=cast.seller, now=NOW)
    anew = pay(order, 2000, method=Method.TRANSFER)
    noted.refresh_from_db()
    assert noted.payment == anew
    assert unproved_transfers(order, None) == []


def test_a_slip_of_less_than_the_transfer_that_was_recorded_is_short(cast):
    order = order_of(cast.seller, 13000)
    pay(order, 3000)
    transfer = pay(order, 10000, method=Method.TRANSFER)
    noted = slip_of(order, 9990)
    assert (noted.payment, noted.compared_with) == (transfer, 10000)
    assert noted.result == SlipResult.SHORT


def test_of_several_transfers_the_slip_says_which_it_proves(cast, as_):
    """The bank took a fee: the slip is neither the transfer's amount nor the open balance."""
    order = order_of(cast.seller, 3500)
    other = pay(order, 700, method=Method.TRANSFER)
    transfer = pay(order, 500, method=Method.TRANSFER)
    browser, url = as_(cast.seller), f"/orders/{order.pk}/slips/new/"
    form = browser.get(url).context["form"]
    assert [value for value, _chip in form.fields["payment"].choices] == [
        str(other.pk), str(transfer.pk), "ahead"]  # fmt: skip
    sent = {"key": uuid4(), "amount": "499.50", "payer": "李先生", "bank": "工商银行",
            "paid_on": TODAY.isoformat(), "payment": transfer.pk}  # fmt: skip
    for _twice in range(2):
        assert browser.post(url, sent).status_code == 302
    assert Slip.objects.get().payment == transfer
    assert unproved_transfers(order, None) == [other]

    again = browser.post(url, sent | {"key": uuid4()})
    assert again.context["form"].errors.keys() == {"payment"}
    ahead = sent | {"key": uuid4(), "payment": "ahead", "amount": "700"}
    assert browser.post(url, ahead).status_code == 302
    assert unproved_transfers(order, None) == [other]


def test_a_payer_with_a_number_is_typed_anew_on_the_slip(cast, as_):
    order = order_of(cast.seller, 3500)
    pay(order, 700, method=Method.TRANSFER, payer="李 13800138000")
    page = as_(cast.seller).get(f"/orders/{order.pk}/slips/new/")
    assert page.context["form"]["payer"].value() == ""
    assert "13800138000" not in page.content.decode()


def test_who_only_reads_is_offered_no_slip_to_write(cast, as_):
    order = order_of(cast.seller, 5000)
    short = slip_of(order, 10)
    pay(order, 700, method=Method.TRANSFER)
    page = f"/orders/{order.pk}/"
    acts = (f"{page}slips/new/", reverse("orders:settle_slip", args=[short.pk]))
    for person, status in ((cast.seller, 200), (PersonFactory(role=Role.OPS_MANAGER), 403)):
        browser = as_(person)
        shown = browser.get(page).content.decode()
        for act in acts:
            assert (act in shown, browser.get(act).status_code) == (status == 200, status), act


def test_what_stops_a_slip(cast):
    order = order_of(cast.seller, 5000)
    cash = pay(order, 100)
    elsewhere = pay(order_of(cast.seller, 50), 50, method=Method.TRANSFER)
    assert refused(lambda: slip_of(order, 0)) == ("amount_missing",)
    tomorrow = TODAY + timedelta(days=1)
    assert refused(lambda: slip_of(order, 1, paid_on=tomorrow)) == ("paid_later",)
    assert refused(lambda: slip_of(order, 1, payment=cash)) == ("not_a_transfer",)
    assert refused(lambda: slip_of(order, 1, payment=elsewhere)) == ("other_order",)
    bare = make.order(seller=cast.seller, lines=[])
    assert refused(lambda: slip_of(bare, 1)) == ("no_lines",)


def test_the_same_form_twice_is_one_slip(cast):
    order, key = order_of(cast.seller, 5000), uuid4()
    assert slip_of(order, 4000, key=key) == slip_of(order, 4000, key=key)
    assert Slip.objects.count() == 1


def test_an_order_is_not_checked_while_the_slip_of_a_transfer_is_missing(cast):
    order = order_of(cast.seller, 5000, address="翡翠城7幢1单元502室")
    pay(order, 5000, method=Method.TRANSFER)

    def check():
        check_order(order=order, looked_at=frozenset(Checks), by=cast.manager, now=NOW)

    assert refused(check) == ("slip_missing",)
    slip_of(order, 5000)
    check()
    order.refresh_from_db()
    assert order.state == OrderState.CHECKED
