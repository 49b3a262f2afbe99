"""Where the pages of goods lie."""

from urllib.parse import urlencode

from django.urls import reverse

from stock.models import Figure, FigureSet, Style


def style_page(style: Style) -> str:
    """Where a style's figures are looked at."""
    return reverse("stock:style", args=[style.pk])


def board_of(row: Figure, figures: FigureSet) -> str:
    """The board of the place that a row of these figures tells of."""
    place = {"office": row.office_id, "region": None if row.office_id else row.region_id}
    asked = place | {"set": None if figures.is_standing else figures.pk}
    query = urlencode({name: key for name, key in asked.items() if key})
    return reverse("stock:board") + (query and f"?{query}")
