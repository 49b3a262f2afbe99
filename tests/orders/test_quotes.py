"""Quotes: from a number, filed with somebody new, printed, declined, reviewed first where so."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.addresses import key_of_address
from core.phones import normalise
from customers.models import Access, Customer, Project
from customers.states import ExpectedPurchase
from filings.models import Filing, Policy, Violation
from filings.services.reviews import approve
from filings.states import LookUp
from orders.models import Order, Quote
from orders.services.lines import LinesNotPlaced, NewLine
from orders.services.quoting import (
    NewQuote,
    QuoteNotChanged,
    QuoteNotMade,
    decline_quote,
    make_quote,
)
from orders.states import QuoteState, Whose
from orders.wording.sales import answer_to_quote
from staff.services.absences import set_absence
from staff.states import Role, Trade
from stock.models import Brand, Style
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.orders.stage import (
    HOME,
    NOW,
    PHONE,
    SECOND_HOME,
    customer_of,
    deposit,
    filed,
    stage,
)
from tests.orders.test_lines import approved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FILED = "This customer has been filed already and is protected."


@pytest.fixture
def cast():
    return stage()


def line(product="沙发", price=5000, **more):
    facts = {"product": product, "qty": 1, "agreed_price": Decimal(price)}
    return NewLine(**{"list_price": Decimal(price)} | facts | more)


def asked(by, *, now=NOW, key=None, **said):
    """The quote with what became of its filing."""
    facts = {
        "phone": normalise(PHONE), "name": "李先生", "address": HOME, "lines": [line()],
        "expected": ExpectedPurchase.MONTH, "valid_until": NOW.date() + timedelta(days=14),
    }  # fmt: skip
    return make_quote(said=NewQuote(**facts | said), by=by, key=key or uuid4(), now=now)


def quote(by, **said):
    return asked(by, **said).quote


def invalid_of(customer):
    """The filings of this customer as they were made: whose, and why refused."""
    rows = Filing.objects.filter(customer=customer, submitted_at__isnull=False).order_by("pk")
    return [(filing.filer, filing.invalid) for filing in rows]


def test_a_quote_registers_and_files_somebody_new(cast):
    """First recorded has priority (FIL-35): the next who asks is the later filer, once."""
    made = quote(cast.filer, lines=[line(), line("茶几", 1200)])
    customer, filing = Customer.objects.get(), Filing.objects.get()
    assert (customer.owner, customer.need) == (cast.filer, "沙发, 茶几")
    assert (filing.filer, filing.submitted_at, filing.invalid) == (cast.filer, NOW, "")
    assert (made.amount, made.quoted_at, made.buyer) == (Decimal(6200), NOW, "李先生")
    for hours in (1, 2):
        later = asked(cast.closer, now=NOW + timedelta(hours=hours))
        assert (later.quote.customer, later.is_filed) == (customer, False)
        assert later.said.startswith(FILED)
    assert invalid_of(customer) == [(cast.filer, ""), (cast.closer, "LATER_FILER")]


def test_a_quote_files_a_customer_who_has_a_card(cast):
    """FIL-35: one form, no second action; what the card does not say is typed with the quote."""
    customer = customer_of(cast.filer, need="", expected_purchase="")
    lacking = asked(cast.filer, customer=customer, phone=None, expected="")
    assert "missing" in lacking.said
    assert (Filing.objects.get().submitted_at, lacking.is_filed) == (None, False)
    made = asked(cast.filer, customer=customer, phone=None, now=NOW + timedelta(hours=2))
    assert (made.is_filed, made.said) == (True, "")
    customer.refresh_from_db()
    assert (customer.need, customer.expected_purchase) == ("沙发", ExpectedPurchase.MONTH)
    assert invalid_of(customer) == [(cast.filer, "")]
    again = asked(cast.filer, now=NOW + timedelta(hours=3))
    assert (again.is_filed, again.said) == (False, "")
    assert Filing.objects.count() == 1


def test_a_quote_elsewhere_files_whom_nobody_has_filed(cast):
    """The keeper stays, the filer gets access (decision 1); out of reach nothing is drafted."""
    customer = customer_of(cast.filer)
    lacking = asked(cast.closer, expected="")
    assert "missing" in lacking.said
    assert not Filing.objects.exists()
    assert asked(cast.closer).is_filed
    customer.refresh_from_db()
    assert customer.owner == cast.filer
    assert Access.objects.filter(customer=customer, person=cast.closer).exists()
    serving = asked(cast.filer, customer=customer, phone=None)
    assert (serving.is_filed, serving.said) == (False, FILED)
    assert invalid_of(customer) == [(cast.closer, "")]


def test_who_sees_the_card_by_role_serves_the_colleague_by_its_number_too(cast):
    """No later filing stands against whoever leads the store (FIL-10)."""
    customer = customer_of(cast.filer)
    leader = PersonFactory(store=cast.store, role=Role.STORE_MANAGER)
    filed(customer, cast.filer)
    made = asked(leader, now=NOW + timedelta(hours=1))
    assert (made.is_filed, made.said) == (False, FILED)
    assert invalid_of(customer) == [(cast.filer, "")]


def test_whoever_stands_in_quotes_the_absents_customer_as_theirs(cast):
    customer, today = customer_of(cast.filer), NOW.date()
    stand_in = PersonFactory(store=cast.store, role=Role.SALES_STORE)
    filed(customer, cast.filer)
    set_absence(
        person=cast.filer, stand_in=stand_in, starts_on=today, ends_on=today, kind="leave",
        by=cast.filer, now=NOW, key=uuid4(),
    )  # fmt: skip
    for way in ({}, {"customer": customer, "phone": None}):
        made = asked(stand_in, now=NOW + timedelta(hours=1), **way)
        assert (made.is_filed, made.said) == (False, "")
    assert invalid_of(customer) == [(cast.filer, "")]


def test_what_was_typed_is_kept_with_the_filing_of_a_shut_card_alone(cast):
    """Of a card that one sees the card speaks, not one's own words."""
    customer = customer_of(cast.filer)
    Project.objects.create(
        customer=customer, address=SECOND_HOME, address_key=key_of_address(SECOND_HOME),
        opened_at=NOW, opened_by=cast.filer,
    )  # fmt: skip
    assert asked(cast.filer, address=SECOND_HOME).is_filed
    assert Filing.objects.get().said == {}


