"""Orders from a number and from a quote: their clerk by region, their check, who may see them."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote as quoted
from uuid import uuid4

import pytest
from django.utils import timezone

from core.phones import mask_in_text, normalise
from customers.models import Customer, Project
from filings.models import Deal
from followups.models import Chore
from followups.states import ChoreKind
from orders.models import Milestone, Order, OrderEvent, Quote
from orders.services import SaleNotMade
from orders.services.checking import OrderNotChecked, check_order
from orders.services.details import Details, DetailsNotChanged, change_details
from orders.services.ordering import NewOrder, OrderNotPlaced, place_order
from orders.states import (
    Checks,
    EventKind,
    MilestoneKind,
    OrderChannel,
    OrderState,
    QuoteState,
    Terms,
)
from staff.states import DutyKind, Role
from tests.factories.customers import CustomerFactory
from tests.factories.staff import DutyFactory, PersonFactory, RegionFactory
from tests.orders.stage import HOME, NOW, PHONE, SECOND_HOME, customer_of, deposit, filed, stage
from tests.orders.test_quotes import form as quote_form
from tests.orders.test_quotes import line, quote

pytestmark = pytest.mark.django_db
ALL = frozenset(Checks.values)
SOUTH_HOME = "宁波市鄞州区江湾城2幢1单元301室"


@pytest.fixture
def cast():
    return stage()


def place(by, *, now=NOW, key=None, expected=None, **said):
    facts = {"phone": normalise(PHONE), "name": "李先生", "address": HOME, "lines": [line()]}
    if "quote" in said:
        facts = {"phone": None}
    return place_order(
        said=NewOrder(**facts | said), by=by, key=key or uuid4(), expected=expected, now=now
    )


def test_an_order_from_a_number_registers_and_says_what_it_knows(cast):
    promised = NOW.date() + timedelta(days=30)
    order = place(cast.closer, promised_on=promised, terms=Terms.ON_DELIVERY)
    customer = Customer.objects.get()
    assert (order.customer, order.seller, order.store) == (customer, cast.closer, cast.other)
    assert (order.address, order.buyer, order.current_on) == (HOME, "李先生", promised)
    order.refresh_from_db()
    assert (order.amount, order.state) == (Decimal(5000), OrderState.RECEIVED)
    kinds = OrderEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [EventKind.RECEIVED, EventKind.LINES_PLACED]
    assert not Deal.objects.exists()


def test_the_same_form_twice_is_one_order(cast):
    key = uuid4()
    assert place(cast.closer, key=key) == place(cast.closer, key=key)
    assert Order.objects.count() == 1


def test_what_was_not_read_first_is_not_placed(cast):
    filed(customer_of(cast.filer), cast.filer)
    with pytest.raises(SaleNotMade) as refusal:
        place(cast.closer, expected="yours", now=NOW + timedelta(minutes=1))
    assert refusal.value.codes == ("look_first",)
    placed = place(cast.closer, expected="filer", now=NOW + timedelta(minutes=1))
    assert placed.customer.owner == cast.filer


def test_the_address_of_a_card_is_not_told_to_who_does_not_see_it(cast):
    """Decision 4: selling to somebody opens no card."""
    filed(customer_of(cast.filer), cast.filer)
    assert place(cast.closer, address="").address == ""
    assert place(cast.filer, address="", now=NOW + timedelta(minutes=1)).address == HOME


def test_a_further_home_that_an_order_began_is_looked_at_with_its_deposit(cast):
    """FIL-33: taking the order first is no way around the question whose the other home is."""
    filed(customer_of(cast.filer), cast.filer)
    order = place(cast.closer, address=SECOND_HOME)
    assert Project.objects.count() == 2
    deposit(cast.closer, address=SECOND_HOME, order_no=order.number)
    assert Deal.objects.get().is_new_project


@pytest.mark.parametrize("days", ["promised_on", "wished_on"])
def test_nothing_is_promised_for_a_day_that_has_passed(cast, days):
    with pytest.raises(OrderNotPlaced):
        place(cast.closer, **{days: NOW.date() - timedelta(days=1)})


def test_a_quote_becomes_an_order_once_and_only_while_it_is_good(cast):
    made = quote(cast.filer, lines=[line(qty=2), line("茶几", 1200)])
    order = place(cast.filer, quote=made)
    order.refresh_from_db()
    assert (order.quote, order.amount, order.buyer) == (made, Decimal(11200), "李先生")
    assert Quote.objects.get().state == QuoteState.ORDERED
    assert order.project == Project.objects.get()
    with pytest.raises(OrderNotPlaced) as refusal:
        place(cast.filer, quote=made)
    assert refusal.value.codes == ("quote_closed",)
    old = quote(cast.filer, now=NOW + timedelta(hours=1))
    with pytest.raises(OrderNotPlaced) as refusal:
        place(cast.filer, quote=old, now=NOW + timedelta(days=15))
    assert refusal.value.codes == ("quote_past",)


def test_the_region_of_the_home_says_which_clerk_checks(cast):
    """M65: what goes to the north goes to the north clerk; nobody checks the own order."""
    south = RegionFactory(name="宁波", places="鄞州")
    north_clerk = DutyFactory(kind=DutyKind.ORDER_DESK, region=cast.store.region).person
    south_clerk = DutyFactory(kind=DutyKind.ORDER_DESK, region=south).person
    DutyFactory(kind=DutyKind.ORDER_DESK, region=cast.store.region, person=cast.closer)
    north = place(cast.closer)
    assert north.clerk == north_clerk
    far = place(cast.closer, phone=normalise("13900139000"), address=SOUTH_HOME)
    assert far.clerk == south_clerk
    chore = Chore.objects.get(subject_id=north.pk, kind=ChoreKind.CHECK_ORDER)
    assert (chore.person, chore.due_on, chore.text) == (north_clerk, NOW.date(), north.number)


def test_an_order_is_checked_by_somebody_else_who_looked_at_all_of_it(cast):
    order = place(cast.closer)
    for by, looked_at, code in (
        (cast.closer, ALL, "own_order"),
        (cast.manager, ALL - {"price"}, "unchecked"),
    ):
        with pytest.raises(OrderNotChecked) as refusal:
            check_order(order=order, looked_at=looked_at, by=by, now=NOW)
        assert refusal.value.codes == (code,)
    check_order(order=order, looked_at=ALL, by=cast.manager, now=NOW)
    order.refresh_from_db()
    assert order.state == OrderState.CHECKED
    assert Milestone.objects.get(kind=MilestoneKind.CHECKED).reached_on == NOW.date()
    assert Chore.objects.get().done_by == cast.manager
    with pytest.raises(OrderNotChecked):
        check_order(order=order, looked_at=ALL, by=cast.manager, now=NOW)
    bare = deposit(cast.closer, address=SECOND_HOME, payer="王五", phone=normalise("13700137000"))
    with pytest.raises(OrderNotChecked) as refusal:
        check_order(order=bare.order, looked_at=ALL, by=cast.manager, now=NOW)
    assert refusal.value.codes == ("no_lines",)


def test_details_change_with_their_history(cast):
    order = place(cast.closer)
    check_order(order=order, looked_at=ALL, by=cast.manager, now=NOW)
    facts = {
        "channel": OrderChannel.IN_STORE, "clerk": None, "remark": "加急",
        "address": SECOND_HOME,
    }  # fmt: skip
    change_details(order=order, said=Details(**facts), by=cast.closer, now=NOW)
    order.refresh_from_db()
    assert (order.address, order.remark, order.state) == (SECOND_HOME, "加急", OrderState.RECEIVED)
    assert order.milestones.get(kind=MilestoneKind.CHECKED).reached_on is None
    event = OrderEvent.objects.get(kind=EventKind.DETAILS_CHANGED)
    assert event.params == {"changed": ["address", "remark"]}
    assert Chore.objects.filter(done_at=None).count() == 1
    for said, code in ((facts, "nothing_new"), (facts | {"address": ""}, "address_missing")):
        with pytest.raises(DetailsNotChanged) as refusal:
            change_details(order=order, said=Details(**said), by=cast.closer, now=NOW)
        assert refusal.value.codes == (code,)


def form(**said):
    facts = {
        "phone": PHONE, "name": "李先生", "address": HOME, "key": uuid4(), "seen": "yours",
        "channel": "phone", "terms": "on_delivery", "line0-product": "沙发", "line0-qty": "2",
        "line0-agreed_price": "5000", "line1-product": "茶几", "line1-agreed_price": "2600",
        "line1-supply": "stock",
    }  # fmt: skip
    return facts | said


def test_the_pages_from_a_number_to_a_checked_order(cast, as_):
    """12,800 on the customer's paper, 12,600 computed: saving asks for the reason (M65)."""
    browser = as_(cast.closer)
    page = browser.post("/orders/new/", form(original_amount="12,800")).content.decode()
    assert "200.00" in page
    assert not Order.objects.exists()
    told = form(original_amount="12800", difference_reason="赠品不计价")
    answer = browser.post("/orders/new/", told)
    assert answer.status_code == 302, answer.content.decode()
    page = browser.get(answer.url).content.decode()
    assert "¥12,600" in page
    assert "赠品不计价" in page
    assert f"{answer.url}check/" not in page
    assert browser.post(f"{answer.url}check/", {"looked_at": [*ALL]}).status_code == 403
    boss = as_(cast.manager)
    assert f"{answer.url}check/" in boss.get(answer.url).content.decode()
    assert boss.get(f"{answer.url}check/").status_code == 200
    assert boss.post(f"{answer.url}check/", {"looked_at": ["price"]}).status_code == 200
    assert boss.post(f"{answer.url}check/", {"looked_at": [*ALL]}).status_code == 302
    assert Order.objects.get().state == OrderState.CHECKED
    changed = {"address": SECOND_HOME, "channel": "fax", "remark": ""}
    assert browser.post(f"{answer.url}change/", changed).status_code == 302
    compared = {"original_amount": "12600", "difference_reason": ""}
    assert browser.post(f"{answer.url}compare/", compared).status_code == 302
    assert browser.get(f"{answer.url}change/").status_code == 200


