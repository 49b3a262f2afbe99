"""The ages of few rows: the rules themselves, style by style."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from stock.figures.arrays import (
    CROSSINGS,
    LAYERS,
    NOWHERE,
    OFFICES,
    Found,
    Rows,
    Table,
    bits_of,
    picked,
)
from stock.rules.fifo import Movement, StyleStock, stock_of_style
from stock.states import Kind


def _text(number: int) -> str:
    """A number as a text that sorts alike; none for 0."""
    return f"{number:020d}" if number else ""


def movements(rows: Table) -> Iterator[Movement]:
    """Rows of the ledger whose documents are numbered in the order of their texts.

    The place in its office's day stands for a row's line.
    """
    names = (
        "rank", "on", "kind", "quantity", "document", "position", "size", "reference",
    )  # fmt: skip
    for rank, on, kind, quantity, document, position, size, reference in zip(
        *(rows[name].tolist() for name in names), strict=True
    ):
        yield Movement(
            office=f"{rank:09d}",
            on=date.fromordinal(on),
            kind=Kind(kind),
            quantity=quantity,
            document=_text(document),
            line=str(position),
            size=_text(size),
            reference=_text(reference),
        )


def by_the_rules(rows: Rows, *, as_of: date) -> Found:
    """What `stock_of_style` finds of each style."""
    import numpy as np

    regions = {f"{rank:09d}": str(key) for rank, key in enumerate(rows.places.regions.tolist())}
    found: dict[str, list[tuple[Any, ...]]] = {"offices": [], "layers": [], "crossings": []}
    styles = rows.table["style"].tolist()
    for style, own in groupby(range(len(styles)), key=styles.__getitem__):
        at = list(own)
        stock = stock_of_style(
            movements(picked(rows.table, slice(at[0], at[-1] + 1))), as_of=as_of, regions=regions
        )
        _note(found, style, stock)
    columns = {"offices": OFFICES, "layers": LAYERS, "crossings": CROSSINGS}
    return Found(
        **{
            name: np.array(found[name], dtype=np.int64).reshape(-1, len(columns[name]))
            for name in columns
        }
    )


def _note(found: dict[str, list[tuple[Any, ...]]], style: int, stock: StyleStock) -> None:
    for office, lying in stock.offices.items():
        owed = sum(quantity for _on, quantity in lying.layers) - lying.stock
        found["offices"].append((style, int(office), owed, bits_of(lying.flags)))
        found["layers"] += [
            (style, int(office), int(stock.regions[office]), on.toordinal(), quantity)
            for on, quantity in lying.layers
        ]
    for region, lying in stock.in_transit.items():
        found["layers"] += [
            (style, -1, int(region), on.toordinal(), quantity) for on, quantity in lying.layers
        ]
    found["crossings"] += [
        (style, row.on.toordinal(), int(row.office), int(row.origin or NOWHERE), row.quantity)
        for row in stock.crossings
    ]
