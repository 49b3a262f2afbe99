"""Reads of the style master."""

from collections.abc import Iterable, Sequence

from django.db.models import Case, IntegerField, Q, Value, When

from core.searching import sought
from stock.models import Style

OFFERED = 8


def styles_named(texts: Iterable[str]) -> dict[str, list[Style]]:
    """By text the styles of this number, perhaps with the brand before it: none, one, or several to
    tell apart. A name that is no style's is free text. One query.
    """
    named = {text: text.replace("\0", "").upper().split() for text in texts}
    wanted = Q()
    for number in {words[-1] for words in named.values() if words}:
        wanted |= Q(number__iexact=number)
    found = Style.objects.filter(wanted).select_related("brand").order_by("pk") if wanted else ()
    styles = [(style, style.number.upper(), style.brand.name.upper().split()) for style in found]
    return {
        text: [
            style
            for style, number, brand in styles
            if words and number == words[-1] and words[:-1] in ([], brand)
        ]
        for text, words in named.items()
    }


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