def test_lines_are_written_later_and_corrected(cast, as_):
    taken = deposit(cast.closer, now=None)
    browser, page = as_(cast.closer), f"/orders/{taken.order_id}/"
    assert f"{page}lines/" in browser.get(page).content.decode()
    lines = {key: value for key, value in form().items() if key.startswith("line")}
    lines |= {"key": uuid4()}
    wrong = browser.post(f"{page}lines/", lines | {"line0-qty": "zwei"}).content.decode()
    assert "zwei" in wrong
    for _twice in range(2):
        sent = browser.post(f"{page}lines/", lines)
        assert (sent.status_code, sent.cookies["genjin_arrived"].value) == (
            302, quoted(f"{page}lines/", safe=""))  # fmt: skip
    other = browser.post(f"{page}lines/", lines | {"line0-qty": "9"}).content.decode()
    assert 'class="errors' in other or "is-error" in other
    line_url = f"{page}lines/{taken.order.lines.get(position=2).pk}/"
    assert 'value="茶几"' in browser.get(line_url).content.decode()
    sent = {"line0-product": "茶几", "line0-qty": "1", "line0-agreed_price": "2500"}
    cheap = browser.post(line_url, sent | {"line0-is_corrected": "on"}).content.decode()
    assert "is-error" in cheap or 'class="wrong"' in cheap
    noted = sent | {"line0-is_corrected": "on", "line0-remark": "问过客户"}
    assert browser.post(line_url, noted).status_code == 302
    taken.order.refresh_from_db()
    assert taken.order.amount == Decimal(12500)
    taken.order.lines.filter(position=2).update(remark="打 13612345678")
    assert "13612345678" not in browser.get(line_url).content.decode()
    again = sent | {"line0-qty": "2", "line0-remark": mask_in_text("打 13612345678")}
    assert browser.post(line_url, again).status_code == 302
    assert taken.order.lines.get(position=2).remark == "打 13612345678"