def test_where_nobody_files_the_answer_promises_no_filing():
    assert "filed" in answer_to_quote(LookUp.FREE, Whose.YOURS).text
    assert "filed" not in answer_to_quote(LookUp.NEW, Whose.YOURS).text


def test_a_quote_that_comes_too_late_to_file_stands_and_says_so(cast):
    """FIL-26: the clock began when the card was opened; the quote is recorded all the same."""
    Policy.objects.update(set_at=NOW - timedelta(days=90))
    customer = customer_of(cast.filer, now=NOW - timedelta(hours=25))
    late = asked(cast.filer)
    assert (late.is_filed, late.quote.customer) == (False, customer)
    assert late.said.startswith("More than 24 hours have passed")
    assert invalid_of(customer) == []


def test_who_quotes_from_elsewhere_is_told_each_time_and_breaks_no_rule(cast):
    """To ask a price is no sale (XRG-02), and nothing is filed (FIL-39)."""
    seller = PersonFactory(store=StoreFactory(region=RegionFactory(name="宁波", places="海曙")))
    customer = customer_of(seller)
    for hours in (0, 1):
        made = asked(seller, now=NOW + timedelta(hours=hours))
        assert made.said.startswith("The address lies in another region")
    assert invalid_of(customer) == []
    assert not Violation.objects.exists()
    assert Quote.objects.count() == 2


def test_who_has_bought_is_not_filed_by_a_quote(cast):
    """FIL-05: a repeat purchase for the same home is outside."""
    customer_of(cast.filer)
    deposit(cast.closer)
    made = asked(cast.closer, now=NOW + timedelta(days=3))
    assert (made.is_filed, made.said) == (False, "")
    assert not Filing.objects.exists()


def test_what_lacks_an_element_is_quoted_and_drafted(cast):
    quote(cast.filer, expected="")
    assert Filing.objects.get().submitted_at is None


def test_the_same_form_twice_is_one_quote(cast):
    key = uuid4()
    assert quote(cast.filer, key=key) == quote(cast.filer, key=key)
    assert Quote.objects.count() == 1


def test_a_known_customer_is_quoted_without_opening_anything(cast):
    customer = customer_of(cast.filer)
    made = quote(cast.closer, address="杭州市余杭区西溪里3幢2单元301室")
    assert (made.customer, made.project) == (customer, None)
    assert customer.projects.count() == 1
    assert quote(cast.closer).project == customer.projects.get()


