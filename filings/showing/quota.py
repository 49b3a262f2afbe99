"""This month's filings of a field salesperson (FIL-24), as pages show them."""

from dataclasses import dataclass
from datetime import datetime

from filings.queries import slots_of, terms_for
from filings.states import CHANNEL_OF_ROLE, Channel
from staff.models import Person
from staff.states import Role


@dataclass(frozen=True)
class Quota:
    """This month's filings of a field salesperson (FIL-24): used of how many, the last one new."""

    used: int
    most: int
    has_new: bool = False

    @property
    def slots(self) -> list[str]:
        """The classes of the meter's places; more than thirty are not drawn."""
        if self.most > 30:
            return []
        used = min(self.used, self.most)
        places = ["on"] * used + [""] * (self.most - used)
        if self.has_new and used:
            places[used - 1] = "new"
        return places


def quota_of(person: Person, *, now: datetime, has_new: bool = False) -> Quota | None:
    """How much of the month is used; None for whoever has no limit (FIL-23)."""
    store = person.store
    if store is None or CHANNEL_OF_ROLE.get(Role(person.role)) != Channel.FIELD:
        return None
    terms = terms_for(store, now=now)
    if terms is None:
        return None
    slots = slots_of(person, store=store, day=store.today(now), refill=terms.refill_month)
    return Quota(slots.admitted, terms.field_quota + slots.deals, has_new)
