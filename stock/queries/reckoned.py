"""Figures in SQL, for sorting and narrowing by them: the twins of `stock.figures.of_row`.

Shares and days are numeric with twelve places; NULL where the rules answer with None. What is shown
is always worked out by the rules; a test holds the two together.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypedDict, cast

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    DecimalField,
    Expression,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Greatest, Least, NullIf
from django.db.models.lookups import GreaterThan, LessThan

from stock.models import Figure
from stock.queries.overrides import with_class
from stock.queries.seasons import SeasonTerms
from stock.rules.supply import Red
from stock.rules.terms import Terms
from stock.states import Category, StyleClass

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Held(TypedDict):
        given_class: str | None
        held_class: str

    class _Told(_Held):
        through: Decimal | None
        target: Decimal | None
        gap: Decimal | None
        lasts: Decimal | None
        age: Decimal | None
        order_now: int | None
        net: Decimal
        lately: Decimal
        week: int

    ClassedFigure = WithAnnotations[Figure, _Held]
    BoardFigure = WithAnnotations[Figure, _Told]
else:
    ClassedFigure = BoardFigure = Figure

PLACES = Decimal("1e-12")
SHARE = DecimalField(max_digits=30, decimal_places=12)
WHOLE = IntegerField()
# The order in which lists name the classes, the best first; whoever is watched stands last.
RANKED = (
    StyleClass.FAST, StyleClass.STEADY, StyleClass.SLOW, StyleClass.DEAD, StyleClass.WATCHED,
)  # fmt: skip
NET_SOLD = F("sold") - F("returned")
GIVEN_AWAY = F("business_use") + F("given")
SUPPLY = (
    F("opening") + F("brought") + F("purchased") - F("purchase_returned")
    + F("transferred_in") - F("transferred_out")
)  # fmt: skip


class _At(Func):
    """One element of an array by its place, the first being 1."""

    template = "(%(expressions)s]"
    arg_joiner = ")["
    output_field = SHARE


def _share(part: Combinable, whole: Combinable) -> Expression:
    """`part` / `whole`; NULL where the whole is zero or less."""
    positive = NullIf(Greatest(whole, Value(0)), Value(0))
    return Cast(Cast(part, SHARE) / Cast(positive, SHARE), SHARE)


def days_of_supply(is_early: Q) -> Expression:
    """可维持天数 of a row (`stock.rules.supply.days_of_supply`)."""
    lasts = Cast(
        Cast(F("closing") * F("window_days"), SHARE) / Cast(F("window_sold"), SHARE), SHARE
    )
    return Case(
        When(is_early | Q(window_days__lte=0), then=None),
        When(closing__lte=0, then=Value(Decimal(0), output_field=SHARE)),
        When(window_sold__gt=0, then=lasts),
        output_field=SHARE,
    )


def _replenish(is_early: Q, cover: int) -> Expression:
    """The pairs to order, in integers: a ceiling is the floor of so much more."""
    lacking = F("window_sold") * cover - (F("closing") + F("in_transit")) * F("window_days")
    pairs = (lacking + F("window_days") - 1) / F("window_days")
    return Case(
        When(is_early | Q(window_days__lte=0), then=None),
        default=Greatest(Cast(pairs, WHOLE), Value(0)),
        output_field=WHOLE,
    )


def exact(share: Fraction) -> Decimal:
    """A share as the database keeps it here: twelve places."""
    return (Decimal(share.numerator) / share.denominator).quantize(PLACES)


def _target(seasons: Mapping[int | None, SeasonTerms]) -> Expression:
    """What should be sold by the end of the last completed week; nothing of a past season's, and
    none without `seasons`.
    """
    if not seasons:
        return Value(None, output_field=SHARE)
    weeks = F("days_on_sale") / 7
    curves = {}
    for season, held in seasons.items():
        shares = [Decimal(0), *(exact(share) for share in held.targets)]
        curve = Value(shares, output_field=ArrayField(SHARE))
        curves[season] = _At(curve, Least(Cast(weeks, WHOLE), Value(len(held.targets))) + 1)
    whens = [When(style__season=pk, then=curve) for pk, curve in curves.items() if pk is not None]
    is_past = Q(days_on_sale=None) | Q(category=Category.PAST)
    return Case(When(is_past, then=None), *whens, default=curves[None], output_field=SHARE)


def reckoned(
    figures: QuerySet[Figure],
    *,
    as_of: date,
    terms: Terms,
    cover: int,
    counts_gifts: bool,
    seasons: Mapping[int | None, SeasonTerms],
) -> QuerySet[BoardFigure]:
    """Figures with what lists sort and narrow by.

    `through` 售罄率, `gap` how far it is over its target, `lasts` 可维持天数, `turn` 库销比, `age`
    库龄, `discount` 平均折扣, `order_now` 建议补单, `held_class`, its `class_rank`; `number`, and
    pairs that may be negative: `lying`, `lately`, `net` sold, `coming`.
    """
    net = NET_SOLD + GIVEN_AWAY if counts_gifts else NET_SOLD
    is_early = Q(launched_on__gt=as_of)
    stock = F("opening") + F("closing")
    told = (
        with_class(figures)
        .annotate(
            through=_share(net, SUPPLY),
            target=_target(seasons),
            lasts=days_of_supply(is_early),
            turn=Case(When(Q(opening__gte=-F("closing")), then=_share(stock, net * 2))),
            age=_share(F("pair_days"), F("aged_pairs")),
            discount=_share(F("paid"), F("tagged")),
            order_now=_replenish(is_early, cover),
            class_rank=Case(
                *(When(held_class=held, then=at) for at, held in enumerate(RANKED)),
                default=len(RANKED),
                output_field=WHOLE,
            ),
        )
        .annotate(
            gap=F("through") - F("target"),
            number=F("style__number"),
            lying=Cast("closing", SHARE),
            lately=Cast("window_sold", SHARE),
            net=Cast(net, SHARE),
            coming=Cast("in_transit", SHARE),
        )
    )
    return cast("QuerySet[BoardFigure]", told)


# Whose stock a red list looks at (`stock.rules.supply.red_list`).
RED_CLASSES = {
    Red.REORDER: (StyleClass.FAST,),
    Red.MARK_DOWN: (StyleClass.SLOW, StyleClass.DEAD),
}


def is_red(red: Red, *, as_of: date, terms: Terms) -> Q:
    """The condition of a red list on `reckoned` figures (`stock.rules.supply.red_list`)."""
    return Q(held_class__in=RED_CLASSES[red]) & lasts_red(red, as_of=as_of, terms=terms)


def lasts_red(red: Red, *, as_of: date, terms: Terms) -> Q:
    """The same of the days of supply alone, in whole numbers: stock × days against sold × limit."""
    told = Q(window_days__gt=0) & ~Q(launched_on__gt=as_of)
    held = Cast("closing", BigIntegerField()) * F("window_days")
    sold = Cast("window_sold", BigIntegerField())
    if red == Red.REORDER:
        short = Q(LessThan(held, sold * terms.red_under_days))
        return told & (Q(closing__lte=0) | Q(window_sold__gt=0) & short)
    long = Q(GreaterThan(held, sold * terms.red_over_days))
    return told & Q(closing__gt=0) & (Q(window_sold__lte=0) | long)