def test_where_review_comes_first_nobody_quotes_before_it(cast):
    """Decision 13: `quote_before_review` = no."""
    Policy.objects.filter(trade=Trade.FURNITURE).update(quote_before_review=False)
    with pytest.raises(QuoteNotMade) as refusal:
        quote(cast.filer)
    assert refusal.value.codes == ("review_first",)
    assert not Customer.objects.exists()
    customer = customer_of(cast.filer)
    with pytest.raises(QuoteNotMade) as refusal:
        quote(cast.filer, customer=customer, phone=None)
    assert refusal.value.codes == ("review_first",)
    filing = filed(customer, cast.filer)
    with pytest.raises(QuoteNotMade) as refusal:
        quote(cast.filer)
    assert refusal.value.codes == ("in_review",)
    approve(filing=filing, by=cast.manager, now=NOW)
    assert quote(cast.filer).customer == filing.customer


def test_a_quote_is_no_longer_good_than_its_special_price(cast):
    customer = customer_of(cast.filer)
    style = Style.objects.create(
        brand=Brand.objects.create(name="梦百合"), number="M-12", tag_price=Decimal(300),
        floor_price=Decimal("253.97"),
    )  # fmt: skip
    number = approved(customer, style, 250, until=NOW.date() + timedelta(days=3))
    cheap = line("M-12", 253, style=style, special_no=number)
    with pytest.raises(QuoteNotMade) as refusal:
        quote(cast.filer, lines=[cheap])
    assert refusal.value.codes == ("special_ends_before",)
    made = quote(cast.filer, lines=[cheap], valid_until=NOW.date() + timedelta(days=3))
    assert made.lines.get().special_price.application.number == number
    with pytest.raises(LinesNotPlaced):
        quote(cast.filer, lines=[line("M-12", 253, style=style)])


@pytest.mark.parametrize(
    ("days", "code"), [(-1, "valid_until_is_past"), (181, "valid_until_is_far")]
)
def test_until_when_a_quote_is_good(cast, days, code):
    with pytest.raises(QuoteNotMade) as refusal:
        quote(cast.filer, valid_until=NOW.date() + timedelta(days=days))
    assert refusal.value.codes == (code,)


def test_a_quote_is_declined_once_and_says_why(cast):
    made = quote(cast.filer)
    for reason, code in (("", "reason_missing"), ("去了别家", None), ("再说", "not_open")):
        if code is None:
            decline_quote(quote=made, reason=reason, by=cast.filer, now=NOW)
            continue
        with pytest.raises(QuoteNotChanged) as refusal:
            decline_quote(quote=made, reason=reason, by=cast.filer, now=NOW)
        assert refusal.value.codes == (code,)
    made.refresh_from_db()
    assert (made.state, made.declined_reason) == (QuoteState.DECLINED, "去了别家")


def form(**said):
    until = timezone.localdate() + timedelta(days=10)
    facts = {
        "phone": PHONE, "name": "李先生", "address": HOME, "expected": "month", "key": uuid4(),
        "valid_until": until.isoformat(), "seen": "yours", "line0-product": "沙发",
        "line0-qty": "2", "line0-agreed_price": "5,000", "line7-product": "茶几",
        "line7-agreed_price": "1200",
    }  # fmt: skip
    return facts | said


@pytest.mark.parametrize(
    "odd",
    [
        {"line0-qty": "9999", "line0-agreed_price": "9999999999.99"},
        {"line0-product": "沙\0发"},
        {"line3-spec": "1.8 m"},
    ],
)
def test_what_cannot_be_kept_is_said_of_its_line(cast, as_, in_english, odd):
    page = as_(cast.filer).post("/quotes/new/", form(**odd))
    assert page.status_code == 200
    assert 'class="wrong"' in page.content.decode()
    assert not Quote.objects.exists()


def test_twelve_lines_are_read_with_as_many_queries_as_one(cast, as_):
    browser = as_(cast.filer)

    def queries(lines):
        sent = {name: value for name, value in form(phone="").items() if name[:4] != "line"}
        for index in range(lines):
            sent |= {f"line{index}-product": f"M-{index}", f"line{index}-agreed_price": "9"}
        with CaptureQueriesContext(connection) as seen:
            assert browser.post("/quotes/new/", sent).status_code == 200
        return len(seen)

    queries(1)
    assert queries(1) == queries(12)


