"""Special prices: asked for, decided, and used by a quote under the floor (FIL-38)."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from filings.models import SpecialPrice
from filings.rules.deciders import Matter
from filings.rules.prices import PriceLine, asking_blockers, matter_of
from filings.services.prices import (
    Line,
    PriceNotApproved,
    PriceNotAsked,
    PriceNotDecided,
    approved_price,
    ask_price,
    decide_price,
)
from staff.states import NoticeKind
from stock.models import Brand, Style
from stock.states import Kind
from tests.factories.stock import MovementFactory, StyleFactory
from tests.filings.leads import told_of

TODAY = date(2026, 3, 12)
SOFA = {"product": "云朵沙发", "list_price": Decimal(10000), "floor_price": Decimal(8000)}
told = partial(told_of, NoticeKind.SPECIAL_PRICE)


def line(wished=8500, **said) -> PriceLine:
    return PriceLine(**SOFA | {"wished_price": Decimal(wished)} | said)


@pytest.mark.parametrize(
    ("lines", "matter"),
    [
        ([line(8000)], Matter.PRICE),
        ([line(7999)], Matter.PRICE_BELOW_FLOOR),
        ([line(9000, floor_price=None)], Matter.PRICE_BELOW_FLOOR),
        ([line(9000), line(7000)], Matter.PRICE_BELOW_FLOOR),
    ],
)
def test_managers_go_to_the_floor_and_operations_below(lines, matter):
    assert matter_of(lines) == matter


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, None),
        ({"lines": []}, "no_lines"),
        ({"lines": [line(), line(9000)]}, "product_twice"),
        ({"lines": [line(10000)]}, "not_under_list"),
        ({"lines": [line(0)]}, "not_under_list"),
        ({"lines": [line(floor_price=Decimal(10001))]}, "floor_over_list"),
        ({"reason": " "}, "reason_missing"),
        ({"valid_until": TODAY}, None),
        ({"valid_until": TODAY - timedelta(days=1)}, "valid_until_is_past"),
        ({"valid_until": TODAY + timedelta(days=180)}, None),
        ({"valid_until": TODAY + timedelta(days=181)}, "valid_until_is_far"),
    ],
)
def test_what_stops_an_application(said, code):
    asked = {"lines": [line()], "reason": "团购", "valid_until": TODAY, "today": TODAY} | said
    assert [blocker.code for blocker in asking_blockers(**asked)] == ([code] if code else [])


def asked(house, *, wished=8500, by=None, key=None, **said) -> SpecialPrice:
    now = timezone.now()
    by = by or house.seller
    lines = [Line(**SOFA | {"wished_price": Decimal(wished)} | said)]
    return ask_price(
        customer=house.customer(by, now=now), lines=lines, reason="老客户介绍",
        valid_until=timezone.localdate() + timedelta(days=7), by=by, key=key or uuid4(),
    )  # fmt: skip


@pytest.mark.django_db
def test_it_is_asked_for_told_and_approved(house):
    price = asked(house)
    assert told(house.manager) == [f"林晓月 asks for special price {price.number}."]
    decide_price(price=price, is_approved=True, by=house.manager)
    assert told(house.seller) == [f"周立强 approved special price {price.number}."]
    found = approved_price(
        number=price.number.lower(), customer=price.customer, product=" 云朵沙发 ",
        on=price.valid_until, price=Decimal(8500),
    )  # fmt: skip
    assert found.wished_price == Decimal(8500)


@pytest.mark.django_db
def test_under_the_floor_operations_are_told(house):
    asked(house, wished=7000)
    assert (len(told(house.manager)), len(told(house.ops))) == (0, 1)


@pytest.mark.django_db
def test_the_floor_of_a_style_is_the_masters_whatever_is_typed(house):
    """Nobody takes a price to the own manager by typing a lower floor (FIL-38, forms 2.2)."""
    style = StyleFactory(tag_price=10000)
    low = {"style": style, "floor_price": Decimal(7000), "wished": 7500}
    assert asked(house, **low).lines.get().floor_price == Decimal(7000), "nobody knows another"
    style.floor_price = Decimal(8000)
    given = asked(house, **low)
    assert (given.lines.get().floor_price, len(told(house.ops))) == (Decimal(8000), 1)
    style.floor_price = None
    MovementFactory(style=style, kind=Kind.PURCHASE, unit_cost=9000)
    reckoned = asked(house, **low | {"floor_price": None})
    assert reckoned.lines.get().floor_price > 10000, "what costs more than its tag is asked for too"
    assert (len(told(house.manager)), len(told(house.ops))) == (1, 2)


@pytest.mark.django_db
def test_the_same_form_twice_asks_once(house):
    key = uuid4()
    assert asked(house, key=key) == asked(house, key=key)
    assert SpecialPrice.objects.count() == len(told(house.manager)) == 1


@pytest.mark.django_db
def test_it_is_refused_with_a_reason_and_nobody_decides_the_own(house):
    price = asked(house)
    with pytest.raises(PriceNotDecided, match="Say why"):
        decide_price(price=price, is_approved=False, by=house.manager)
    with pytest.raises(PriceNotDecided, match="Nobody approves the own"):
        decide_price(price=price, is_approved=True, by=house.seller)
    decide_price(price=price, is_approved=False, note="不行", by=house.manager)
    assert "refused" in told(house.seller)[0]
    with pytest.raises(PriceNotDecided, match="decided this already"):
        decide_price(price=price, is_approved=True, by=house.ops)


@pytest.mark.django_db
def test_people_without_a_store_ask_for_none(house):
    with pytest.raises(PriceNotAsked, match="Only people of a store"):
        ask_price(
            customer=house.customer(house.seller, now=timezone.now()), lines=[], reason="x",
            valid_until=TODAY, by=house.ops, key=uuid4(),
        )  # fmt: skip


@pytest.mark.django_db
def test_a_quote_is_carried_by_no_other_number(house):
    price, other = asked(house), house.customer(house.seller, now=timezone.now())
    said = {
        "number": price.number, "customer": price.customer, "product": "云朵沙发",
        "on": timezone.localdate(), "price": Decimal(8500),
    }  # fmt: skip

    def code(**changed):
        with pytest.raises(PriceNotApproved) as refusal:
            approved_price(**said | changed)
        assert str(refusal.value)
        return refusal.value.codes[0]

    assert code() == "not_approved"
    decide_price(price=price, is_approved=True, by=house.manager)
    assert code(number="TJ-999999") == code(number="x") == code(number="") == "unknown_number"
    assert code(customer=other) == "other_customer"
    assert code(product="云朵床") == "other_product"
    assert code(on=price.valid_until + timedelta(days=1)) == "expired"
    assert code(price=Decimal("8499.99")) == "under_approved"
    refused = asked(house)
    decide_price(price=refused, is_approved=False, note="不行", by=house.manager)
    assert code(number=refused.number, customer=refused.customer) == "refused"


# the pages


def sent(browser, customer, **said):
    page = f"/customers/{customer.pk}/special-price/"
    form = browser.get(page).context["form"]
    typed = {
        "key": form["key"].value(), "reason": "老客户介绍",
        "valid_until": form["valid_until"].value(),
        "line0-product": "云朵沙发", "line0-list_price": "10,000", "line0-floor_price": "8000",
        "line0-wished_price": "¥8500",
    }  # fmt: skip
    return browser.post(page, typed | said)


@pytest.mark.django_db
def test_it_is_asked_for_on_the_card_and_decided_on_its_page(house, as_):
    customer = house.customer(house.seller, now=timezone.now())
    browser = as_(house.seller)
    answer = sent(browser, customer)
    price = SpecialPrice.objects.get()
    page = f"/special-prices/{price.pk}/"
    assert answer.url == page
    assert "nobody quotes it" in browser.get(page).content.decode()
    assert browser.post(f"{page}decide/", {"answer": "approve"}).status_code == 403
    manager = as_(house.manager)
    assert [row["pk"] for row in manager.get("/special-prices/").context["rows"]] == [price.pk]
    refused = manager.post(f"{page}decide/", {"answer": "refuse", "note": ""})
    assert refused.context["form"].errors["note"]
    assert manager.post(f"{page}decide/", {"answer": "approve", "note": ""}).status_code == 302
    assert "Write the number on the quote" in browser.get(page).content.decode()
    again = browser.get(f"/customers/{customer.pk}/special-price/")
    assert [row["number"] for row in again.context["earlier"]] == [price.number]
    late = as_(house.ops).post(f"{page}decide/", {"answer": "refuse", "note": "晚了"})
    assert "decided this already" in late.content.decode()


@pytest.mark.django_db
def test_a_style_of_the_master_brings_its_list_price(house, as_):
    brands = [Brand.objects.create(name=name) for name in ("云朵", "山川")]
    Style.objects.create(brand=brands[0], number="SF-2201", tag_price=Decimal(9900))
    customer = house.customer(house.seller, now=timezone.now())
    said = {"line0-product": "sf-2201", "line0-list_price": ""}
    sent(as_(house.seller), customer, **said)
    found = SpecialPrice.objects.get().lines.get()
    assert (found.list_price, found.style.number) == (Decimal(9900), "SF-2201")
    Style.objects.create(brand=brands[1], number="SF-2201", tag_price=Decimal(9900))
    answer = sent(as_(house.seller), customer, **said)
    assert "Write the brand before it" in answer.content.decode()
    sent(as_(house.seller), customer, **said | {"line0-product": "山川 SF-2201"})
    assert SpecialPrice.objects.count() == 2


@pytest.mark.django_db
def test_what_is_wrong_with_a_line_stands_at_its_fields(house, as_):
    customer = house.customer(house.seller, now=timezone.now())
    answer = sent(as_(house.seller), customer, **{"line0-wished_price": ""})
    assert "Say the price asked for." in answer.content.decode()
    answer = sent(as_(house.seller), customer, **{"line0-wished_price": "12000"})
    assert "lies under the list price" in answer.content.decode()
    answer = sent(as_(house.seller), customer, **{"line1-product": "床", "reason": ""})
    form = answer.context["form"]
    assert form.errors["reason"]
    assert form.lines[1].errors["list_price"]
    assert SpecialPrice.objects.count() == 0


@pytest.mark.django_db
def test_managers_do_not_decide_under_the_floor(house, as_):
    price = asked(house, wished=7000)
    page = f"/special-prices/{price.pk}/"
    shown = as_(house.manager).get(page)
    assert not shown.context["row"]["may"]
    assert "decided by operations" in shown.content.decode()
    assert as_(house.manager).post(f"{page}decide/", {"answer": "approve"}).status_code == 403
    assert as_(house.ops).post(f"{page}decide/", {"answer": "approve"}).status_code == 302


@pytest.mark.django_db
def test_strangers_and_others(house, as_):
    price = asked(house)
    page = f"/special-prices/{price.pk}/"
    for person in (house.stranger, house.colleague, house.stranger_manager, house.finance):
        assert as_(person).get(page).status_code == 404
    assert as_(house.finance).get("/special-prices/").status_code == 403
    assert as_(house.stranger).get("/special-prices/").context["rows"] == []
    assert as_(house.ops).get(f"{page}decide/").status_code == 405
    assert as_(house.ops).get("/special-prices/?part=x").status_code == 400
    assert as_(house.ops).get(f"/customers/{price.customer_id}/special-price/").status_code == 403
    assert (
        as_(house.stranger).get(f"/customers/{price.customer_id}/special-price/").status_code == 404
    )


@pytest.mark.django_db
def test_the_list_costs_the_same_for_one_and_for_twelve(house, as_):
    browser = as_(house.manager)
    asked(house)
    browser.get("/special-prices/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/special-prices/")
    for _each in range(11):
        asked(house)
    with CaptureQueriesContext(connection) as twelve:
        browser.get("/special-prices/")
    assert len(one) == len(twelve) <= 15
