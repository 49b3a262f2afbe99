"""Registering a customer, and keeping the card up to date."""

from collections.abc import Sequence
from datetime import datetime
from typing import NoReturn

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.addresses import key_of_address
from core.keyring import keyring
from core.names import search_text
from core.phones import Phone
from core.refusals import Refused, refuse_if
from core.services import audit
from customers.models import Customer, CustomerPhone, Project
from customers.queries.referrals import brought_by
from customers.rules.referrals import referrer_blockers
from customers.services.identity import suspect
from customers.services.leads import adopt_leads, hold_phones
from customers.services.noting import noted_birthday
from customers.services.numbers import phone_row, sealed_paper
from customers.services.told import tell_keeper
from customers.states import Grade
from staff.models import Person, Store

# What a sheet may say of a card.
SHEET_FIELDS = (
    "title", "wechat", "source", "referrer", "referrer_text", "need", "expected_purchase",
    "expected_on", "budget", "address", "contact_time", "contact_from", "contact_until",
    "birth_year", "birth_month", "birth_day", "birth_is_lunar", "birth_is_leap_month", "note",
)  # fmt: skip
# What a person may write on a card; nothing else reaches the row.
CARD_FIELDS = (
    *SHEET_FIELDS, "designer", "email", "company", "job", "hobbies", "campaign", "home_area",
    "home_layout", "home_style", "decoration", "competitor", "services_wanted", "id_kind",
)  # fmt: skip


ONE_CUSTOMER_A_NUMBER = "one_customer_a_number"


class CustomerNotRegistered(Refused):
    """A customer could not be registered, or a card not be changed."""

    messages = {
        "number_is_known": _("This number belongs to a customer who is registered already."),
        "name_missing": _("Give the customer's name."),
        "no_way_to_reach": _("Give a phone number or a WeChat id."),
        "brought_himself": _("Nobody brings himself. Choose another customer as the referrer."),
        "brought_in_a_circle": _(
            "This referrer was brought by this very customer. Choose another one."
        ),
    }


def _card(values: dict[str, object]) -> dict[str, object]:
    """The card's fields among `values`, with what is derived from them."""
    unknown = set(values) - set(CARD_FIELDS)
    if unknown:
        raise TypeError(f"not fields of a card: {sorted(unknown)}")
    if "address" in values:
        values["address_key"] = key_of_address(str(values["address"]))
    return values


def _refuse_known_number(error: IntegrityError) -> NoReturn:
    """A number that belongs to somebody else is a refusal; any other broken constraint a defect."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if getattr(diagnosis, "constraint_name", "") != ONE_CUSTOMER_A_NUMBER:
        raise error
    raise CustomerNotRegistered.because("number_is_known") from error


def add_numbers(
    customer: Customer,
    phones: Sequence[Phone],
    *,
    has_primary: bool = False,
    now: datetime | None = None,
) -> None:
    """Give the customer these numbers; the first is the main one unless one stands.

    Raises CustomerNotRegistered where a number belongs to somebody else: the database says so,
    so that of fifty who register one number at once only one does.
    """
    rows = [
        phone_row(
            customer=customer, phone=phone, is_primary=not has_primary and index == 0, now=now
        )
        for index, phone in enumerate(dict.fromkeys(phones))
    ]
    try:
        with transaction.atomic():
            CustomerPhone.objects.bulk_create(rows)
    except IntegrityError as error:
        _refuse_known_number(error)


def _put_first(customer: Customer, phone: Phone) -> None:
    """Make `phone` the main number; the one before stays as a further one, and stays known."""
    customer.phones.filter(is_primary=True).update(is_primary=False)
    known = customer.phones.filter(key=keyring().index(phone.e164)).update(
        is_primary=True, retired_at=None
    )
    if not known:
        add_numbers(customer, [phone])


def _not_retired(customer: Customer, phones: Sequence[Phone]) -> list[Phone]:
    """Those of `phones` that are not the customer's retired ones, which are taken up again."""
    keys = {keyring().index(phone.e164): phone for phone in phones}
    if not keys:
        return []
    retired = customer.phones.filter(key__in=list(keys), retired_at__isnull=False)
    for pk, key in list(retired.values_list("pk", "key")):
        customer.phones.filter(pk=pk).update(retired_at=None)
        del keys[bytes(key)]
    return list(keys.values())


