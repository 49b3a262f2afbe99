"""Whether an address lies in another region than who files it (XRG-01)."""

from collections.abc import Sequence

from core.addresses import parse as parse_address
from customers.models import Customer
from filings.rules import is_foreign
from staff.models import Region, Store
from staff.regions import region_named_in


def _region_of(
    address: str, home: Store | None, *, among: Sequence[Region] | None = None
) -> Region | None:
    named = region_named_in(parse_address(address).region, among=among)
    return named or (home.region if home is not None else None)


def home_region(
    customer: Customer, *, address: str = "", among: Sequence[Region] | None = None
) -> Region | None:
    """Where a customer's home is: as the address names it, else the region of their store.

    For a list `among` is read once: all regions, in the order of their ids.
    """
    return _region_of(address or customer.address, customer.store, among=among)


def lies_elsewhere(address: str, *, store: Store, home: Store | None = None) -> bool:
    """Whether this address lies in another region than the store's.

    Where it names no place of ours, the region of `home`, the store of the card, tells.
    """
    region = _region_of(address, home)
    return is_foreign(region=region and region.pk, own=store.region_id, is_approved=False)
