"""Ages of many styles in arrays: what the rules say of each of them, one by one.

The loop is compiled by the first of these tests.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from stock.figures import looping
from stock.figures.ageing import lying
from stock.rules.fifo import stock_of_style
from stock.rules.threads import TRANSFERS
from stock.rules.turnover import Turnover, turnover
from tests import examples
from tests.stock.bulk import LIMITS, arrays, numbered, said, told
from tests.stock.ledgers import LAST, REGIONS, START, ledger

AS_OF = LAST - timedelta(days=1)


def drawn(count, *, among_all=0):
    times = count * examples.TIMES if examples.TIMES > 1 else among_all or count
    return [(seed + 1, ledger(seed, 3 + seed % 41)) for seed in range(times)]


def by_the_rules(ledgers, *, as_of=AS_OF):
    stocks = {style: stock_of_style(rows, as_of=as_of, regions=REGIONS) for style, rows in ledgers}
    return {style: said(stock, as_of=as_of) for style, stock in stocks.items() if stock.offices}


def in_bulk(ledgers, *, is_ranked=False, as_of=AS_OF):
    return told(lying(arrays(ledgers, is_ranked=is_ranked), as_of=as_of, limits=LIMITS))


def test_few_rows_are_told_by_the_rules():
    ledgers = [(style, numbered(rows)) for style, rows in drawn(60)]
    assert in_bulk(ledgers, is_ranked=True) == by_the_rules(ledgers)


def test_every_movement_of_many_styles():
    ledgers = drawn(2000, among_all=700)
    assert in_bulk(ledgers) == by_the_rules(ledgers)


def test_kept_sums_of_many_styles():
    ledgers = drawn(500, among_all=300)
    assert in_bulk([(style, numbered(rows)) for style, rows in ledgers]) == by_the_rules(ledgers)


@pytest.mark.parametrize("days", range(7))
def test_as_of_any_day(days):
    as_of = START + timedelta(days=days)
    ledgers = drawn(100)
    assert in_bulk(ledgers, as_of=as_of) == by_the_rules(ledgers, as_of=as_of)


def test_long_ledgers_and_little_room(monkeypatch):
    """What is found is taken out of the loop when there is no room, and more made for one style."""
    monkeypatch.setattr("stock.figures.compiled.memory.room_for", lambda rows: 2)
    ledgers = [(style, ledger(style, 300)) for style in range(1, 9)]
    assert in_bulk(ledgers) == by_the_rules(ledgers)


def test_where_compiled_code_is_kept_and_what_is_said_where_it_cannot_be(
    tmp_path, settings, caplog
):
    found = looping._kept_in.__wrapped__
    settings.COMPILED_DIR = tmp_path / "compiled"
    assert Path(found()).parent == settings.COMPILED_DIR
    assert not caplog.text
    (tmp_path / "file").touch()
    settings.COMPILED_DIR = tmp_path / "file"
    assert found() == ""
    assert "compiled_code_not_kept" in caplog.text


def test_no_rows_are_no_stock():
    ages = lying(arrays([], is_ranked=False), as_of=AS_OF)
    assert [len(each) for each in (ages.offices, ages.transit, ages.regions)] == [0, 0, 0]


def test_what_crosses_a_border_and_all_else_closes_each_region():
    """Opening and receipts are sales and closing, of a region with what is on the way inside."""
    for _style, rows in drawn(300):
        stock = stock_of_style(rows, as_of=AS_OF, regions=REGIONS)
        for name in ("north", "south"):
            moved = [
                (row.on, row.kind, row.quantity)
                for row in rows
                if REGIONS[row.office] == name and row.kind not in TRANSFERS
            ]
            crossed = Turnover(
                transferred_in=sum(
                    row.quantity for row in stock.crossings if REGIONS[row.office] == name
                ),
                transferred_out=sum(row.quantity for row in stock.crossings if row.origin == name),
            )
            whole = turnover(moved, since=START, until=AS_OF) + crossed
            assert whole.closing == stock.region(name).stock
