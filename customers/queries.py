"""Reads of the customers room: who may see which customer, and how one is found."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.keyring import keyring
from core.phones import PhoneRefused, normalise
from customers.models import Access, Contact, Customer, CustomerPhone, PhoneReveal
from staff.scope import Reach
from staff.states import Level


def visible(reach: Reach) -> QuerySet[Customer]:
    """The customers within reach; all others do not exist for the asker."""
    customers = Customer.objects.all()
    if reach.level == Level.ALL:
        return customers
    access = Access.objects.filter(customer=OuterRef("pk"), person=reach.person_id)
    mine = Q(owner=reach.person_id) | Q(Exists(access))
    if reach.assists:
        mine |= Q(owner__in=reach.assists)
    if reach.level == Level.STORE:
        return customers.filter(mine | Q(store__in=reach.store_ids))
    if reach.level == Level.OWN:
        return customers.filter(mine)
    return customers.none()


def with_this_number(text: str) -> CustomerPhone | None:
    """Whose number this is, in whatever spelling (FIL-31); None where it is nobody's."""
    try:
        phone = normalise(text)
    except PhoneRefused:
        return None
    key = keyring().index(phone.e164)
    return CustomerPhone.objects.select_related("customer").filter(key=key).first()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def matching(customers: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Those among `customers` whom `text` finds: name, pinyin, initials, the full number or its
    last four digits, address. An empty text finds all; part of a number finds nobody.
    """
    text = " ".join(text.split())[:60].lower()
    if not text:
        return customers
    found = Q(search__contains=text) | Q(address__contains=text)
    phones = CustomerPhone.objects.filter(customer=OuterRef("pk"))
    digits = text.replace(" ", "")
    if len(digits) == 4 and digits.isdecimal():
        found |= Exists(phones.filter(last4=digits))
    owner = with_this_number(text)
    if owner is not None:
        found |= Q(pk=owner.customer_id)
    return customers.filter(found)


def contacts_of(customer: Customer) -> QuerySet[Contact]:
    """The contacts of one customer, newest first."""
    return customer.contacts.select_related("by", "on_behalf_of", "voided_by").order_by(
        "-occurred_at", "-pk"
    )


def reveals_today(person_id: int, *, today: date) -> int:
    """How many customers' numbers this person opened today."""
    return PhoneReveal.objects.filter(person=person_id, on=today).count()
