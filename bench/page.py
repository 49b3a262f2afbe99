"""A page that is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page: its name, the address of the product's and of the floor's."""

    name: str
    product: str
    floor: str
