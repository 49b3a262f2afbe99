"""The answer before the button is what is settled; a form that was taken gives its receipt."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.translation import override

from filings.models import Deal, Policy, Ruling
from filings.states import CrossRegionSale, LookUp
from orders.models import Payment
from orders.queries.deposits import credit_of
from orders.states import Whose
from orders.wording.deposits import credited
from staff.states import Role
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.orders.stage import HOME, PHONE, SECOND_HOME, customer_of, deposit, stage
from tests.orders.test_deposit_views import CHECK, NEW, form, hers

pytestmark = pytest.mark.django_db
OTHER_NUMBER = "13900139000"
FAR = "西安市雁塔区锦业路1号3幢1单元201室"


@pytest.fixture
def cast():
    return stage()


def asked(browser, **said):
    """The answer beside the number, as whoever types it reads it."""
    page = browser.post(CHECK, {"phone": PHONE} | said, headers={"HX-Request": "true"})
    text = page.content.decode()
    return text.split('name="seen" value="')[1].split('"')[0], text


def taken(browser, seen, **said):
    return browser.post(NEW, form(seen=seen, **said))


def scenes(cast):
    far = RegionFactory(name="西安", places="雁塔")
    StoreFactory(region=far)
    hers(cast)


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        ({"phone": OTHER_NUMBER, "address": SECOND_HOME}, Whose.YOURS),
        ({"phone": OTHER_NUMBER, "address": FAR}, Whose.HOME),
        ({"phone": OTHER_NUMBER, "address": HOME}, Whose.RULED),
        ({"phone": OTHER_NUMBER, "address": ""}, Whose.ADDRESS),
        ({"phone": PHONE, "address": HOME}, Whose.FILER),
        ({"phone": PHONE, "address": ""}, Whose.FILER),
        ({"phone": PHONE, "address": SECOND_HOME}, Whose.RULED),
    ],
)
def test_what_is_said_before_the_button_is_what_is_settled(cast, as_, said, whose):
    scenes(cast)
    browser = as_(cast.closer)
    seen, text = asked(browser, **said)
    assert seen == whose
    for secret in (cast.filer.name, cast.store.name, "西安"):
        assert secret not in text
    answer = taken(browser, seen, **said)
    if whose == Whose.ADDRESS:
        assert (answer.status_code, Payment.objects.count()) == (200, 0)
        return
    assert answer.status_code == 302
    ruling = Ruling.objects.get()
    settled = {
        Whose.YOURS: (cast.closer, False), Whose.FILER: (cast.filer, False),
        Whose.HOME: (None, True), Whose.RULED: (None, False),
    }  # fmt: skip
    assert (ruling.credited_to, ruling.is_home_region) == settled[whose]


def test_an_answer_that_an_address_made_false_is_shown_before_anything_is_taken(cast, as_):
    scenes(cast)
    browser = as_(cast.closer)
    seen, _text = asked(browser, phone=OTHER_NUMBER, address=SECOND_HOME)
    answer = taken(browser, seen, phone=OTHER_NUMBER, address=FAR)
    page = answer.content.decode()
    assert (answer.status_code, Payment.objects.count()) == (200, 0)
    assert 'value="home"' in page
    assert taken(browser, "home", phone=OTHER_NUMBER, address=FAR).status_code == 302


def test_a_form_that_was_taken_gives_its_receipt_however_often_it_comes(cast, as_):
    browser, sent = as_(cast.closer), form(seen="yours")
    first = browser.post(NEW, sent)
    assert first.status_code == 302
    for seen in ("yours", "filer", "", "wait"):
        assert browser.post(NEW, sent | {"seen": seen}).url == first.url
    assert Payment.objects.count() == 1


def test_the_till_says_no_more_of_a_card_than_registering_does(cast, as_):
    """A card that never bought and was never filed reads like no card at all (decision 4)."""
    browser = as_(cast.closer)
    said = {"phone": OTHER_NUMBER, "address": SECOND_HOME}
    none = asked(browser, **said)
    bare = asked(browser, phone=OTHER_NUMBER)
    customer_of(cast.filer, phone=OTHER_NUMBER, address=SECOND_HOME)
    assert asked(browser, **said) == none
    assert asked(browser, phone=OTHER_NUMBER) == bare
    refused = taken(browser, "address", phone=OTHER_NUMBER, address="")
    assert (refused.status_code, Payment.objects.count()) == (200, 0)


def test_the_same_number_is_told_in_the_same_words_on_both_pages(cast, as_):
    at = timezone.now() - timedelta(days=1)
    customer_of(cast.filer, now=at)
    deposit(cast.filer, now=at + timedelta(hours=1))
    browser = as_(cast.closer)
    titles = set()
    for page in (CHECK, "/customers/check-phone/"):
        text = browser.post(page, {"phone": PHONE}, headers={"HX-Request": "true"})
        titles.add(text.content.decode().split("<b>")[1].split("</b>")[0])
    with override("zh-hans"):
        assert titles == {str(LookUp.OURS.label)}


@pytest.mark.parametrize(
    ("check", "page"),
    [(CHECK, NEW), ("/customers/check-phone/", "/customers/register/")],
)
def test_after_asking_without_scripts_the_form_goes_where_it_is_taken(cast, as_, check, page):
    text = as_(cast.closer).post(check, form()).content.decode()
    assert f'method="post" action="{page}"' in text


def test_a_deposit_too_small_to_settle_is_foreseen_all_the_same(cast, as_):
    hers(cast)
    assert taken(as_(cast.closer), "filer", amount="1").status_code == 302
    assert credited(credit_of(Payment.objects.get().order.number)).tone == "good"
    assert Deal.objects.get().credited_to == cast.filer


def test_a_manager_is_named_where_terms_refuse_the_sale(cast, as_):
    Policy.objects.update(cross_region_sale=CrossRegionSale.BLOCK)
    scenes(cast)
    seller = PersonFactory(store=cast.other, role=Role.SALES_STORE)
    seen, text = asked(as_(seller), phone=OTHER_NUMBER, address=FAR)
    assert (seen, "西安" in text) == ("refused", False)


def test_two_keys_are_two_deposits(cast, as_):
    browser = as_(cast.closer)
    assert taken(browser, "yours").url != taken(browser, "yours", key=str(uuid4())).url
    assert Payment.objects.count() == 2
