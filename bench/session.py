"""Who asks, and for what: read from the database that was just made."""

from datetime import timedelta
from importlib import import_module
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db.models import Count
from django.utils import timezone

from bench.page import Asked, Page
from core.listing.keyset import Order, Place
from customers.models import Contact, Customer, CustomerPhone
from customers.states import Grade
from desk.lists.customers import CUSTOMERS
from orders.lists.ledger import LEDGER
from orders.models import Order as OrderRow
from staff.models import Person
from staff.states import Role

ROWS = 25


def signed_in(role: Role) -> tuple[Person, str]:
    """Somebody of this role, and their cookie."""
    people = Person.objects.filter(role=role, is_active=True)
    person = people.annotate(many=Count("store__customers")).order_by("-many", "pk")[0]
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return person, f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _busiest() -> int:
    """A customer with a long history."""
    newest = Contact.objects.order_by("-pk").values_list("customer", flat=True)[:2000]
    counted: dict[int, int] = {}
    for customer in newest:
        counted[customer] = counted.get(customer, 0) + 1
    return max(counted, key=lambda pk: (counted[pk], pk))


def _read(name: str, cookie: str, product: str, floor: str = "") -> Page:
    return Page(
        name=name,
        cookie=cookie,
        product=[Asked(path=product)],
        floor=[Asked(path=floor or product)],
    )


def _visits(turns: int) -> Page:
    """A visit that was reached, with its next step, logged for another customer each time."""
    manager, cookie = signed_in(Role.STORE_MANAGER)
    served = Customer.objects.filter(store=manager.store, grade__in=[Grade.A, Grade.B1, Grade.B2])
    found = list(served.order_by("pk").values_list("pk", "grade")[: 2 * turns])
    tomorrow = timezone.localdate() + timedelta(days=1)

    def sent(pk: int, grade: str) -> Asked:
        said = {
            "key": str(uuid4()),
            "result": "connected",
            "reason": "care",
            "is_inbound": "on",
            "grade": grade,
            "next_kind": "call",
            "next_on": "other",
            "next_on_other": tomorrow.isoformat(),
        }
        return Asked(path=f"/customers/{pk}/log/", body=urlencode(said))

    rows = [sent(*row) for row in found]
    return Page(name="log a visit", cookie=cookie, product=rows[::2], floor=rows[1::2])


def _orders(deep: int) -> list[Page]:
    """The order ledger as operations and as the store with the most customers open it."""
    _ops, cookie = signed_in(Role.OPS_MANAGER)
    _manager, of_store = signed_in(Role.STORE_MANAGER)
    newest = OrderRow.objects.order_by("-ordered_on", "-pk")
    last = newest[min(deep * ROWS, newest.count() - ROWS)]
    token = Place.of(last, Order(LEDGER.sorts[0], is_descending=True)).token()
    behind = f"/orders/?behind={last.ordered_on}"
    seller = f"/orders/?seller={last.seller_id}&store={last.store_id}"
    return [
        _read("order ledger", cookie, "/orders/"),
        _read(f"ledger page {deep}", cookie, f"/orders/?after={token}", behind),
        _read("ledger, each line", cookie, "/orders/?lines=yes", "/orders/"),
        _read("ledger, red", cookie, "/orders/?colour=overdue", "/orders/"),
        _read("ledger, one seller", cookie, seller, "/orders/"),
        _read("ledger of a store", of_store, "/orders/"),
        _read("search an order", cookie, f"/orders/?q={last.number}"),
    ]


def pages_of(*, deep: int, turns: int) -> list[Page]:
    """The pages of the table, with addresses for this database."""
    _person, cookie = signed_in(Role.OPS_MANAGER)
    rows = Customer.objects.filter(next_contact_on__isnull=False)
    at = min(deep * ROWS, rows.count() - ROWS)
    last = rows.order_by("next_contact_on", "pk")[at]
    token = Place.of(last, Order(CUSTOMERS.sorts[0], is_descending=False)).token()
    last4 = CustomerPhone.objects.order_by("pk").values_list("last4", flat=True)[1000]
    behind = f"/customers/?behind={last.next_contact_on}"
    return [
        _read("customer list", cookie, "/customers/"),
        _read(f"page {deep}", cookie, f"/customers/?after={token}", behind),
        _read("search last four", cookie, f"/customers/?q={last4}"),
        _read("search a name", cookie, "/customers/?q=liwei"),
        _read("customer page", cookie, f"/customers/{_busiest()}/"),
        _visits(turns),
        *_orders(deep),
    ]
