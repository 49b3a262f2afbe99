"""What stands around the rows of the board: its sums, its red lists, its charts' tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from core.days import date_text
from stock.figures.of_row import Asked, Figures
from stock.figures.summing import Parts
from stock.models import Figure
from stock.queries.reckoned import BoardFigure
from stock.rules.stock_age import bucket_names
from stock.rules.supply import Red
from stock.showing.addresses import style_page
from stock.showing.figures import (
    SHAPES,
    count_text,
    days_text,
    discount_text,
    percent_text,
    ratio_text,
)
from stock.states import ProposalKind, StyleClass
from stock.wording.formulas import anchor

Address = Callable[..., str]


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A look at the board, or a class, with how many styles it has."""

    label: str
    count: str
    url: str
    is_current: bool
    shape: str = ""
    tone: str = ""


def total_texts(parts: Parts, figures: Figures, question: Asked) -> dict[str, str]:
    """By column what the sum of all rows says: Σ ÷ Σ, never a mean."""
    return {
        "allotted": days_text(figures["allotted"]),
        "sold": days_text(figures["net_sold"]),
        "through": percent_text(figures["sell_through"]),
        "lately": count_text(parts.window_sold),
        "stock": count_text(parts.closing),
        "coming": count_text(parts.in_transit),
        "lasts": days_text(figures["days_of_supply"]),
        "age": ratio_text(figures["stock_age"], 1),
        "turn": ratio_text(figures["stock_to_sales"]),
        "discount": discount_text(figures["average_discount"], question.terms),
        "in_to_sales": percent_text(figures["in_to_sales"]),
        "stock_rate": percent_text(figures["stock_rate"]),
        "hits": percent_text(figures["restock_hit_rate"]),
        "order_now": days_text(figures["replenish"]),
    }


def stats(texts: Mapping[str, str], *, url: str) -> list[dict[str, str]]:
    """The head of the board: what all its rows come to; each opens its formula.

    A reason why there is no figure has no unit.
    """
    one = {name: 1 if text in ("1", "1.0") else 2 for name, text in texts.items()}
    pairs = {name: npgettext("unit", "pair", "pairs", count) for name, count in one.items()}
    days = {name: npgettext("unit", "day", "days", count) for name, count in one.items()}
    shown = (
        ("through", "sell_through", _("Sell-through"), "%"),
        ("stock", "closing", _("Stock"), pairs["stock"]),
        ("lasts", "days_of_supply", _("Days of supply"), days["lasts"]),
        ("age", "stock_age", _("Stock age"), days["age"]),
        ("turn", "stock_to_sales", _("Stock to sales"), ""),
        ("discount", "average_discount", _("Average discount"), ""),
        ("order_now", "replenish", _("To reorder"), pairs["order_now"]),
    )
    return [
        {
            "value": texts[name],
            "label": label,
            "unit": unit if any(sign.isdigit() for sign in texts[name]) else "",
            "url": f"{url}#{anchor(key)}",
        }
        for name, key, label, unit in shown
    ]


def class_tabs(
    found: Sequence[tuple[StyleClass, int, int, int]], *, chosen: str, address: Address
) -> list[Tab]:
    """How many styles each class has; a tap shows them, another all again."""
    order = {held: at for at, held in enumerate(SHAPES)}
    return [
        Tab(
            label=str(held.label),
            count=count_text(styles),
            url=address(cls=None if chosen == held else held.value),
            is_current=chosen == held,
            shape=SHAPES[held][0],
            tone=SHAPES[held][1],
        )
        for held, styles, _pairs, _sold in sorted(found, key=lambda row: order[row[0]])
    ]


