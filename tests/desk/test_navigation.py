"""The way around: nobody is offered a page that they may not open, nor kept from one they may."""

import pytest
from django.urls import resolve, reverse
from django.utils import timezone

from desk.navigation import DOCK, ENTRIES
from staff.models import Person
from staff.services.notices import tell
from staff.states import DutyKind, NoticeKind, Role
from tests.factories.staff import DutyFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_registering_is_offered_to_whom_it_is_open(company, as_, role):
    browser = as_(PersonFactory(role=role, store=company.store))
    page = browser.get("/me/").content.decode()
    is_open = browser.get("/customers/register/").status_code == 200
    assert ('href="/customers/register/"' in page) == is_open


# Pages of orders, money and goods: whoever may open one is offered it.
ORDER_PLACES = (
    "orders:ledger", "orders:register", "orders:deliveries", "orders:quotes", "orders:payments",
    "reports:ageing", "orders:commissions", "orders:returns", "orders:parameters",
    "staff:targets", "orders:deposit", "reports:sales", "stock:board", "stock:proposals",
)  # fmt: skip
# Pages a tap further, by the page that leads there.
FURTHER = {
    "orders:payments": ("orders:bills", "orders:credits", "orders:day_ends"),
    "orders:returns": ("reports:returns",),
    "orders:commissions": ("reports:commission",),
}


def access_of(name):
    """The roles that a page is declared for; None where it decides by itself."""
    found = getattr(resolve(reverse(name)).func, "access", None)
    return found if isinstance(found, frozenset) else None


def test_no_role_is_offered_what_it_may_not_open():
    for entry in (*ENTRIES, *DOCK):
        access = access_of(entry.view)
        assert access is None or entry.roles <= access, entry.view


@pytest.mark.parametrize("role", Role.values)
def test_orders_money_and_goods_are_offered_to_exactly_who_may_open_them(company, as_, role):
    browser = as_(PersonFactory(role=role, store=company.store))
    page = browser.get("/me/").content.decode()
    for name in ORDER_PLACES:
        address, access = reverse(name), access_of(name)
        is_open = role in access if access else browser.get(address).status_code == 200
        # Once in the bar of the desk, once among the places of a phone.
        assert (page.count(f'href="{address}"') >= 2) == is_open, name


@pytest.mark.parametrize("role", ["sales_store", "store_manager", "finance"])
def test_what_is_not_in_the_bar_is_a_tap_further(company, as_, role):
    browser = as_(PersonFactory(role=role, store=company.store))
    for name, further in FURTHER.items():
        page = browser.get(reverse(name)).content.decode()
        for each in further:
            assert (f'href="{reverse(each)}' in page) == (role in access_of(each)), each


def test_a_duty_opens_the_orders_it_is_for(company, as_):
    clerk = PersonFactory(role="merchandiser", store=company.store)
    page = as_(clerk).get("/me/").content.decode()
    assert 'href="/orders/"' not in page
    DutyFactory(person=clerk, kind=DutyKind.VISUAL_DISPLAY, store=company.store)
    assert 'href="/orders/"' in as_(clerk).get("/me/").content.decode()


@pytest.mark.parametrize(
    ("role", "wanted"),
    [
        ("sales_store", ["/today/", "/customers/", "/customers/register/", "/orders/", "/me/"]),
        ("finance", ["/chores/", "/payments/", "/orders/", "/reports/receivables/", "/me/"]),
        ("merchandiser", ["/stock/", "/stock/proposals/", "/chores/", "/me/"]),
    ],
)
def test_the_dock_has_five_places(company, as_, role, wanted):
    page = as_(PersonFactory(role=role, store=company.store)).get("/me/")
    assert [place.url for place in page.context["dock"]] == wanted


def test_bar_and_dock_drawn_once_are_those_of_the_reader(company, as_):
    """Of one page: its role's places, its language's words, and the dot of its own bell."""
    seller, colleague = company.sales_store, PersonFactory(role="sales_store", store=company.store)
    for language in ("zh-hans", "en", "zh-hans"):
        for person in (seller, company.finance, colleague):
            Person.objects.filter(pk=person.pk).update(language=language)
        tell(person=seller, kind=NoticeKind.FILING_CLOCK, key=language, params={"filed_anew": 1},
             path="/customers/", now=timezone.now())  # fmt: skip
        pages = [as_(each).get("/me/").content.decode()
                 for each in (seller, company.finance, colleague)]  # fmt: skip
        assert ["bell-dot" in page for page in pages] == [True, False, False]
        assert ['href="/chores/"' in page for page in pages] == [False, True, False]
        assert all((">Customers<" in page) == (language == "en") for page in (pages[0], pages[2]))


@pytest.mark.parametrize("role", Role.values)
def test_a_thumb_reaches_five_places_at_most(role):
    assert sum(role in entry.roles for entry in DOCK) <= 5
