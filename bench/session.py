"""Who asks, and for what: read from the database that was just made."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from bench.page import Page
from core.listing.keyset import Order, Place
from customers.models import Contact, Customer, CustomerPhone
from desk.lists.customers import CUSTOMERS
from staff.models import Person
from staff.states import Role

ROWS = 25


def signed_in() -> str:
    """The cookie of an operations manager, who sees all customers."""
    person = Person.objects.filter(role=Role.OPS_MANAGER, is_active=True).order_by("pk")[0]
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _busiest() -> int:
    """A customer with a long history."""
    newest = Contact.objects.order_by("-pk").values_list("customer", flat=True)[:2000]
    counted: dict[int, int] = {}
    for customer in newest:
        counted[customer] = counted.get(customer, 0) + 1
    return max(counted, key=lambda pk: (counted[pk], pk))


def pages_of(*, deep: int) -> list[Page]:
    """The pages of the table, with addresses for this database."""
    rows = Customer.objects.filter(next_contact_on__isnull=False)
    at = min(deep * ROWS, rows.count() - ROWS)
    last = rows.order_by("next_contact_on", "pk")[at]
    token = Place.of(last, Order(CUSTOMERS.sorts[0], is_descending=False)).token()
    card = f"/customers/{_busiest()}/"
    last4 = CustomerPhone.objects.order_by("pk").values_list("last4", flat=True)[1000]
    return [
        Page(name="customer list", product="/customers/", floor="/customers/"),
        Page(
            name=f"page {deep}",
            product=f"/customers/?after={token}",
            floor=f"/customers/?behind={last.next_contact_on}",
        ),
        Page(
            name="search last four",
            product=f"/customers/?q={last4}",
            floor=f"/customers/?q={last4}",
        ),
        Page(name="search a name", product="/customers/?q=liwei", floor="/customers/?q=liwei"),
        Page(name="customer page", product=card, floor=card),
    ]
