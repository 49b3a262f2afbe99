"""From parts to figures: one row, and several together."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from stock.figures.of_row import Asked, ends_on, figures_of, flags_of, red_list_of
from stock.figures.summing import Parts, parts_of, total
from stock.models import Figure as FigureRow
from stock.rules.figures import Flag
from stock.rules.terms import DEFAULTS
from stock.wording.flags import SENTENCES

ASKED = Asked(as_of=date(2026, 4, 1), terms=DEFAULTS)
SHOE = Parts(
    launched_on=date(2026, 3, 1), purchased=60, sold=30, closing=30, window_days=14,
    window_sold=15, window_stocked=14, year_sold=30,
)  # fmt: skip


def summed(*rows):
    return total(rows, as_of=ASKED.as_of, terms=DEFAULTS)


def test_the_shoe_of_the_documents():
    asked = Asked(as_of=date(2026, 4, 1), terms=DEFAULTS, cover=90)
    figures = figures_of(SHOE, asked)
    assert figures["days_on_sale"].value == 32
    assert figures["sell_through"].value == Fraction(1, 2)
    assert figures["days_of_supply"].value == 28
    assert ends_on(figures, asked) == date(2026, 4, 29)
    assert figures["replenish"].value == 67
    assert red_list_of(figures, "fast", asked) == ""


def test_a_total_is_the_ratio_of_sums_and_what_one_lacks_another_does_not_cover():
    plenty = Parts(
        launched_on=date(2026, 1, 1), opening=100, purchased=0, sold=0, closing=100,
        window_days=14, window_stocked=14,
    )  # fmt: skip
    figures = figures_of(summed(SHOE, plenty), Asked(as_of=ASKED.as_of, terms=DEFAULTS, cover=90))
    assert figures["sell_through"].value == Fraction(30, 160)
    assert figures_of(summed(SHOE, plenty), ASKED)["replenish"].value == 8
    assert figures["days_on_sale"].value == 91


def test_lost_sales_are_told_of_each_and_added():
    short = Parts(launched_on=date(2026, 1, 1), window_days=14, window_sold=12, window_stocked=9)
    never = Parts(launched_on=date(2026, 1, 1), window_days=14)
    alone = figures_of(short, ASKED)
    assert alone["adjusted_daily_sales"].value == Fraction(12, 9)
    assert alone["lost_sales"].value == Fraction(20, 3)
    assert figures_of(never, ASKED)["lost_sales"].flags == (Flag.OUT_OF_STOCK,)
    both = figures_of(summed(short, never, short), ASKED)
    assert both["lost_sales"].value == Fraction(40, 3)


def test_a_row_of_the_table_is_read_and_nothing_at_all_says_why():
    row = FigureRow(
        launched_on=date(2026, 3, 1), paid=Decimal("2544.50"), tagged=Decimal(2994),
        flags=["WENT_NEGATIVE"],
    )  # fmt: skip
    parts = parts_of(row)
    figures = figures_of(parts, ASKED)
    assert figures["average_discount"].value == Fraction(25445, 29940)
    assert Flag.WENT_NEGATIVE in flags_of(parts, figures)
    nothing = figures_of(summed(), ASKED)
    assert nothing["sell_through"].flags == (Flag.NO_SUPPLY,)
    assert nothing["stock_age"].flags == (Flag.NO_STOCK,)
    owed = figures_of(Parts(closing=-15), ASKED)
    assert owed["stock_age"].flags == (Flag.NEG_STOCK,)
    early = Parts(launched_on=date(2026, 4, 2), closing=30, window_sold=15)
    assert figures_of(early, ASKED)["days_of_supply"].flags == (Flag.NOT_ON_SALE,)


def test_each_flag_has_its_sentence():
    assert set(SENTENCES) == set(Flag)
