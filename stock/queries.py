"""Reads of the style master."""

from collections.abc import Sequence

from django.db.models import Case, IntegerField, QuerySet, Value, When

from core.searching import sought
from stock.models import Style

OFFERED = 8


def styles_named(text: str) -> list[Style]:
    """The styles of this number, perhaps with the brand before it: none, one, or two to tell apart.

    A name that is no style's is free text.
    """
    words = text.split()
    if not words:
        return []
    styles: QuerySet[Style] = Style.objects.filter(number__iexact=words[-1])
    if len(words) > 1:
        styles = styles.filter(brand__name__iexact=" ".join(words[:-1]))
    return list(styles.select_related("brand").order_by("pk")[:2])


def styles_like(text: str, *, most: int = OFFERED) -> Sequence[Style]:
    """What a style master offers while somebody types: numbers that begin so first."""
    wanted = sought(text)
    if not wanted:
        return []
    last = wanted.split()[-1]
    brand = " ".join(wanted.split()[:-1])
    styles = Style.objects.filter(number__icontains=last)
    if brand:
        styles = styles.filter(brand__name__icontains=brand)
    begins = Case(
        When(number__istartswith=last, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return list(styles.select_related("brand").order_by(begins, "number", "pk")[:most])
