"""Signing: a milestone with its scan, and the deal where no deposit came first (decision 5)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from filings.models import Deal, Ruling
from filings.states import DealKind
from orders.models import Milestone, OrderFile
from orders.services import SaleNotMade, return_payment
from orders.services.foreseeing import foresee_signing
from orders.services.lines import place_lines
from orders.services.signing import OrderNotSigned, Signature, sign_order
from orders.states import FileKind, MilestoneKind, Terms, Whose
from staff.models import Notice
from staff.states import NoticeKind
from tests.orders.stage import NOW, customer_of, deposit, filed, stage
from tests.orders.test_order_files import PNG, scan
from tests.orders.test_ordering import place
from tests.orders.test_quotes import line

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


@pytest.fixture
def cast():
    return stage()


def sign(order, *, by=None, on=None, now=LATER, key=None, expected=None, paper=None):
    signature = Signature(on=on or now.date(), scan=paper)
    return sign_order(
        order=order, signature=signature, by=by or order.seller, key=key or uuid4(),
        expected=expected, now=now,
    )  # fmt: skip


def test_a_signed_order_is_a_deal_where_no_deposit_came(cast):
    filed(customer_of(cast.filer), cast.filer)
    order = place(cast.closer, terms=Terms.ON_DELIVERY)
    assert foresee_signing(order, by=cast.closer, now=LATER) == Whose.FILER
    sign(order, expected="filer", paper=scan())
    deal, ruling = Deal.objects.get(), Ruling.objects.get()
    assert (deal.kind, deal.order_no, deal.closer) == (DealKind.SIGNED, order.number, cast.closer)
    assert (ruling.credited_to, deal.at) == (cast.filer, LATER)
    assert Notice.objects.get(kind=NoticeKind.CREDIT).person == cast.filer
    assert Milestone.objects.get(kind=MilestoneKind.SIGNED).reached_on == LATER.date()
    assert OrderFile.objects.get().kind == FileKind.SIGNED
    order.refresh_from_db()
    assert order.signed_on == LATER.date()


def test_the_credit_is_the_sellers_whoever_records_the_signature(cast):
    order = place(cast.closer)
    sign(order, by=cast.manager)
    assert Ruling.objects.get().credited_to == cast.closer


def test_signed_at_once_is_a_deal_at_once(cast):
    order = place(cast.closer, signature=Signature(on=NOW.date()))
    assert Deal.objects.get().order_no == order.number


def test_a_deposit_before_it_stays_the_deal_and_a_deposit_after_it_follows_it(cast):
    taken = deposit(cast.closer, now=NOW)
    place_lines(order=taken.order, lines=[line()], by=cast.closer, now=NOW)
    assert foresee_signing(taken.order, by=cast.closer, now=LATER) is None
    sign(taken.order, expected="")
    assert Deal.objects.get().kind == DealKind.DEPOSIT
    return_payment(payment=taken, reason="退定", by=cast.manager, now=LATER)
    assert Deal.objects.get().undone_at is None


def test_what_is_read_before_the_button_is_what_is_settled(cast):
    customer = customer_of(cast.filer)
    order = place(cast.closer)
    filed(customer, cast.filer, now=NOW + timedelta(hours=1))
    with pytest.raises(SaleNotMade):
        sign(order, expected="yours")
    assert not Deal.objects.exists()
    sign(order, expected="filer")


@pytest.mark.parametrize(
    ("on", "code"), [(LATER.date() + timedelta(days=1), "in_future"),
                     (NOW.date() - timedelta(days=1), "before_order")],
)  # fmt: skip
def test_on_which_day_an_order_was_signed(cast, on, code):
    with pytest.raises(OrderNotSigned) as refusal:
        sign(place(cast.closer), on=on)
    assert refusal.value.codes == (code,)


def test_what_is_signed_has_lines_and_is_signed_once(cast):
    taken = deposit(cast.closer, now=NOW)
    with pytest.raises(OrderNotSigned) as refusal:
        sign(taken.order)
    assert refusal.value.codes == ("no_lines",)
    order, key = place(cast.closer, now=NOW + timedelta(hours=1)), uuid4()
    assert sign(order, key=key) == sign(order, key=key)
    with pytest.raises(OrderNotSigned) as refusal:
        sign(order)
    assert refusal.value.codes == ("signed_already",)


def test_the_page_says_whose_the_credit_is_before_the_button(cast, as_):
    at = timezone.now() - timedelta(hours=1)
    filed(customer_of(cast.filer, now=at), cast.filer, now=None)
    order = place(cast.closer, now=None)
    browser, address = as_(cast.closer), f"/orders/{order.pk}/sign/"
    page = browser.get(address).content.decode()
    assert 'value="filer"' in page
    assert cast.filer.name not in page
    sent = {"key": uuid4(), "seen": "filer", "signed_on": timezone.localdate().isoformat(),
            "scan": PNG()}  # fmt: skip
    assert browser.post(address, sent).status_code == 302
    page = browser.get(f"/orders/{order.pk}/").content.decode()
    assert cast.filer.name in page
    paper = OrderFile.objects.get()
    assert browser.get(f"/papers/{paper.pk}/")["Content-Type"] == "image/jpeg"