def test_the_pages_of_a_quote(cast, as_, in_english, django_assert_num_queries):
    browser = as_(cast.filer)
    answer = browser.post("/quotes/new/", form())
    assert answer.status_code == 302, answer.content.decode()
    page = browser.get(answer.url).content.decode()
    assert "¥11,200" in page
    assert "Filing in review" in page
    assert "¥11,200" in browser.get(f"{answer.url}print/").content.decode()
    assert "¥11,200" in browser.get("/quotes/").content.decode()
    stranger = as_(PersonFactory(role=Role.SALES_STORE))
    for address in (answer.url, f"{answer.url}print/", f"{answer.url}decline/"):
        assert stranger.get(address).status_code == 404
    assert as_(PersonFactory(role=Role.ADMIN)).get("/quotes/").status_code == 403


def test_more_lines_lose_nothing_and_amounts_have_no_box(cast, as_):
    browser = as_(cast.filer)
    page = browser.post("/quotes/new/", form(more="1")).content.decode()
    assert 'name="line8-product"' in page
    assert "茶几" in page
    assert "¥11,200" in page
    assert 'amount"' not in page.replace('original_amount"', "")
    part = browser.get("/orders/lines/3/new/?quote").content.decode()
    assert 'name="line3-product"' in part
    assert "supply" not in part
    total = browser.post("/orders/lines/sum/", form()).content.decode()
    assert "¥11,200" in total


def test_a_colleague_reads_no_name_but_what_was_told(cast, as_):
    customer = customer_of(cast.filer, now=timezone.now(), name="王保密")
    filed(customer, cast.filer, now=None)
    browser = as_(cast.closer)
    answer = browser.post("/quotes/new/", form(seen="colleague"))
    for address in (answer.url, f"{answer.url}print/", "/quotes/"):
        page = browser.get(address).content.decode()
        assert "李先生" in page
        assert "王保密" not in page
    assert "王保密" in as_(cast.filer).get(answer.url).content.decode()
    assert Quote.objects.get().customer == customer


def test_the_style_master_offers_while_one_types(cast, as_):
    brand = Brand.objects.create(name="梦百合")
    for number in ("M-12", "M-13"):
        Style.objects.create(brand=brand, number=number, tag_price=300, floor_price="253.97")
    browser = as_(cast.filer)
    offered = browser.post("/orders/lines/0/styles/", {"line0-product": "m-1"}).content.decode()
    assert "梦百合 M-12" in offered
    assert "¥254" in offered
    style = Style.objects.get(number="M-13")
    sent = {"line0-product": "m-1", "line0-qty": "3", "line0-supply": "stock"}
    picked = browser.post(f"/orders/lines/0/styles/{style.pk}/", sent).content.decode()
    assert 'value="梦百合 M-13"' in picked
    assert 'value="3"' in picked


def test_a_quote_is_written_in_as_many_queries_for_one_line_as_for_twelve(
    cast, django_assert_max_num_queries
):
    customer_of(cast.filer)
    quote(cast.filer)
    with django_assert_max_num_queries(70) as few:
        quote(cast.filer)
    many = [line(f"产品{index}", 100) for index in range(12)]
    with django_assert_max_num_queries(len(few.captured_queries)):
        quote(cast.filer, lines=many)
    assert not Order.objects.exists()


def test_from_a_card_no_number_is_asked_and_a_past_quote_is_made_again(cast, as_):
    customer = customer_of(cast.filer, now=timezone.now())
    browser, page = as_(cast.filer), f"/customers/{customer.pk}/quote/"
    assert 'name="phone"' not in browser.get(page).content.decode()
    answer = browser.post(page, form(phone="", name=""))
    assert answer.status_code == 302, answer.content.decode()
    made = Quote.objects.get()
    assert (made.customer, made.buyer) == (customer, customer.name)
    Quote.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    again = f"{page}?like={made.pk}"
    assert again in browser.get(answer.url).content.decode()
    assert 'value="茶几"' in browser.get(again).content.decode()
    assert browser.post(f"{page}check/", form(), headers={"HX-Request": "true"}).status_code == 200
    stranger = as_(cast.closer)
    assert stranger.get(page).status_code == 404
    assert stranger.get(f"/quotes/new/?like={made.pk}").status_code == 404


def test_the_list_asks_as_much_for_one_quote_as_for_twelve(
    cast, as_, django_assert_max_num_queries
):
    quote(cast.filer)
    browser = as_(cast.filer)
    browser.get("/quotes/")
    with django_assert_max_num_queries(40) as few:
        browser.get("/quotes/")
    for _n in range(3):
        quote(cast.filer)
    with django_assert_max_num_queries(len(few.captured_queries)):
        browser.get("/quotes/")
