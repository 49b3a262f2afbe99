"""The allocation page (货品分配): offices, or the styles of one, with what they really sell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from stock.models import Figure
from stock.queries.allocation import Served
from stock.showing.addresses import style_page
from stock.showing.figures import count_text


@dataclass(frozen=True, kw_only=True)
class Allotted:
    """One office or style; `pace` is the corrected one, pairs a day, and stands first."""

    name: str
    place: str
    url: str
    pace: str
    plain: str
    missed: str
    requested: str
    shipped: str
    fill: str
    stock: str
    coming: str
    days_on_sale: str = ""
    order_url: str = ""


def _number(value: Decimal | Fraction | None, places: int = 2) -> str:
    return "–" if value is None else f"{float(value):.{places}f}"


def _share(served: Served) -> str:
    found = served.fill_rate.value
    return "–" if found is None else f"{float(found):.1%}"


def office_shown(
    rows: Iterable[Mapping[str, Any]], served: Mapping[int, Served], *, days: int, query: str
) -> list[Allotted]:
    """A row an office, which leads to its styles; `query` keeps the filters."""
    shown = []
    for row in rows:
        got = served.get(row["office"], Served())
        shown.append(
            Allotted(
                name=row["office__name"],
                place=row["office__region__name"],
                url=f"?{urlencode({'office': row['office']})}{query}",
                pace=_number(row["sum_pace"]),
                plain=_number(Fraction(row["pairs_sold"], days)),
                missed=_number(row["sum_missed"], 1),
                requested=count_text(got.requested),
                shipped=count_text(got.shipped),
                fill=_share(got),
                stock=count_text(row["pairs"]),
                coming=count_text(row["coming"]) if row["coming"] else "–",
            )
        )
    return shown


def style_shown(
    rows: Iterable[Figure], served: Mapping[int, Served], *, office: int
) -> list[Allotted]:
    """A row a style of one office, which leads to the style."""
    shown = []
    for row in rows:
        got = served.get(row.style_id, Served())
        plain = Fraction(row.window_sold, row.window_days) if row.window_days else None
        pace: Decimal | None = getattr(row, "pace", None)
        missed: Decimal | None = getattr(row, "missed", None)
        shown.append(
            Allotted(
                name=f"{row.style.brand.name} {row.style.number}",
                place="",
                url=style_page(row.style),
                pace=_number(pace),
                plain=_number(plain),
                missed=_number(missed, 1),
                requested=count_text(got.requested),
                shipped=count_text(got.shipped),
                fill=_share(got),
                stock=count_text(row.closing),
                coming=count_text(row.in_transit) if row.in_transit else "–",
                days_on_sale="–" if row.days_on_sale is None else str(row.days_on_sale),
                order_url=f"{reverse('stock:propose', args=[row.style_id])}?office={office}",
            )
        )
    return shown
