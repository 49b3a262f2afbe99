"""What a customer owns, on the card, and the acts on it, through real pages."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEntry
from customers.models import OwnedProduct, ProductEvent
from customers.queries import matching, visible
from customers.states import GoneReason
from followups import services
from staff.models import Person
from staff.scope import reach_of
from staff.states import Role, Trade
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory

TODAY = date(2026, 3, 12)


@pytest.fixture(autouse=True)
def _english_cars(company):
    company.store.trade = Trade.CARS
    company.store.save()
    Person.objects.update(language="en")
    for role in Role:
        getattr(company, role.value).language = "en"


@pytest.fixture
def who(company):
    return CustomerFactory(
        name="周雅琴", phone="13911204476", owner=company.sales_store, grade="B2"
    )


def sold(who, **told):
    now = timezone.now()
    facts = {"product": "远山X5", "serial": "LSVNV133X22222222", "delivered_on": TODAY} | told
    return services.record_delivery(customer=who, by=who.owner, now=now, key=uuid4(), **facts)


@pytest.fixture
def car(who):
    return sold(who, insurance_until=date(2027, 3, 11))


def tab(who) -> str:
    return f"/customers/{who.pk}/?tab=products"


def page(browser, address) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


ACTS = ("edit", "events/new", "gone", "back", "replacement")


@pytest.mark.parametrize(
    ("role", "found"),
    [
        ("sales_store", [200, 200, 200, 200, 403, 200]),
        ("store_manager", [200, 200, 200, 200, 200, 200]),
        ("ops_manager", [200, 403, 403, 200, 200, 403]),
        ("marketing_manager", [200, 403, 403, 403, 403, 403]),
        ("stranger", [404] * 6),
        ("field_supervisor", [404] * 6),
        ("finance", [403] * 6),
        ("admin", [403] * 6),
    ],
)
def test_who_may_do_what(car, who, company, as_, role, found):
    browser = as_(getattr(company, role))
    addresses = [f"/customers/{who.pk}/print/owner/", *(f"/products/{car.pk}/{a}/" for a in ACTS)]
    assert [browser.get(address).status_code for address in addresses] == found
    if found[1] == 200:
        gone = [browser.get(f"/products/{2**40}/{act}/").status_code for act in ACTS]
        assert gone == [404] * 5
        assert browser.delete(addresses[1]).status_code == 405


def test_the_panel_shows_what_is_known_and_what_is_missing(car, who, company, as_):
    text = page(as_(company.sales_store), tab(who))
    assert "LSVNV133X22222222" in text
    assert "insurer" in text
    assert f"/products/{car.pk}/edit/" in text
    read = page(as_(company.marketing_manager), tab(who))
    assert "LSVNV133X22222222" in read
    assert f"/products/{car.pk}/" not in read
    assert f"/customers/{who.pk}/deliveries/new/" not in read


def test_an_empty_tab_says_what_to_do(who, company, as_):
    text = page(as_(company.sales_store), tab(who))
    assert "empty" not in text
    assert f"/customers/{who.pk}/deliveries/new/" in text


def form_of(browser, car, **changes):
    form = browser.get(f"/products/{car.pk}/edit/").context_data["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else str(value) for name, value in sent.items()} | changes


def change(browser, car, **changes):
    return browser.post(f"/products/{car.pk}/edit/", form_of(browser, car, **changes))


def test_a_product_is_changed_and_spelled_normally(car, who, company, as_):
    browser = as_(company.sales_store)
    answer = change(
        browser, car, plate="京ａ·12345", price="¥219,800", serial="ｌｓｖnv133x22222223"
    )
    assert answer.url == f"/customers/{who.pk}/?tab=products#product-{car.pk}"
    car.refresh_from_db()
    assert (car.plate, str(car.price), car.serial) == ("京A12345", "219800.00", "LSVNV133X22222223")
    who.refresh_from_db()
    assert (str(who.bought_total), who.bought_count, who.last_bought_on) == ("219800.00", 1, TODAY)
    assert AuditEntry.objects.filter(verb="change_product").count() == 1


def test_what_looks_mistyped_is_kept_and_named(car, who, company, as_):
    browser = as_(company.sales_store)
    change(browser, car, serial="LSVNV133X2222", plate="12345")
    text = page(browser, tab(who))
    assert text.count("13 characters instead of 17") == 2
    assert text.count("plate looks unusual") == 2
    change(browser, car, serial="LSVNV133X2222222O", plate="京AD12345")
    text = page(browser, tab(who))
    assert "never I, O or Q" in text
    assert "unusual" not in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"product": ""}, "product"),
        ({"price": "-1"}, "price"),
        ({"price": "0"}, "price"),
        ({"price": "abc"}, "price"),
        ({"first_service_km": "5000.5"}, "first_service_km"),
        ({"invoice_on": "2026-02-30"}, "invoice_on"),
        ({"delivered_on": "2099-01-01"}, "delivered_on"),
        ({"delivered_on": ""}, "delivered_on"),
        ({"note": "x" * 401}, "note"),
        ({"seen": "long ago"}, "__all__"),
    ],
)
def test_a_change_that_cannot_be_says_why_and_keeps_what_was_typed(
    car, company, as_, changes, field
):
    answer = change(as_(company.sales_store), car, colour="香槟金", **changes)
    assert answer.status_code == 200
    assert answer.context_data["form"].errors[field]
    assert "香槟金" in answer.content.decode()
    assert OwnedProduct.objects.get().colour == ""


def test_two_people_changing_one_product_are_told(car, company, as_):
    first, second = as_(company.sales_store), as_(company.store_manager)
    told = form_of(second, car, colour="黑")
    change(first, car, colour="白")
    answer = second.post(f"/products/{car.pk}/edit/", told)
    form = answer.context_data["form"]
    assert "compare" in str(form.errors["__all__"])
    again = {name: form[name].value() or "" for name in form.fields}
    assert second.post(f"/products/{car.pk}/edit/", again).status_code == 302
    car.refresh_from_db()
    assert car.colour == "黑"


def test_a_change_keeps_seconds_of_the_delivery_and_masked_numbers(who, company, as_):
    at = timezone.now() - timedelta(days=2)
    car = sold(who, delivered_on=who.store.today(at), delivered_at=at, product="X5 13800138000")
    browser = as_(company.sales_store)
    assert "13800138000" not in page(browser, f"/products/{car.pk}/edit/")
    change(browser, car, colour="白")
    car.refresh_from_db()
    assert (car.delivered_at, car.product, car.colour) == (at, "X5 13800138000", "白")


def note(browser, car, **told):
    sent = {"key": str(uuid4()), "kind": "service", "on": "2026-11-01", "text": "", **told}
    return browser.post(f"/products/{car.pk}/events/new/", sent)


def test_an_event_is_noted_shown_masked_and_taken_back(car, who, company, as_):
    browser = as_(company.sales_store)
    answer = note(browser, car, mileage="5,000", text="取车电话 13800138000", amount="680")
    assert answer.status_code == 302
    event = ProductEvent.objects.get()
    text = page(browser, tab(who))
    assert "5,000 km" in text
    assert "138****8000" in text
    assert "13800138000" not in text
    void = f"/product-events/{event.pk}/void/"
    assert void in text
    assert browser.get(void).status_code == 200
    assert browser.post(void, {"reason": ""}).status_code == 200
    assert browser.post(void, {"reason": "记错车了"}).status_code == 302
    text = page(browser, tab(who))
    assert "记错车了" in text
    assert void not in text
    assert browser.get(void).context_data["refusals"]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "transfer"}, "kind"),
        ({"on": ""}, "on"),
        ({"on": "2099-01-01"}, "on"),
        ({"kind": "renewal"}, "insured_until"),
        ({"kind": "renewal", "insured_until": "2026-12-01"}, "insured_until"),
        ({"kind": "complaint"}, "text"),
        ({"mileage": "-1"}, "mileage"),
        ({"key": ""}, "key"),
    ],
)
def test_an_event_that_cannot_be_says_why(car, company, as_, told, field):
    answer = note(as_(company.sales_store), car, **told)
    assert answer.status_code == 200
    assert answer.context_data["form"].errors[field]
    assert not ProductEvent.objects.exists()


def test_an_event_of_another_is_a_managers_to_take_back(car, company, as_):
    note(as_(company.store_manager), car)
    void = f"/product-events/{ProductEvent.objects.get().pk}/void/"
    roles = ("sales_store", "store_manager", "ops_manager", "marketing_manager", "stranger")
    found = [as_(getattr(company, role)).get(void).status_code for role in roles]
    assert found == [403, 200, 200, 403, 404]


def end(browser, car, **told):
    return browser.post(f"/products/{car.pk}/gone/", {"because": "scrapped", **told})


def test_a_product_that_is_gone_stands_greyed_at_the_end_and_comes_back(car, who, company, as_):
    newer = sold(who, product="远山X3", serial="LSVNV133X33333333")
    browser, manager = as_(company.sales_store), as_(company.store_manager)
    assert end(browser, newer, note="事故").status_code == 302
    text = page(browser, tab(who))
    assert text.index(f"product-{car.pk}") < text.index(f"product-{newer.pk}")
    assert "is-gone" in text
    assert "事故" in text
    assert f"/products/{newer.pk}/back/" in text  # within ten minutes
    assert f"/products/{newer.pk}/edit/" not in text
    closed = browser.get(f"/products/{newer.pk}/edit/")
    assert (closed.status_code, "no longer with the customer" in closed.content.decode()) == (
        403, True)  # fmt: skip
    assert manager.post(f"/products/{newer.pk}/back/", {"reason": "看错了"}).status_code == 302
    newer.refresh_from_db()
    assert newer.gone_on is None


def test_a_mistake_is_for_managers_and_for_whoever_just_recorded_it(car, who, company, as_):
    colleague = PersonFactory(store=company.store)
    services.assign_keeper(
        customer=who, keeper=colleague, by=company.store_manager, now=timezone.now()
    )
    answer = end(as_(colleague), car, because="mistake", note="x")
    assert answer.context_data["form"].errors["because"]
    reasons = as_(company.ops_manager).get(f"/products/{car.pk}/gone/").context_data["form"]
    assert [value for value, _label in reasons.fields["because"].choices] == [GoneReason.MISTAKE]
    answer = end(as_(company.ops_manager), car, because="mistake", note="")
    assert answer.context_data["form"].errors["note"]
    assert end(as_(company.ops_manager), car, because="mistake", note="重复").status_code == 302
    text = page(as_(company.store_manager), f"/customers/{who.pk}/")
    assert "Recorded by mistake" in text


def test_a_car_sold_on_is_given_to_the_customer_with_that_number(car, who, company, as_):
    browser = as_(company.sales_store)
    stranger = CustomerFactory(phone="13911204478", owner=company.stranger)
    for number in ("13911204478", "13911204479"):
        answer = end(browser, car, because="sold", to_phone=number)
        assert "No customer of yours" in str(answer.context_data["form"].errors["to_phone"])
    answer = end(browser, car, because="sold", to_phone="13911204476")
    assert answer.context_data["form"].errors["to_phone"]
    assert not stranger.products.exists()
    buyer = CustomerFactory(phone="13911204477", owner=company.sales_store)
    assert end(browser, car, because="sold", to_phone="139 1120 4477").status_code == 302
    assert buyer.products.get().serial == car.serial


def test_a_replacement_is_one_tap_and_one_to_confirm(car, who, company, as_):
    browser = as_(company.sales_store)
    address = f"/products/{car.pk}/replacement/"
    assert f"{address}?to=year" in page(browser, tab(who))
    assert browser.get(f"{address}?to=year").status_code == 200
    car.refresh_from_db()
    assert car.replacement == ""
    assert browser.post(address, {"to": "nonsense"}).status_code == 200
    assert browser.post(address, {"to": "year"}).status_code == 302
    car.refresh_from_db()
    assert car.replacement == "year"


def queries(browser, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page(browser, address)
    return len(asked)


@pytest.mark.parametrize("address", ["?tab=products", "print/owner/"])
def test_the_same_queries_for_one_product_and_for_twelve(car, who, company, as_, address):
    browser = as_(company.sales_store)
    note(browser, car)
    page(browser, f"/customers/{who.pk}/{address}")
    one = queries(browser, f"/customers/{who.pk}/{address}")
    for number in range(11):
        other = sold(who, serial=f"LSVNV133X3333{number:04}")
        for day in ("2026-11-01", "2026-11-02"):
            note(browser, other, on=day)
    assert queries(browser, f"/customers/{who.pk}/{address}") == one


def test_an_owner_is_found_by_plate_and_vin_and_by_no_part_of_them(car, who, company, as_):
    change(as_(company.sales_store), car, plate="京A12345", serial="80012345678")
    CustomerFactory(owner=company.sales_store)
    everybody = visible(reach_of(company.marketing_manager, today=TODAY))
    for text in ("京A12345", "京a·12345", " 京Ａ 12345", "80012345678", "８００12345678"):
        assert list(matching(everybody, text)) == [who], text
    for text in ("A12345", "京A1234", "8001234567"):
        assert not matching(everybody, text).exists(), text
    assert not matching(visible(reach_of(company.stranger, today=TODAY)), "京A12345").exists()
    end(as_(company.sales_store), car)
    assert not matching(everybody, "京A12345").exists()
