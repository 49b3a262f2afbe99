"""What is known of a customer beside the head, and what is still missing."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.days import day_text
from core.phones import mask_id, mask_in_text
from customers.models import Customer
from customers.queries import MaskedCustomer, tags_of
from customers.rules import fields_to_complete
from staff.scope import Reach


@dataclass(frozen=True)
class Fact:
    """One line of the card."""

    label: str
    value: str
    phone_id: int | None = None


def facts_of(customer: MaskedCustomer, reader: Reach, *, today: date) -> list[Fact]:
    """What is known beside the head; empty lines are left out."""
    phones = [
        Fact(_("Phone"), phone.masked, phone.pk if reader.may_reveal else None)
        for phone in customer.phones.order_by("-is_primary", "pk")
    ]
    expected = customer.get_expected_purchase_display()
    if customer.expected_on:
        expected = day_text(customer.expected_on, today=today)
    lines = [
        (_("WeChat"), _wechat(customer, reader)),
        (_("Means to buy"), expected),
        (_("Source"), customer.get_source_display()),
        (_("Referred by"), _referrer(customer)),
        (_("Birthday"), birthday_of(customer)),
        (_("First seen"), day_text(customer.store.today(customer.first_seen_at), today=today)),
        (_("Tags"), _(", ").join(tags_of(customer))),
        (_("Note"), mask_in_text(customer.note)),
    ]
    return phones + [Fact(label, str(value)) for label, value in lines if value]


def _wechat(customer: MaskedCustomer, reader: Reach) -> str:
    """The id for those who may write to the customer; it may be a number itself."""
    if not reader.may_reveal:
        return mask_id(customer.wechat)
    return mask_in_text(customer.wechat)


def _referrer(customer: MaskedCustomer) -> str:
    return mask_in_text(customer.referrer.name if customer.referrer else customer.referrer_text)


def birthday_of(customer: Customer) -> str:
    """3-12, lunar 8-15, 1985-3-12."""
    if not customer.birth_month:
        return ""
    parts = [customer.birth_year, customer.birth_month, customer.birth_day]
    day = "-".join(str(part) for part in parts if part)
    if customer.birth_is_leap_month:
        return _("lunar, leap month %(day)s") % {"day": day}
    return _("lunar %(day)s") % {"day": day} if customer.birth_is_lunar else day


def missing_of(customer: MaskedCustomer) -> str:
    """What is still to be filled in, in words (DAT-04)."""
    fields = fields_to_complete(
        has_phone=bool(customer.phone),
        address=customer.address,
        need=customer.need,
        expected=customer.expected_purchase or customer.expected_on,
        source=customer.source,
        contact_time=customer.contact_time,
    )
    names = {field.name: field.verbose_name for field in Customer._meta.fields}
    names |= {"phone": _("phone"), "expected": names["expected_purchase"]}
    return _(", ").join(str(names[field]) for field in fields)
