"""Owned products worded for their reader: what looks mistyped, and what is still to be told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import rules
from customers.models import OwnedProduct
from staff.states import Trade

ODDITIES = {
    "vin_has_another_length": gettext_lazy(
        "The VIN has %(found)s characters instead of 17. Check it."
    ),
    "vin_has_odd_characters": gettext_lazy(
        "A VIN has letters and digits, but never I, O or Q. Check it."
    ),
    "plate_is_unusual": gettext_lazy(
        "The plate looks unusual. Check it: 京A12345, or 京AD12345 of new energy."
    ),
}


def is_car(product: OwnedProduct) -> bool:
    return product.store.trade == Trade.CARS


def odd_words(product: OwnedProduct) -> list[str]:
    """Sentences about what looks mistyped; it is kept all the same."""
    odd = rules.oddities(is_car=is_car(product), serial=product.serial, plate=product.plate)
    return [str(ODDITIES[blocker.code]) % dict(blocker.params) for blocker in odd]


def missing_words(product: OwnedProduct) -> str:
    """The fields still to be filled in, in words; nothing waits for them (forms 2.5)."""
    missing = rules.product_to_complete(
        is_car=is_car(product),
        serial=product.serial,
        insurer=product.insurer,
        policy_no=product.policy_no,
        insurance_until=product.insurance_until,
    )
    names = {field.name: field.verbose_name for field in OwnedProduct._meta.fields}
    return _(", ").join(str(names[name]) for name in missing)
