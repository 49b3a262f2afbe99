"""What lies of a style in each office and what is on its way there: read, never reserved
(decision 11).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import BooleanField, DateField, F, QuerySet, Sum, Value

from staff.models import Store
from stock.models import InTransit, Movement, SizeStock
from stock.queries.goods import CHANGE


@dataclass(frozen=True, order=True)
class Coming:
    """Pairs of a size that the shop's own system has on the way; without a day nobody said when."""

    due_on: date | None
    size: str
    quantity: int


@dataclass
class Availability:
    """One style in one office: pairs by size, all colours together, and what is on the way.

    A size that ever lay there has an entry, at 0 too; it may be under 0 as the ledger has it.
    """

    on_hand: dict[str, int] = field(default_factory=dict)
    coming: list[Coming] = field(default_factory=list)

    @property
    def pairs(self) -> int:
        """What lies there, all sizes; a negative size counts as the ledger has it."""
        return sum(self.on_hand.values())

    @property
    def pairs_coming(self) -> int:
        return sum(each.quantity for each in self.coming)

    @property
    def next_due(self) -> date | None:
        """The first day on which some of it is due, as far as days are known."""
        return min((each.due_on for each in self.coming if each.due_on), default=None)


def availability(
    styles: Iterable[int], *, offices: Collection[int] | QuerySet[Store], on: date
) -> dict[tuple[int, int], Availability]:
    """By (style, office) what lies there at the close of a day and is on its way; what never was
    there has no entry.

    `offices` are those the reader may see. One query, however many styles.
    """
    here = {"style__in": list(styles), "office__in": offices}
    unsaid, lies = Value(None, output_field=DateField()), Value(False, output_field=BooleanField())
    lying = (
        SizeStock.objects.filter(**here)
        .values("style", "office", "size")
        .annotate(pairs=Sum("quantity"), due=unsaid, is_coming=lies)
    )
    # A ledger may tell of days ahead: what comes or goes then is in the kept stock already.
    later = (
        Movement.objects.filter(**here, on__gt=on)
        .values("style", "office", "size")
        .annotate(pairs=-Sum(CHANGE), due=unsaid, is_coming=lies)
    )
    on_the_way = (
        InTransit.objects.filter(**here)
        .values("style", "office", "size")
        .annotate(
            pairs=F("quantity"),
            due=F("due_on"),
            is_coming=Value(True, output_field=BooleanField()),
        )
    )
    found: defaultdict[tuple[int, int], Availability] = defaultdict(Availability)
    # First the days that are known: PostgreSQL takes two unknown ones for texts.
    rows = on_the_way.order_by().union(lying.order_by(), later.order_by(), all=True)
    for row in rows.order_by("due", "size"):
        there = found[row["style"], row["office"]]
        if row["is_coming"]:
            there.coming.append(Coming(row["due"], row["size"], row["pairs"]))
        else:
            there.on_hand[row["size"]] = there.on_hand.get(row["size"], 0) + row["pairs"]
    return dict(found)
