"""Layers in linked lists: taken apart, put in order, drawn from either end."""

from stock.figures.compiled.fields import (
    AFTER,
    ANY,
    BEFORE,
    FREE_LAYER,
    HEAD,
    LAYER,
    NEWEST_FIRST,
    NEXT_LAYER,
    NONE,
    ON,
    QUANTITY,
    REGION,
    SIZE,
    SOURCE,
    TAIL,
)
from stock.figures.compiled.kernel import inner


@inner
def new_layer(cells, on, quantity, source):
    """A layer in no list yet."""
    layer = cells[FREE_LAYER]
    if layer:
        cells[FREE_LAYER] = cells[layer + AFTER]
    else:
        layer = cells[NEXT_LAYER]
        cells[NEXT_LAYER] += LAYER
    cells[layer + ON] = on
    cells[layer + QUANTITY] = quantity
    cells[layer + SOURCE] = source
    cells[layer + SIZE] = 0
    cells[layer + REGION] = 0
    return layer


@inner
def link(cells, ends, before, layer, after):
    """Put a layer between two of a list, either of which may be none."""
    cells[layer + BEFORE] = before
    cells[layer + AFTER] = after
    if before:
        cells[before + AFTER] = layer
    else:
        cells[ends + HEAD] = layer
    if after:
        cells[after + BEFORE] = layer
    else:
        cells[ends + TAIL] = layer


@inner
def append(cells, ends, layer):
    """Put a layer behind the others."""
    link(cells, ends, cells[ends + TAIL], layer, NONE)


@inner
def insert_by_day(cells, ends, layer):
    """Put a layer behind those of its day and before those of later ones."""
    before = cells[ends + TAIL]
    while before and cells[before + ON] > cells[layer + ON]:
        before = cells[before + BEFORE]
    after = cells[before + AFTER] if before else cells[ends + HEAD]
    link(cells, ends, before, layer, after)


@inner
def remove(cells, ends, layer):
    """Take a layer out of its list."""
    before = cells[layer + BEFORE]
    after = cells[layer + AFTER]
    if before:
        cells[before + AFTER] = after
    else:
        cells[ends + HEAD] = after
    if after:
        cells[after + BEFORE] = before
    else:
        cells[ends + TAIL] = before


@inner
def release_all(cells, ends):
    """Nobody needs the layers of a list any more."""
    if cells[ends + TAIL]:
        cells[cells[ends + TAIL] + AFTER] = cells[FREE_LAYER]
        cells[FREE_LAYER] = cells[ends + HEAD]
    cells[ends + HEAD] = 0
    cells[ends + TAIL] = 0


@inner
def piece(cells, layer, quantity):
    """So many pairs of a layer; the layer itself where those are all."""
    if cells[layer + QUANTITY] == quantity:
        return layer
    cells[layer + QUANTITY] -= quantity
    cut = new_layer(cells, cells[layer + ON], quantity, cells[layer + SOURCE])
    cells[cut + SIZE] = cells[layer + SIZE]
    cells[cut + REGION] = cells[layer + REGION]
    return cut


@inner
def part_of(cells, ends, layer, quantity):
    """So many pairs of a layer, out of its list."""
    if cells[layer + QUANTITY] == quantity:
        remove(cells, ends, layer)
    return piece(cells, layer, quantity)


@inner
def draw(cells, ends, into, quantity, first, source):
    """Move so many pairs to the end of another list, of one source or any; answers how many were
    not there.
    """
    onward = BEFORE if first == NEWEST_FIRST else AFTER
    layer = cells[ends + first]
    while layer and quantity:
        beyond = cells[layer + onward]
        if source == ANY or source == cells[layer + SOURCE]:
            part = min(quantity, cells[layer + QUANTITY])
            append(cells, into, part_of(cells, ends, layer, part))
            quantity -= part
        layer = beyond
    return quantity