def test_a_quote_becomes_an_order_on_its_page(cast, as_):
    browser = as_(cast.filer)
    other = "13612345678"
    said = f"家里 {other}"
    answer = browser.post("/quotes/new/", quote_form() | {"remark": said})
    page = browser.get(f"{answer.url}order/").content.decode()
    assert other not in page
    assert HOME in page
    assert 'value="yours"' in page
    sent = {"key": uuid4(), "seen": "yours", "address": HOME, "channel": "in_store",
            "remark": mask_in_text(said), "terms": "prepaid",
            "promised_on": timezone.localdate() + timedelta(days=20)}  # fmt: skip
    placed = browser.post(f"{answer.url}order/", sent)
    assert placed.status_code == 302, placed.content.decode()
    assert Order.objects.get().remark == said
    assert "¥11,200" in browser.get(placed.url).content.decode()
    assert browser.post(f"{answer.url}check/", {"address": HOME}).status_code == 200


def test_who_reads_and_who_writes(cast, as_):
    order = place(cast.closer, now=timezone.now())
    page = f"/orders/{order.pk}/"
    expected = {
        PersonFactory(role=Role.FINANCE): (200, 403),
        PersonFactory(role=Role.OPS_MANAGER): (200, 403),
        cast.manager: (200, 200),
        cast.filer: (404, 404),
        PersonFactory(role=Role.MERCHANDISER): (403, 403),
    }
    clerk = PersonFactory(role=Role.MERCHANDISER)
    DutyFactory(person=clerk, kind=DutyKind.ORDER_DESK, store=cast.other)
    expected[clerk] = (200, 200)
    carrier = PersonFactory(store=cast.other, role=Role.SALES_STORE)
    DutyFactory(person=carrier, kind=DutyKind.DELIVERY, store=cast.other)
    expected[carrier] = (200, 403)
    for person, (reads, writes) in expected.items():
        browser = as_(person)
        assert browser.get(page).status_code == reads, person.role
        for act in ("lines/", "change/", "compare/", "sign/", "papers/new/"):
            assert browser.get(f"{page}{act}").status_code == writes, (person.role, act)
    for act in ("terms/", "cancel/"):
        for sent in ({}, {"terms": "prepaid", "reason": "x"}):
            assert as_(carrier).post(f"{page}{act}", sent).status_code == 403, act


