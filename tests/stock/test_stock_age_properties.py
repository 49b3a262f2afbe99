"""Stock age of any ledger: against an oracle pair by pair, and what must hold whatever happens."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from stock.rules.fifo import stock_of_style
from stock.rules.stock_age import Lying, age_buckets
from stock.rules.threads import condensed
from stock.rules.turnover import turnover
from tests.examples import examples
from tests.stock.ledgers import LAST, REGIONS, START, ledger
from tests.stock.pairs import lying_pairs

AS_OF = LAST - timedelta(days=1)
ledgers = st.builds(ledger, st.integers(0, 2**32), st.integers(3, 36))


def lying(rows):
    return stock_of_style(rows, as_of=AS_OF, regions=REGIONS)


def told(stock):
    offices = {office: (each.stock, each.layers) for office, each in stock.offices.items()}
    transit = {
        region: (each.stock, each.layers) for region, each in stock.in_transit.items() if each.stock
    }
    return offices, transit


@examples(300)
@given(ledgers)
def test_every_pair_is_where_the_oracle_has_it(rows):
    assert told(lying(rows)) == lying_pairs(rows, as_of=AS_OF, regions=REGIONS)


@examples(80)
@given(ledgers)
def test_opening_and_receipts_are_sales_and_closing_and_layers_are_the_stock(rows):
    found = lying(rows)
    for office, each in found.offices.items():
        own = [(row.on, row.kind, row.quantity) for row in rows if row.office == office]
        assert each.stock == turnover(own, since=AS_OF, until=AS_OF).closing
        assert sum(quantity for _on, quantity in each.layers) == max(each.stock, 0)
        assert all(START <= on <= AS_OF and quantity > 0 for on, quantity in each.layers)
        assert sum(age_buckets(each, as_of=AS_OF).values()) == each.pairs


@examples(80)
@given(st.data())
def test_rows_may_come_in_any_order(data):
    rows = data.draw(ledgers)
    assert lying(data.draw(st.permutations(rows))) == lying(rows)


@examples(80)
@given(ledgers, st.integers(0, 30))
def test_a_movement_told_in_two_halves_is_the_same(rows, at):
    assume(at < len(rows) and abs(rows[at].quantity) > 1)
    whole = rows[at].quantity
    halves = [replace(rows[at], quantity=part) for part in (whole // 2, whole - whole // 2)]
    split = [*rows[:at], *halves, *rows[at + 1 :]]
    assert lying(split) == lying(rows)


@examples(150)
@given(ledgers)
def test_the_condensed_ledger_tells_the_same(rows):
    few = condensed(rows)
    assert lying(few) == lying(rows)
    assert len(few) <= len(rows)


@examples(60)
@given(ledgers)
def test_a_region_is_its_offices_and_what_is_on_the_way(rows):
    found = lying(rows)
    for name in ("north", "south"):
        parts = [found.in_transit.get(name, Lying())]
        parts += [each for office, each in found.offices.items() if REGIONS[office] == name]
        region = found.region(name)
        every = sorted(layer for part in parts for layer in part.layers)
        assert region.stock == sum(part.stock for part in parts)
        assert sum(quantity for _on, quantity in region.layers) == sum(
            quantity for _on, quantity in every
        )
        assert [on for on, _quantity in region.layers] == sorted({on for on, _quantity in every})