def look_tabs(
    looks: Sequence[tuple[str, Promise]], found: Mapping[str, int], *, chosen: str, address: Address
) -> list[Tab]:
    """The whole list and its looks, each with how many styles it has."""
    whole = Tab(
        label=_("All styles"), count=count_text(found[""]), url=address(look=None),
        is_current=not chosen,
    )  # fmt: skip
    return [
        whole,
        *(
            Tab(
                label=str(label),
                count=count_text(found[name]),
                url=address(look=name),
                is_current=chosen == name,
            )
            for name, label in looks
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class RedRow:
    """One style of a red list: why it stands there, and what to do about it."""

    number: str
    url: str
    why: str
    act: str
    act_url: str


def running_out(row: BoardFigure, figures: Figures, *, may_move: bool) -> RedRow:
    order = figures["replenish"].value
    pairs = {"pairs": count_text(int(order or 0))}
    why = _("%(days)s d left, stock %(pairs)s") % {
        "days": days_text(figures["days_of_supply"]), "pairs": count_text(row.closing)
    }  # fmt: skip
    if order:
        return _red(row, why, _("Reorder %(pairs)s") % pairs, ProposalKind.REORDER)
    return _move(row, why, may_move=may_move)


def running_out_there(row: Figure, *, leads: bool) -> RedRow:
    """A style in one office; the page it leads to says which office could send what."""
    why = _("%(office)s, %(days)s d left, stock %(pairs)s") % {
        "office": row.office.name if row.office else "",
        "days": floor(getattr(row, "lasts", 0)),
        "pairs": count_text(row.closing),
    }
    asked = {"list": Red.REORDER.value, "office": row.office_id or "", "brand": row.style.brand_id}
    return RedRow(
        number=row.style.number,
        url=style_page(row.style),
        why=why,
        act=pgettext("goods", "Move"),
        act_url=f"{reverse('stock:suggestions')}?{urlencode(asked)}" if leads else "",
    )


def lying_long(row: BoardFigure, figures: Figures, *, wider: str = "") -> RedRow:
    """`wider` tells of a region in which it sells: from there it is moved, not marked down."""
    why = _("%(class)s, %(days)s d old, stock %(pairs)s") % {
        "class": StyleClass(row.held_class).label,
        "days": ratio_text(figures["stock_age"], 0),
        "pairs": count_text(row.closing),
    }
    if not wider:
        return _red(row, why, pgettext("goods", "Mark down"), ProposalKind.MARK_DOWN)
    asked = {"kind": ProposalKind.TRANSFER.value, "from": row.office_id or ""}
    return RedRow(
        number=row.style.number,
        url=style_page(row.style),
        why=f"{why} · {wider}",
        act=pgettext("goods", "Move"),
        act_url=f"{reverse('stock:propose', args=[row.style_id])}?{urlencode(asked)}",
    )


def broken(row: BoardFigure, sizes: str, *, may_move: bool) -> RedRow:
    return _move(row, _("lacks %(sizes)s") % {"sizes": sizes}, may_move=may_move)


def _move(row: BoardFigure, why: str, *, may_move: bool) -> RedRow:
    """Pairs from elsewhere; whoever does not see where they lie asks for more of them."""
    if may_move:
        return _red(row, why, pgettext("goods", "Move"), ProposalKind.TRANSFER)
    return _red(row, why, pgettext("goods", "Reorder"), ProposalKind.REORDER)


def _red(row: BoardFigure, why: str, act: str, kind: ProposalKind) -> RedRow:
    asked = {"kind": kind.value} | ({"office": row.office_id} if row.office_id else {})
    return RedRow(
        number=row.style.number,
        url=style_page(row.style),
        why=why,
        act=act,
        act_url=f"{reverse('stock:propose', args=[row.style_id])}?{urlencode(asked)}",
    )


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart and the table it is drawn from: what is drawn stands there to be read.

    `keys` are (how it is drawn, its name): bar, line, share, target, past, dot.
    """

    kind: str
    title: str
    note: str
    heads: list[str]
    rows: list[list[tuple[str, str]]]
    keys: Sequence[tuple[str, str]] = ()


def _cell(value: Fraction | int | None, text: str) -> tuple[str, str]:
    return ("" if value is None else str(round(float(value), 4)), text)


def _pairs(value: int) -> tuple[str, str]:
    return _cell(value, count_text(value))


def _share(value: Fraction | None) -> tuple[str, str]:
    if value is None:
        return ("", "—")
    points = round(float(value * 100), 1)
    return (str(points), f"{points:.1f} %")


def target_chart(
    cohorts: Sequence[tuple[int, int, int, int]], targets: Sequence[Fraction]
) -> Chart:
    """Sell-through of the styles that are in one week on sale, against that week's target."""
    by_week = {week: (styles, sold, supply) for week, styles, sold, supply in cohorts}
    rows = []
    for week, target in enumerate(targets, start=1):
        styles, sold, supply = by_week.get(week, (0, 0, 0))
        share = Fraction(sold, supply) if supply > 0 else None
        rows.append([_cell(week, str(week)), _share(target), _share(share), _pairs(styles)])
    return Chart(
        kind="target",
        title=_("Sell-through against the target"),
        note=_("by week on sale; past seasons left out"),
        heads=[_("Week on sale"), _("Target"), pgettext("share", "Sold"), _("Styles")],
        rows=rows,
        keys=[
            ("target", _("Target")),
            ("dot", pgettext("chart", "Sold; the more styles, the larger")),
        ],
    )


def pyramid_chart(found: Sequence[tuple[int, int]], limits: Sequence[int]) -> Chart:
    """The pairs by age, this season's beside past seasons'."""
    names = bucket_names(limits)
    return Chart(
        kind="pyramid",
        title=_("Age pyramid"),
        note=_("days × pairs"),
        heads=[_("Days"), _("This season"), _("Past seasons")],
        rows=[
            [("", name), _pairs(now), _pairs(past)]
            for name, (now, past) in zip(names, found, strict=True)
        ],
        keys=[
            ("bar", _("This season %(pairs)s") % {"pairs": count_text(sum(n for n, _p in found))}),
            (
                "past",
                _("Past seasons %(pairs)s") % {"pairs": count_text(sum(p for _n, p in found))},
            ),
        ],
    )


def week_head(monday: date, as_of: date) -> tuple[str, str]:
    """The head of a week's row; one that is not over is no fall in sales."""
    if monday + timedelta(days=6) <= as_of:
        return ("", date_text(monday))
    return ("part", _("%(day)s, so far") % {"day": date_text(monday)})


def weeks_chart(found: Sequence[tuple[date, int, int]], *, as_of: date) -> Chart:
    """Sales and stock week by week."""
    return Chart(
        kind="weeks",
        title=_("Sales and stock by week"),
        note=_("pairs; by place, brand and season alone"),
        heads=[_("Week of"), pgettext("pairs", "Sold"), _("Stock")],
        rows=[
            [week_head(monday, as_of), _pairs(sold), _pairs(left)] for monday, sold, left in found
        ],
        keys=[("bar", pgettext("pairs", "Sold")), ("line", _("Stock"))],
    )


def classes_chart(found: Sequence[tuple[StyleClass, int, int, int]]) -> Chart:
    """What share of styles, sales and stock each class has."""
    order = {held: at for at, held in enumerate(SHAPES)}
    return Chart(
        kind="classes",
        title=_("Share of the classes"),
        note=_("of styles, sales and stock"),
        heads=[pgettext("of goods", "Class"), _("Styles"), pgettext("pairs", "Sold"), _("Stock")],
        rows=[
            [(SHAPES[held][1], str(held.label)), _pairs(styles), _pairs(sold), _pairs(pairs)]
            for held, styles, pairs, sold in sorted(found, key=lambda row: order[row[0]])
        ],
    )
