"""The small lists of masters as tables, and the way between them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from stock.models import Brand, CoreSizes, Season, Series, ShoeType

STYLES = "styles"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A small list: its rows, the heads of its table, and the cells of a row after its name."""

    label: Any
    one: Any
    rows: Callable[[], QuerySet]
    heads: tuple[Any, ...]
    cells: Callable[[Any], Iterable[str]]


def _styles(count: int) -> str:
    return ngettext("%(count)s style", "%(count)s styles", count) % {"count": count}


def _weeks(season: Season) -> str:
    return f"{season.main_from_week}–{season.main_until_week}"


PARTS: dict[str, Part] = {
    "brands": Part(
        label=gettext_lazy("Brands"),
        one=gettext_lazy("Brand"),
        rows=lambda: Brand.objects.annotate(count=Count("styles")).order_by("name"),
        heads=(gettext_lazy("Code"), gettext_lazy("Styles")),
        cells=lambda row: (row.code or "–", _styles(row.count)),
    ),
    "series": Part(
        label=gettext_lazy("Series"),
        one=gettext_lazy("Series"),
        rows=lambda: (
            Series.objects.select_related("brand")
            .annotate(count=Count("styles"))
            .order_by("brand__name", "name")
        ),
        heads=(gettext_lazy("Brand"), gettext_lazy("Styles")),
        cells=lambda row: (row.brand.name, _styles(row.count)),
    ),
    "seasons": Part(
        label=gettext_lazy("Seasons"),
        one=gettext_lazy("Season"),
        rows=lambda: Season.objects.annotate(count=Count("targets")).order_by("position", "name"),
        heads=(
            pgettext_lazy("length of a season", "Weeks"),
            gettext_lazy("Main weeks"),
            gettext_lazy("Target curve"),
        ),
        cells=lambda row: (
            str(row.weeks),
            _weeks(row),
            _("of its own") if row.count else _("that of the limits"),
        ),
    ),
    "types": Part(
        label=gettext_lazy("Shoe types"),
        one=gettext_lazy("Shoe type"),
        rows=lambda: (
            ShoeType.objects.select_related("season")
            .annotate(count=Count("styles"))
            .order_by("season__position", "name")
        ),
        heads=(gettext_lazy("Season"), gettext_lazy("Styles")),
        cells=lambda row: (row.season.name, _styles(row.count)),
    ),
    "sizes": Part(
        label=gettext_lazy("Core sizes"),
        one=gettext_lazy("Core sizes"),
        rows=lambda: CoreSizes.objects.order_by("position", "name"),
        heads=(gettext_lazy("Core sizes"),),
        cells=lambda row: (" · ".join(row.sizes),),
    ),
}


def tabs(here: str) -> list[dict[str, Any]]:
    """The way between styles and the small lists."""
    ways = [(STYLES, gettext_lazy("Styles"), reverse("stock:masters"))]
    ways += [
        (kind, part.label, reverse("stock:parts", args=[kind])) for kind, part in PARTS.items()
    ]
    return [{"label": label, "url": url, "is_here": kind == here} for kind, label, url in ways]