@transaction.atomic
def register_customer(
    *,
    name: str,
    phones: Sequence[Phone],
    store: Store,
    owner: Person | None,
    grade: Grade | str,
    by: Person,
    now: datetime,
    first_seen_at: datetime | None = None,
    **card: object,
) -> Customer:
    """Open a card with at least a number or a WeChat id, and the customer's first project.

    An open inquiry with one of the numbers is closed with it: its customer stands before us.
    Raises CustomerNotRegistered.
    """
    if not name:
        raise CustomerNotRegistered.because("name_missing")
    if not phones and not card.get("wechat"):
        raise CustomerNotRegistered.because("no_way_to_reach")

    hold_phones(phones)
    customer = Customer.objects.create(
        name=name,
        search=search_text(name, str(card.get("company", ""))),
        store=store,
        owner=owner,
        grade=grade,
        first_seen_at=first_seen_at or now,
        registered_at=now,
        registered_by=by,
        **noted_birthday(changed=card, month=card.get("birth_month"), now=now),
        **_card(card),
    )
    add_numbers(customer, phones, now=now)
    Project.objects.create(
        customer=customer,
        address=customer.address,
        address_key=customer.address_key,
        opened_at=now,
        opened_by=by,
    )
    adopt_leads(customer=customer, phones=phones, by=by, now=now)

    audit.record(verb="register", of=customer, by=by)
    suspect(customer, by=by, now=now)
    return customer


def _refuse_circle(customer: Customer, referrer: object) -> None:
    """A chain of referrals has a first one (AFT-18)."""
    if isinstance(referrer, Customer) and referrer.pk != customer.referrer_id:
        blockers = referrer_blockers(
            customer_id=customer.pk,
            referrer_id=referrer.pk,
            brought_by_customer=brought_by(customer.pk),
        )
        refuse_if(CustomerNotRegistered, blockers)


@transaction.atomic
def update_customer(
    *,
    customer: Customer,
    by: Person,
    now: datetime,
    name: str | None = None,
    main_phone: Phone | None = None,
    new_phones: Sequence[Phone] = (),
    id_number: str | None = None,
    **card: object,
) -> Customer:
    """Write what changed on the card; the audit trail names the fields, not their contents.

    `id_number` is the number of the customer's paper, sealed; None leaves what is kept, and a
    card without a kind of paper keeps none. Raises CustomerNotRegistered where a new number
    belongs to another customer, or where referrals would run in a circle.
    """
    values = _card(card)
    if values.get("id_kind") == "" and customer.id_masked:
        values |= sealed_paper("")
    elif id_number is not None:
        values |= sealed_paper(id_number)
    if name is not None:
        values["name"] = name
    if {"name", "company"} & values.keys():
        said = [str(values.get(each, getattr(customer, each))) for each in ("name", "company")]
        values["search"] = search_text(*said)
    _refuse_circle(customer, values.get("referrer"))
    changed = [field for field, value in values.items() if getattr(customer, field) != value]
    count = len(new_phones) + (main_phone is not None)

    for field in changed:
        setattr(customer, field, values[field])
    noted = noted_birthday(changed=changed, month=customer.birth_month, now=now)
    customer.birthday_noted_at = noted.get("birthday_noted_at", customer.birthday_noted_at)
    if changed:
        customer.save(update_fields=[*changed, *noted])
    if main_phone is not None:
        _put_first(customer, main_phone)
    new_phones = _not_retired(customer, new_phones)
    if new_phones:
        has_primary = customer.phones.filter(is_primary=True).exists()
        add_numbers(customer, new_phones, has_primary=has_primary, now=now)

    if changed or count:
        audit.record(verb="update", of=customer, by=by, fields=changed, new_numbers=count)
        if "name" in changed or main_phone is not None:
            tell_keeper(customer=customer, by=by, now=now)
        suspect(customer, by=by, now=now)
    return customer
