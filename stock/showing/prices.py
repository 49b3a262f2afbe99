"""The prices of a style: path by path, its year drawn as steps, its floor and what it is of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from core.amounts import money_text
from core.days import day_text, month_mark
from staff.models import Store
from stock.models import Style
from stock.queries.prices import Floor, plain_price
from stock.rules.floor import check_price
from stock.rules.price_paths import Step, drawn_path, standing_on
from stock.rules.terms import Terms
from stock.wording.terms import percent_text

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 400, 210, 54, 8, 10, 26
# So many paths are told apart by their strokes; others stand in the table.
MOST_DRAWN = 4


@dataclass(kw_only=True)
class Path:
    """Offices with the same prices on all days."""

    offices: list[str]
    counter: str
    current: str
    off: str
    steps: list[tuple[str, str, str, bool]]
    prices: list[tuple[date, Decimal]]
    line: str = ""
    number: int = 0


@dataclass(kw_only=True)
class Drawing:
    """The year of a price as an SVG of `WIDTH` × `HEIGHT`: lines by path, marks of yuan and months,
    and the height of the floor.
    """

    paths: list[Path]
    yuan: list[tuple[float, str]] = field(default_factory=list)
    months: list[tuple[float, str]] = field(default_factory=list)
    floor_at: float | None = None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def paths_shown(
    style: Style,
    offices: Sequence[Store],
    steps: Mapping[int, Sequence[Step]],
    *,
    today: date,
) -> list[Path]:
    """The offices by what they ask, in their order; those with the same path together."""
    plain = plain_price(style)
    alike: dict[tuple[Step, ...], list[str]] = {}
    for office in offices:
        alike.setdefault(tuple(steps.get(office.pk, ())), []).append(office.name)
    return [_path(names, path, plain=plain, today=today) for path, names in alike.items()]


def _path(names: list[str], path: Sequence[Step], *, plain: Decimal, today: date) -> Path:
    now = standing_on(path, today, plain=plain)
    off = "" if now.current >= now.counter else f"{100 * now.current / now.counter:.0f}"
    begins = today.replace(month=1, day=1)
    return Path(
        offices=names,
        counter=money_text(now.counter),
        current=money_text(now.current),
        off=off,
        steps=[
            (
                day_text(step.from_on, today=today),
                money_text(step.counter) if step.counter else "",
                money_text(step.current) if step.current else "",
                step.from_on > today,
            )
            for step in reversed(path)
        ],
        prices=drawn_path(path, begins=_first(path, begins), ends=_last(path, today), plain=plain),
    )


def _first(path: Sequence[Step], begins: date) -> date:
    """The first day of the year, or that of the first price where it came later."""
    return max(begins, path[0].from_on) if path else begins


def _last(path: Sequence[Step], today: date) -> date:
    return max(today, path[-1].from_on) if path else today


def drawn(paths: list[Path], *, floor: Decimal | None, today: date) -> Drawing | None:
    """The paths of this year as lines of steps; None where nobody has priced the style."""
    told = [path for path in paths if path.steps][:MOST_DRAWN]
    if not told:
        return None
    begins = min(path.prices[0][0] for path in told).replace(day=1)
    ends = max(today, *(path.prices[-1][0] for path in told)) + timedelta(days=1)
    amounts = [price for path in told for _day, price in path.prices]
    highest = max([*amounts, floor or Decimal(0)]) * Decimal("1.08")
    lowest = min([*amounts, floor] if floor else amounts) * Decimal("0.85")

    def across(day: date) -> float:
        share = (day - begins).days / (ends - begins).days
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def down(price: Decimal) -> float:
        share = float((highest - price) / (highest - lowest))
        return round(TOP + share * (HEIGHT - TOP - BOTTOM), 1)

    for number, path in enumerate(told, start=1):
        days = [day for day, _price in path.prices[1:]] + [ends]
        corners = [
            f"H{across(day)}" if is_across else f"V{down(price)}"
            for (_from, price), day in zip(path.prices, days, strict=True)
            for is_across in (False, True)
        ]
        first_on, first = path.prices[0]
        path.line = f"M{across(first_on)} {down(first)}" + "".join(corners[1:])
        path.number = number
    return Drawing(
        paths=told,
        yuan=[(down(price), money_text(price)) for price in _round_prices(lowest, highest)],
        months=[(across(day), month_mark(day)) for day in _months(begins, ends)],
        floor_at=down(floor) if floor else None,
    )


def _round_prices(lowest: Decimal, highest: Decimal) -> list[Decimal]:
    """Some round prices between two."""
    apart = next(
        (Decimal(each) for each in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
         if (highest - lowest) / each <= 5),
        highest - lowest,
    )  # fmt: skip
    first = lowest // apart + 1
    return [(first + number) * apart for number in range(6) if (first + number) * apart < highest]


def _months(begins: date, ends: date) -> list[date]:
    days = (date(begins.year, month, 1) for month in range(begins.month, 13))
    return [day for day in days if day < ends]


def floor_shown(floor: Floor, terms: Terms, *, today: date, tells_cost: bool) -> dict[str, str]:
    """The floor, the price it is checked as, and how it comes about; `tells_cost` to whoever
    reads what goods cost.
    """
    if floor.value is None:
        return {
            "value": "–",
            "how": _("Not known: no floor is given with the style, and no purchase has a cost."),
        }
    shown = {"value": money_text(floor.value), "check": money_text(check_price(floor.value))}
    if floor.cost is None or floor.cost_on is None:
        return shown | {"how": _("Given with the style.")}
    if not tells_cost:
        return shown | {"how": _("Reckoned from what the last pairs cost.")}
    formula = _(
        "Cost %(cost)s × (1 + freight %(freight)s %%) ÷ (1 − commission %(commission)s %% − "
        "expense %(expense)s %%)"
    ) % {
        "cost": money_text(floor.cost),
        "freight": percent_text(terms.freight),
        "commission": percent_text(terms.commission),
        "expense": percent_text(terms.expense),
    }
    bought = _("last bought %(day)s") % {"day": day_text(floor.cost_on, today=today)}
    return shown | {"how": f"{formula} · {bought}"}
