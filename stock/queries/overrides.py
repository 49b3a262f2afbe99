"""Classes that people have given styles, beside the computed ones (MER-28)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from stock.models import ClassOverride, Figure, Style


@dataclass(frozen=True)
class Overrides:
    """The standing overrides by style and office; None is everywhere."""

    rows: Mapping[tuple[int, int | None], ClassOverride]

    def of(self, style: int, office: int | None = None) -> ClassOverride | None:
        """What holds in an office: its own, else the one for everywhere. By primary keys."""
        return self.rows.get((style, office)) or self.rows.get((style, None))


def overrides_of(
    styles: Iterable[Style | int] | QuerySet[Style], *, on: date | None = None
) -> Overrides:
    """All that stand for these styles, each with who set it; with `on` those that stood at the end
    of that day. One query.
    """
    standing = Q(lifted_at=None)
    if on is not None:
        standing = Q(set_at__date__lte=on) & (standing | Q(lifted_at__date__gt=on))
    rows = ClassOverride.objects.filter(standing, style__in=styles)
    found = rows.select_related("set_by", "office", "style")
    return Overrides({(row.style_id, row.office_id): row for row in found})


def styles_with_a_given_class() -> QuerySet[ClassOverride, int]:
    """The keys of the styles of which a person's class stands, somewhere or everywhere."""
    standing = ClassOverride.objects.filter(lifted_at=None)
    return standing.order_by().values_list("style", flat=True).distinct()


def with_class(figures: QuerySet[Figure]) -> QuerySet[Figure]:
    """Figures with `given_class`, a person's or None, and `held_class`: that, else the computed.

    Lists filter and sort by `held_class`; both are shown. Few styles have a person's class: whose
    it is is asked of these alone.
    """
    standing = ClassOverride.objects.filter(lifted_at=None, style=OuterRef("style")).order_by()
    here = standing.filter(office=OuterRef("office")).values("style_class")[:1]
    everywhere = standing.filter(office=None).values("style_class")[:1]
    given = Coalesce(Subquery(here), Subquery(everywhere))
    return figures.annotate(
        given_class=Case(When(style__in=styles_with_a_given_class(), then=given)),
    ).annotate(held_class=Coalesce("given_class", F("style_class")))
