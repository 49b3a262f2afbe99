"""A page that is measured."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request: the address, and what a form sends; a page is read without a body."""

    path: str
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page: its name, who asks, and what is asked of the product and of the floor in turn."""

    name: str
    cookie: str
    product: Sequence[Asked]
    floor: Sequence[Asked]
