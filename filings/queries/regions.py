"""Whether an address lies in another region than who files it (XRG-01)."""

from core.addresses import parse as parse_address
from filings.rules import is_foreign
from staff.models import Store
from staff.regions import region_named_in


def lies_elsewhere(address: str, *, store: Store) -> bool:
    """Whether this address names a place of another region than the store's."""
    region = region_named_in(parse_address(address).region)
    return is_foreign(region=region and region.pk, own=store.region_id, is_approved=False)
