"""A row of figures taken apart: each with its formula, its inputs, and the rows it counts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.amounts import money_text
from stock.figures.of_row import OF_COST, Asked, Figures, age_buckets_of
from stock.figures.summing import Parts
from stock.rules.figures import Figure
from stock.rules.threads import TRANSFERS
from stock.showing.figures import (
    NONE,
    count_text,
    discount_text,
    number_text,
    percent_text,
    ratio_text,
)
from stock.states import Kind
from stock.wording.flags import flag_texts
from stock.wording.formulas import FORMULAS, anchor

# Whose rows make net sales: without and with gifts and business use among them.
SALES, SALES_AND_GIFTS = "sales", "sales_and_gifts"
Rows = Callable[..., str]


@dataclass(frozen=True, kw_only=True)
class Input:
    """What a formula is filled in with; `url` opens the movements that it counts."""

    name: str
    text: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One figure: what it is called, says, is worked out from, and why it may say nothing."""

    key: str
    name: str
    text: str
    formula: str
    clause: str
    anchor: str
    inputs: list[Input]
    notes: list[str]


@dataclass(frozen=True, kw_only=True)
class Period:
    """From when a row counts: the asked period's first day, else the launch."""

    since: date | None
    as_of: date
    window: int
    year: date

    @property
    def before(self) -> date | None:
        return self.since and self.since - timedelta(days=1)


def no_rows(**narrowing: object) -> str:
    """Sums of many styles open the board's rows, no movements."""
    return ""


def explained(
    parts: Parts,
    figures: Figures,
    question: Asked,
    *,
    from_on: date | None = None,
    target: tuple[int, Fraction] | None = None,
    tells_cost: bool,
    rows: Rows = no_rows,
    opened: int = 0,
    on_the_way: int | None = None,
) -> list[Explained]:
    """All figures of a row, in the order of the board; those at cost where it is told.

    `target` is the week and its share; `rows` answers with the address of the movements of this
    place, narrowed by kind and days; `opened` are the pairs of opening stock that it has inside
    the period, which began with what lay there before; `on_the_way` are those between the offices
    of a wider place, None of an office.
    """
    period = Period(
        since=from_on or parts.launched_on,
        as_of=question.as_of,
        window=parts.window_days,
        year=question.as_of.replace(month=1, day=1),
    )
    told = _Telling(parts, figures, question, period, target, rows, opened, on_the_way)
    keys = [key for key in FORMULAS if tells_cost or key not in OF_COST]
    return [each for key in keys if (each := told.explain(key))]


