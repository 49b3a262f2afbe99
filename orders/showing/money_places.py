"""The way around lists of money."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staff.scope import DAY_END_ROLES, MONEY_READERS, Reach

PLACES = (
    ("payments", _("Payments"), MONEY_READERS),
    ("bills", _("Bills"), MONEY_READERS),
    ("credits", _("Credits"), MONEY_READERS),
    ("day_ends", _("Day end"), DAY_END_ROLES),
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """One list, and whether it is this one."""

    label: str
    url: str
    is_current: bool


def places_of(reach: Reach, *, here: str) -> list[Place]:
    """The lists of money that this reader may open."""
    return [
        Place(label=str(label), url=reverse(f"orders:{name}"), is_current=name == here)
        for name, label, roles in PLACES
        if reach.has_role(roles)
    ]
