"""What the imported ledger says of the goods of a line: read, never reserved (decision 11)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.days import date_text
from staff.models import Store
from staff.scope import STOCK_READERS, Reach
from stock.queries.availability import Availability, availability
from stock.queries.visible import visible_offices

WORD = re.compile(r"[0-9A-Za-z.]+")


@dataclass(frozen=True, kw_only=True)
class StockTold:
    """What lies of some styles in a store, and in its region as far as the reader sees it."""

    store: int
    found: Mapping[tuple[int, int], Availability]
    today: date

    @classmethod
    def of(
        cls, styles: Iterable[int | None], *, store: Store | None, reach: Reach, today: date
    ) -> "StockTold":
        """One query for all styles of a page; none where there are none."""
        wanted = {style for style in styles if style is not None}
        if not wanted or store is None or not reach.has_role(STOCK_READERS):
            return cls(store=0, found={}, today=today)
        offices = visible_offices(reach).filter(region=store.region_id)
        found = availability(wanted, offices=offices, on=today)
        return cls(store=store.pk, found=found, today=today)

    def text(self, style: int | None, *, spec: str = "") -> str:
        """In stock 3, coming 5 expected 12 Jun; "" for a style without any stock data.

        Where the spec names a size of the style, of that size alone.
        """
        places = {at: there for (own, at), there in self.found.items() if own == style}
        sizes = {size for there in places.values() for size in there.on_hand if size}
        size = next((word for word in WORD.findall(spec) if word in sizes), "")
        here = _counted(places.get(self.store), size)
        others = [_counted(there, size)[0] for at, there in places.items() if at != self.store]
        told = [self._here(*here)] if self.store in places else []
        if others:
            lying = sum(max(0, pairs) for pairs in others)
            told.append(_("elsewhere in the region %(pairs)s") % {"pairs": lying})
        text = ", ".join(told)
        if text and size:
            return _("Size %(size)s: %(told)s") % {"size": size, "told": text}
        return text

    def _here(self, lying: int, coming: int, due: date | None) -> str:
        told = _("in stock %(pairs)s") % {"pairs": max(0, lying)}
        if not coming:
            return told
        on_the_way = _("coming %(pairs)s") % {"pairs": coming}
        if due is not None:
            day = date_text(due, today=self.today)
            on_the_way = _("%(coming)s expected %(day)s") % {"coming": on_the_way, "day": day}
        return f"{told}, {on_the_way}"


def _counted(there: Availability | None, size: str) -> tuple[int, int, date | None]:
    """Pairs that lie there, that come, and the first day on which some are due."""
    if there is None:
        return 0, 0, None
    if not size:
        return there.pairs, there.pairs_coming, there.next_due
    coming = [each for each in there.coming if each.size in (size, "")]
    due = min((each.due_on for each in coming if each.due_on), default=None)
    return there.on_hand.get(size, 0), sum(each.quantity for each in coming), due
