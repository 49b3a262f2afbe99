"""Since when styles are on sale in offices (MER-16)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Min

from stock.models import DaySum, OfficeLaunch, Style
from stock.rules.figures import Figure, in_order
from stock.rules.launch import days_on_sale, launch_day
from stock.states import Kind

# What brings the first pair of a style that nobody said a launch of.
COMES_FIRST = (Kind.OPENING, Kind.PURCHASE, Kind.TRANSFER_IN, Kind.GAIN)


class Launches:
    """The launches of some styles, as they are known at the close of a day. Three queries."""

    def __init__(self, styles: Sequence[int], *, as_of: date) -> None:
        self._as_of = as_of
        here = OfficeLaunch.objects.filter(style__in=styles)
        self._of_office = {
            (style, office): on
            for style, office, on in here.values_list("style", "office", "launched_on")
        }
        named = Style.objects.filter(pk__in=styles).exclude(launched_on=None)
        self._of_style = dict(named.values_list("pk", "launched_on"))
        came = DaySum.objects.filter(
            style__in=styles, style__launched_on=None, on__lte=as_of, kind__in=COMES_FIRST,
            quantity__gt=0,
        )  # fmt: skip
        self._first = {
            (style, office): on
            for style, office, on in came.order_by()
            .values_list("style", "office")
            .annotate(first=Min("on"))
        }

    def days_on_sale(self, style: int, office: int) -> Figure:
        """上市天数 of a style in an office, flagged where nobody said its launch."""
        launched_on, flags = launch_day(
            office=self._of_office.get((style, office)),
            style=self._of_style.get(style),
            first_received=self._first.get((style, office)),
        )
        found = days_on_sale(launched_on, as_of=self._as_of)
        return Figure(found.value, in_order((*found.flags, *flags)))
