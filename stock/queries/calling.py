"""Why customers are called about a style: it is slow, lies for long, or costs less."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from staff.models import Store
from stock.models import Figure, Style
from stock.queries.classes import standing_set
from stock.queries.prices import plain_price
from stock.queries.pricing import priced
from stock.queries.terms import terms_on
from stock.states import FigureLevel, StyleClass


class Why(StrEnum):
    """What makes goods wait for customers."""

    SLOW = "slow"
    AGED = "aged"
    CHEAPER = "cheaper"


@dataclass(frozen=True, kw_only=True)
class Calling:
    """The price of a style in a store or everywhere, what it was, and why to call: nothing where it
    `is_gone`, once there and now neither there nor on its way.
    """

    price: Decimal
    old_price: Decimal | None
    reasons: tuple[Why, ...]
    stock: int = 0
    is_gone: bool = False


def _age(row: Figure | None) -> Fraction:
    """The mean days of its pairs; 0 where none lie there."""
    return Fraction(row.pair_days, row.aged_pairs) if row and row.aged_pairs else Fraction(0)


def _is_gone(row: Figure | None) -> bool:
    """Of what the ledger never had nothing is known."""
    if row is None or row.closing > 0 or row.in_transit > 0:
        return False
    return row.opening + row.brought + row.purchased + row.transferred_in + row.gained > 0


def calling_of(style: Style, office: Store | None, *, on: date) -> Calling:
    """Why customers are called about a style in `office`, or in all of them. Eight queries at most.

    It is aged where its pairs lie there longer, on average, than the red list allows.
    """
    there, known = priced(style, office, on=on), standing_set()
    row = Figure.objects.filter(
        set=known, style=style, office=office,
        level=FigureLevel.OFFICE if office else FigureLevel.COMPANY,
    ).first() if known else None  # fmt: skip
    plain = plain_price(style)
    price = max(there.prices.values(), default=plain)
    is_cheaper = price < plain
    is_slow = there.style_class in (StyleClass.SLOW, StyleClass.DEAD)
    limit = terms_on(on).red_over_days
    is_aged = _age(row) > limit
    told = ((Why.SLOW, is_slow), (Why.AGED, is_aged), (Why.CHEAPER, is_cheaper))
    return Calling(
        price=price,
        old_price=plain if is_cheaper else None,
        reasons=() if _is_gone(row) else tuple(why for why, holds in told if holds),
        stock=row.closing if row else 0,
        is_gone=_is_gone(row),
    )
