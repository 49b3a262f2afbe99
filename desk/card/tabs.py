"""The tabs of the card: one module each, of which only the current one asks the database.

A new tab is a module with `content`, a template `templates/desk/card/<name>.html` and a line
here; what the template wants is what `content` gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.queries import MaskedCustomer
from desk.card import (
    calendar,
    cases,
    contacts,
    files,
    household,
    opportunities,
    orders,
    products,
    referrals,
)
from staff.scope import ATTACHMENT_ROLES, CUSTOMER_ROLES, ORDER_READERS, Reach
from staff.states import Role


class Content(Protocol):
    """What a tab shows of one customer to one reader, for its template."""

    def __call__(
        self, customer: MaskedCustomer, *, reader: Reach, request_get: QueryDict, now: datetime
    ) -> Mapping[str, object]: ...


@dataclass(frozen=True)
class Tab:
    """One part of the card: its name in the address, the word on it, and what it shows."""

    name: str
    label: str | Promise
    content: Content
    roles: frozenset[Role] = CUSTOMER_ROLES

    @property
    def template(self) -> str:
        return f"desk/card/{self.name}.html"


# In the order of the card; the first is open unless another is named.
TABS = (
    Tab("contacts", _("History"), contacts.content),
    Tab("opportunities", _("Opportunities"), opportunities.content),
    Tab("orders", _("Orders"), orders.content, ORDER_READERS),
    Tab("products", _("Products"), products.content),
    Tab("cases", _("Cases"), cases.content),
    Tab("household", _("Household"), household.content),
    Tab("files", _("Pictures"), files.content, ATTACHMENT_ROLES),
    Tab("referrals", _("Referrals"), referrals.content),
    Tab("calendar", _("Care calendar"), calendar.content),
)


def tabs_for(reader: Reach) -> list[Tab]:
    """The tabs that this reader may open."""
    return [tab for tab in TABS if reader.has_role(tab.roles)]


def tab_named(name: str, reader: Reach) -> Tab:
    """The tab of this name, the first where there is none for this reader."""
    return next((tab for tab in tabs_for(reader) if tab.name == name), TABS[0])


def links_of(current: Tab, reader: Reach, *, path: str) -> list[dict[str, object]]:
    """The bar of tabs on the page at `path`."""
    return [
        {
            "label": tab.label,
            "url": path if tab == TABS[0] else f"{path}?tab={tab.name}",
            "is_current": tab == current,
        }
        for tab in tabs_for(reader)
    ]