@dataclass(frozen=True)
class _Telling:
    parts: Parts
    figures: Figures
    question: Asked
    period: Period
    target: tuple[int, Fraction] | None
    rows: Rows
    opened: int
    on_the_way: int | None

    @property
    def sales(self) -> str:
        return SALES_AND_GIFTS if self.question.counts_gifts else SALES

    def explain(self, key: str) -> Explained | None:
        formula = FORMULAS[key]
        text = self._text(key)
        if not text:
            return None
        figure = self.figures.get(key)
        return Explained(
            key=key,
            name=str(formula.name),
            text=text,
            formula=str(formula.formula),
            clause=formula.clause,
            anchor=anchor(key),
            inputs=list(getattr(self, f"_{key}")()),
            notes=flag_texts(figure.flags) if figure else [],
        )

    def _text(self, key: str) -> str:
        if key == "closing":
            return count_text(self.parts.closing)
        if key == "target":
            return f"{number_text(self.target[1] * 100, 1)} %" if self.target else ""
        if key == "daily_pace":
            return count_text(self.parts.window_sold)
        figure = self.figures[key]
        if figure.value is None:
            return NONE
        return _said(key, figure, self.question)

    def _in(self, name: str, pairs: int, **narrowing: object) -> Input:
        """Pairs of the ledger, with the rows that make them."""
        url = self.rows(**narrowing) if narrowing else ""
        return Input(name=name, text=count_text(pairs), url=url)

    def _moved(self, kind: Kind, pairs: int) -> Iterator[Input]:
        """Pairs of one kind in the period, where there are any. Of a wider place transfers are
        those over its border alone, which no list of rows tells.
        """
        days = {"since": self.period.since, "until": self.period.as_of}
        is_told = self.on_the_way is None or kind not in TRANSFERS
        narrowing: dict[str, object] = {"kind": kind, **days} if is_told else {}
        name = kind.label if is_told else _("%(kind)s across the border") % {"kind": kind.label}
        if pairs:
            yield self._in(str(name), pairs, **narrowing)

    def _days_on_sale(self) -> Iterator[Input]:
        launched = self.parts.launched_on
        yield Input(name=_("Launched on"), text=launched.isoformat() if launched else NONE)
        yield Input(name=pgettext("figures", "As of"), text=self.period.as_of.isoformat())

    def _opening(self) -> Iterator[Input]:
        for name, pairs in (
            (_("Opening stock"), self.parts.opening),
            (_("There before the launch"), self.parts.brought),
        ):
            lay = pairs - self.opened if pairs else 0
            if lay:
                yield self._in(name, lay, until=self.period.before)
        yield from self._moved(Kind.OPENING, self.opened)

    def _received(self) -> Iterator[Input]:
        yield from self._opening()
        yield from self._moved(Kind.PURCHASE, self.parts.purchased)
        yield from self._moved(Kind.PURCHASE_RETURN, self.parts.purchase_returned)
        yield from self._moved(Kind.TRANSFER_IN, self.parts.transferred_in)
        yield from self._moved(Kind.TRANSFER_OUT, self.parts.transferred_out)

    def _closing(self) -> Iterator[Input]:
        yield from self._received()
        yield from self._net_sold()
        for kind, pairs in (
            (Kind.BUSINESS_USE, self.parts.business_use), (Kind.GIFT, self.parts.given),
            (Kind.GAIN, self.parts.gained), (Kind.LOSS, self.parts.lost),
        ):  # fmt: skip
            if not (self.question.counts_gifts and kind in (Kind.BUSINESS_USE, Kind.GIFT)):
                yield from self._moved(kind, pairs)

    def _net_sold(self) -> Iterator[Input]:
        yield from self._moved(Kind.SALE, self.parts.sold)
        yield from self._moved(Kind.SALE_RETURN, self.parts.returned)
        if self.question.counts_gifts:
            yield from self._moved(Kind.BUSINESS_USE, self.parts.business_use)
            yield from self._moved(Kind.GIFT, self.parts.given)

    def _sell_through(self) -> Iterator[Input]:
        yield self._sales()
        yield self._figure(_("Opening stock + receipts"), "supply")
        yield from self._received()

    def _sales(self) -> Input:
        sold = int(self.figures["net_sold"].value or 0)
        return self._in(
            _("Net sales"), sold, kind=self.sales, since=self.period.since, until=self.period.as_of
        )

    def _figure(self, name: str, key: str) -> Input:
        return Input(name=name, text=count_text(int(self.figures[key].value or 0)))

    def _stock(self) -> Iterator[Input]:
        """What lies there; the rows of the offices do not tell what is between them."""
        if not self.on_the_way:
            yield self._in(_("Stock"), self.parts.closing, until=self.period.as_of)
            return
        yield self._in(_("Stock"), self.parts.closing)
        lying = self.parts.closing - self.on_the_way
        yield self._in(_("of it in the offices"), lying, until=self.period.as_of)
        yield self._in(_("of it on the way between them"), self.on_the_way)

    def _target(self) -> Iterator[Input]:
        if self.target:
            yield Input(name=_("Completed week"), text=count_text(self.target[0]))

    def _daily_pace(self) -> Iterator[Input]:
        since = self.period.as_of - timedelta(days=max(self.period.window - 1, 0))
        yield self._in(
            _("Net sales of the window"), self.parts.window_sold,
            kind=self.sales, since=since, until=self.period.as_of,
        )  # fmt: skip
        yield Input(name=_("Days of the window"), text=count_text(self.period.window))

    def _days_of_supply(self) -> Iterator[Input]:
        yield from self._stock()
        yield from self._daily_pace()

    def _replenish(self) -> Iterator[Input]:
        yield from self._days_of_supply()
        yield self._in(_("On its way"), self.parts.in_transit)
        yield Input(name=_("Days to cover"), text=count_text(self.question.cover_days))

    def _stock_age(self) -> Iterator[Input]:
        yield self._in(_("Pairs × days"), self.parts.pair_days)
        yield self._in(pgettext("goods", "Pairs"), self.parts.aged_pairs, until=self.period.as_of)
        for name, pairs in age_buckets_of(self.parts, self.question.terms).items():
            yield Input(name=_("%(days)s days") % {"days": name}, text=count_text(pairs))

    def _stock_to_sales(self) -> Iterator[Input]:
        before: dict[str, object] = {} if self.opened else {"until": self.period.before}
        yield self._in(_("Opening stock"), self.parts.opening, **before)
        yield from self._stock()
        yield self._sales()

    def _average_discount(self) -> Iterator[Input]:
        yield Input(
            name=pgettext("amount", "Paid"), text=money_text(self.parts.paid),
            url=self.rows(kind=SALES, since=self.period.since, until=self.period.as_of),
        )  # fmt: skip
        yield Input(name=_("At tag prices"), text=money_text(self.parts.tagged))

    def _allotted(self) -> Iterator[Input]:
        yield from self._stock()
        yield self._in(
            _("Net sales of the year"), self.parts.year_sold,
            kind=self.sales, since=self.period.year, until=self.period.as_of,
        )  # fmt: skip

    _in_to_sales = _allotted

    def _stock_rate(self) -> Iterator[Input]:
        yield from self._stock()
        yield self._figure(_("Opening stock + receipts"), "supply")

    def _restock_hit_rate(self) -> Iterator[Input]:
        yield self._in(_("Sold in time"), self.parts.restock_hits)
        yield self._in(_("Restocked"), self.parts.restocked)
        # The set was reckoned by its terms, for however many days the board orders.
        yield Input(name=_("Days to cover"), text=count_text(self.question.terms.cover_days))

    def _fill_rate(self) -> Iterator[Input]:
        yield self._in(_("Shipped of it"), self.parts.served)
        yield self._in(_("Requested"), self.parts.requested)

    def _adjusted_daily_sales(self) -> Iterator[Input]:
        yield from self._daily_pace()
        yield self._in(_("Days with goods"), self.parts.window_stocked)

    def _complete_rate(self) -> Iterator[Input]:
        yield self._in(_("Sizes in stock"), self.parts.sizes_in_stock)
        yield self._in(_("Sizes of the range"), self.parts.sizes_in_range)
        if self.parts.missing_core:
            yield Input(name=_("Core sizes that lack"), text=" ".join(self.parts.missing_core))

    def _continuity(self) -> Iterator[Input]:
        yield self._in(_("Weeks with net sales"), self.parts.selling_weeks)
        yield self._in(_("Weeks with goods"), self.parts.weeks)

    def _volume(self) -> Iterator[Input]:
        yield self._in(_("Sold in the main season"), self.parts.main_sold)
        yield self._in(_("Its weeks with goods"), self.parts.main_weeks)

    def _gmroi(self) -> Iterator[Input]:
        for name, amount in (
            (_("Gross margin"), self.parts.margin),
            (_("Opening stock at cost"), self.parts.opening_cost),
            (_("Closing stock at cost"), self.parts.closing_cost),
        ):
            yield Input(name=name, text=NONE if amount is None else money_text(amount))


SHARES = frozenset({
    "sell_through", "in_to_sales", "stock_rate", "restock_hit_rate", "fill_rate", "complete_rate",
    "continuity",
})  # fmt: skip
PLACES: Mapping[str, int] = {
    "stock_age": 1, "stock_to_sales": 2, "days_of_supply": 1, "gmroi": 2, "volume": 2,
    "adjusted_daily_sales": 2,
}  # fmt: skip


def _said(key: str, figure: Figure, question: Asked) -> str:
    if key in SHARES:
        return f"{percent_text(figure)} %"
    if key == "average_discount":
        return discount_text(figure, question.terms)
    return ratio_text(figure, PLACES.get(key, 0))
