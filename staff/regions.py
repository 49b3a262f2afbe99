"""In which of our regions a place lies, as addresses write it (XRG-01)."""

import re
from collections.abc import Iterable

from staff.models import Region

BETWEEN = re.compile(r"[、,，;；\s]+")


def words_of(region: Region) -> list[str]:
    """The names by which an address says that it lies in this region."""
    return [word for word in (region.name, *BETWEEN.split(region.places)) if word]


def region_named_in(place: str, *, among: Iterable[Region] | None = None) -> Region | None:
    """The region that a province, city or district names; None where nothing tells.

    The longest name wins: 余杭 before 杭州. For many rows `among` is read once.
    """
    if not place:
        return None
    found = [
        (len(word), region)
        for region in (Region.objects.order_by("pk") if among is None else among)
        for word in words_of(region)
        if word in place
    ]
    return max(found, key=lambda each: each[0], default=(0, None))[1]
