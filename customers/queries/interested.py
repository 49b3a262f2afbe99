"""Whose recorded interest fits a style: noted on the card, or said in an open opportunity."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from enum import IntEnum

from django.db.models import Q, QuerySet

from customers.models import Customer, Interest, Opportunity
from customers.queries.finding import visible
from customers.states import Grade, StageKind
from staff.models import Store
from staff.scope import Reach
from stock.models import SizeStock, Style

# The customers whom a call about goods is for.
CALLED_GRADES = (Grade.A, Grade.B1, Grade.B2)
SHORTEST_WORD = 2


class Fit(IntEnum):
    """How closely an interest fits a style, the closest first."""

    STYLE = 1  # the style itself, in the master or by its number
    BRAND = 2
    KIND = 3  # its series, its type of shoe, its season


def _kinds_of(style: Style) -> list[str]:
    """The words by which a style's kind is named in a text."""
    rows = (style.series, style.shoe_type, style.season)
    return [row.name for row in rows if row and len(row.name) >= SHORTEST_WORD]


def _apart(field: str, word: str) -> Q:
    """Texts that name this word, not as a part of a longer number or Latin word."""
    return Q(**{f"{field}__iregex": rf"(^|[^0-9a-z]){re.escape(word)}($|[^0-9a-z])"})


def _named(field: str, words: Iterable[str]) -> Q:
    """Texts that name one of these words."""
    found = Q(pk__in=[])
    for word in words:
        found |= _apart(field, word) if word.isascii() else Q(**{f"{field}__icontains": word})
    return found


def _of_kind(style: Style, field: str) -> Q:
    """Texts that name the style's kind, of customers of the trades in whose stores it ever lay.

    The words of a kind are those of every trade: a comfortable shoe is no comfortable car.
    """
    had = SizeStock.objects.filter(style=style)
    trades = list(Store.objects.filter(pk__in=had.values("office")).values_list("trade", flat=True))
    same = Q(customer__store__trade__in=set(trades)) if trades else Q()
    return same & _named(field, _kinds_of(style))


def _noted(style: Style) -> dict[Fit, QuerySet[Interest]]:
    rows = Interest.objects.all()
    return {
        Fit.STYLE: rows.filter(Q(style=style) | _apart("text", style.number)),
        Fit.BRAND: rows.filter(
            Q(brand=style.brand) | Q(style__brand=style.brand) | _named("text", [style.brand.name])
        ),
        Fit.KIND: rows.filter(_of_kind(style, "text")),
    }


def _wanted(style: Style) -> dict[Fit, QuerySet[Opportunity]]:
    rows = Opportunity.objects.filter(state=StageKind.OPEN)
    return {
        Fit.STYLE: rows.filter(_apart("product", style.number)),
        Fit.BRAND: rows.filter(Q(brand=style.brand) | _named("product", [style.brand.name])),
        Fit.KIND: rows.filter(_of_kind(style, "product")),
    }


def interested_in(style: Style, *, reach: Reach | None) -> QuerySet[Customer]:
    """The customers within reach, graded A or B, of whom some interest fits; None is everybody's.

    `style` comes with its brand, series, type and season.
    """
    customers = Customer.objects.filter(merged_into=None) if reach is None else visible(reach)
    fits = Q(pk__in=[])
    for rows in (*_noted(style).values(), *_wanted(style).values()):
        fits |= Q(pk__in=rows.order_by().values("customer"))
    return customers.filter(fits, grade__in=CALLED_GRADES)


def why_interested(style: Style, customers: Collection[int]) -> dict[int, tuple[Fit, list[str]]]:
    """By customer how closely it fits, and what was noted, in the words of the notes.

    Eight queries. The words may hold a number: they are masked where they are shown.
    """
    found: defaultdict[int, dict[str, Fit]] = defaultdict(dict)
    for fit, notes in _noted(style).items():
        rows = notes.filter(customer__in=customers).select_related("style__brand", "brand")
        for note in rows.order_by("pk"):
            found[note.customer_id].setdefault(str(note), fit)
    for fit, wishes in _wanted(style).items():
        rows_of = wishes.filter(customer__in=customers).select_related("brand")
        for wish in rows_of.order_by("pk"):
            text = wish.product or str(wish.brand)
            found[wish.customer_id].setdefault(text, fit)
    return {pk: (min(words.values()), list(words)) for pk, words in found.items()}
