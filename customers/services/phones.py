"""The several numbers of a customer: one more, which is the main one, which is no longer right."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.keyring import keyring
from core.phones import Phone
from core.refusals import Refused
from core.services import audit
from customers.models import Customer, CustomerPhone
from customers.services.lookups import look_up_number
from customers.services.register import update_customer
from customers.services.told import tell_keeper
from staff.models import Person


class NumberNotChanged(Refused):
    """A number of a customer was left as it was."""

    messages = {
        "is_gone": _("This number is no longer on the card."),
        "is_retired": _("This number is retired. Take it up again first."),
    }


def add_number(*, customer: Customer, phone: Phone, by: Person, now: datetime) -> None:
    """Give the customer one more number; a retired one of theirs is taken up again.

    Whether it is taken tells whose it is not, so that it counts as asked for, outside the
    transaction: a refusal does not take the count back. Raises NumberNotLookedUp,
    CustomerNotRegistered.
    """
    known = look_up_number(phone=phone, by=by, now=now)
    if known == customer and _in_use(customer, phone):
        return

    with transaction.atomic():
        held = _hold(customer.pk)
        update_customer(customer=held, by=by, now=now, new_phones=[phone])


def _in_use(customer: Customer, phone: Phone) -> bool:
    key = keyring().index(phone.e164)
    return customer.phones.filter(key=key, retired_at=None).exists()


def _hold(pk: int) -> Customer:
    """The customer's row: who is main is agreed on by one person at a time."""
    return Customer.objects.select_for_update(no_key=True).get(pk=pk)


def _held_number(number: CustomerPhone) -> CustomerPhone:
    _hold(number.customer_id)
    held = CustomerPhone.objects.filter(pk=number.pk, customer=number.customer_id).first()
    if held is None:
        raise NumberNotChanged.because("is_gone")
    return held


@transaction.atomic
def make_main(*, number: CustomerPhone, by: Person, now: datetime) -> None:
    """Make this the number that is called; the one before stays. Raises NumberNotChanged."""
    held = _held_number(number)
    if held.retired_at is not None:
        raise NumberNotChanged.because("is_retired")
    if held.is_primary:
        return

    _put_first(held)

    audit.record(verb="main_number", of=held.customer, by=by, number=held.pk)
    tell_keeper(customer=held.customer, by=by, now=now)


def _put_first(number: CustomerPhone) -> None:
    others = CustomerPhone.objects.filter(customer=number.customer_id, is_primary=True)
    others.update(is_primary=False)
    CustomerPhone.objects.filter(pk=number.pk).update(is_primary=True)


@transaction.atomic
def retire_number(*, number: CustomerPhone, by: Person, now: datetime) -> None:
    """Keep a wrong or former number known and call it no more; the next one becomes the main one.

    Raises NumberNotChanged.
    """
    held = _held_number(number)
    if held.retired_at is not None:
        return

    CustomerPhone.objects.filter(pk=held.pk).update(retired_at=now, is_primary=False)
    left = CustomerPhone.objects.filter(customer=held.customer_id, retired_at=None)
    following = left.order_by("pk").first()
    if held.is_primary and following is not None:
        _put_first(following)

    audit.record(verb="retire_number", of=held.customer, by=by, number=held.pk)
    if held.is_primary:
        tell_keeper(customer=held.customer, by=by, now=now)


@transaction.atomic
def take_up_number(*, number: CustomerPhone, by: Person, now: datetime) -> None:
    """Call a retired number again; it is the main one where there is no other."""
    held = _held_number(number)
    if held.retired_at is None:
        return

    has_main = CustomerPhone.objects.filter(customer=held.customer_id, is_primary=True).exists()
    CustomerPhone.objects.filter(pk=held.pk).update(retired_at=None, is_primary=not has_main)

    audit.record(verb="take_up_number", of=held.customer, by=by, number=held.pk)