def test_a_page_asks_as_much_for_one_line_as_for_twelve(cast, as_, django_assert_max_num_queries):
    few = place(cast.closer, now=timezone.now())
    many = place(cast.closer, now=timezone.now(), lines=[line(f"产品{n}", 10) for n in range(12)])
    browser = as_(cast.closer)
    browser.get(f"/orders/{few.pk}/")
    with django_assert_max_num_queries(60) as counted:
        browser.get(f"/orders/{few.pk}/")
    with django_assert_max_num_queries(len(counted.captured_queries)):
        browser.get(f"/orders/{many.pk}/")


@pytest.mark.parametrize(
    ("check", "page"),
    [("/orders/check-number/", "/orders/new/"), ("/quotes/check/", "/quotes/new/")],
)
def test_without_scripts_the_page_that_answers_for_a_number_sends_to_where_it_is_kept(
    cast, as_, check, page
):
    answered = as_(cast.closer).post(check, {"phone": PHONE, "name": "李先生"}).content.decode()
    _before, action, form = answered.partition(f'method="post" action="{page}"')
    assert action
    assert form.index('<button class="unseen" type="submit"') < form.index("formaction"), "Enter"


def test_from_a_card_no_number_is_asked(cast, as_):
    customer = customer_of(cast.filer, now=timezone.now())
    browser, page = as_(cast.filer), f"/customers/{customer.pk}/order/"
    blank = browser.get(page).content.decode()
    assert HOME in blank
    assert 'value="yours"' in blank
    answer = browser.post(page, form(phone="", name=""))
    assert answer.status_code == 302, answer.content.decode()
    assert Order.objects.get().customer == customer
    assert as_(cast.closer).get(page).status_code == 404


def test_a_number_in_a_known_address_is_masked_and_kept(as_):
    customer = CustomerFactory(address="望京花园 13612345678")
    page = as_(customer.owner).get(f"/customers/{customer.pk}/order/")
    form = page.context["form"]
    assert form.initial["address"] == "望京花园 136****5678"
    form.cleaned_data = {"address": "望京花园 136****5678 二楼"}
    assert form.wanted()["address"] == "望京花园 13612345678 二楼"
