"""Style after style: what `stock.figures.looping` calls."""

from stock.figures.compiled.days import run_style
from stock.figures.compiled.fields import (
    A_LAYER,
    AFTER,
    AN_OFFICE,
    BEHIND,
    CROSSINGS_FOUND,
    DOCUMENT,
    FIRST_CLAIM,
    FIRST_LATE,
    FIRST_LAYER,
    FIRST_TAKEN,
    FLAGS,
    FREE_CLAIM,
    FREE_LAYER,
    HEAD,
    HOME,
    IS_FULL,
    IS_THERE,
    LAYERS_FOUND,
    LAYERS_FULL,
    NEXT_LATE,
    NEXT_LAYER,
    NEXT_TAKEN,
    NONE,
    OFFICES_FOUND,
    OFFICES_FULL,
    ON,
    ON_THE_WAY,
    OWED,
    OWING,
    QUANTITY,
    RANK,
    REGION,
    ROW,
    ROW_DOCUMENT,
    ROW_STYLE,
    SHELF,
    SHELVES,
    SHELVES_END,
)
from stock.figures.compiled.kernel import entry, inner
from stock.figures.compiled.texts import number_documents


@entry
def run(cells, first, end):
    """Reckon the styles of the rows from `first` to before `end`.

    Answers with the first row of a style for which there was no room to tell what was found, else
    with `end`.
    """
    while first < end:
        begin_anew(cells)
        offices, layers = cells[OFFICES_FOUND], cells[LAYERS_FOUND]
        crossings, after = cells[CROSSINGS_FOUND], first
        while after < end and cells[after + ROW_STYLE] == cells[first + ROW_STYLE]:
            after += ROW
        number_documents(cells, first, after)
        run_style(cells, first, after)
        tell(cells, first, after)
        clear(cells, first, after)
        if cells[IS_FULL]:
            cells[OFFICES_FOUND], cells[LAYERS_FOUND] = offices, layers
            cells[CROSSINGS_FOUND] = crossings
            return first
        first = after
    return end


@inner
def begin_anew(cells):
    """Nothing is in use yet."""
    cells[IS_FULL] = 0
    cells[FREE_LAYER] = 0
    cells[NEXT_LAYER] = cells[FIRST_LAYER]
    cells[NEXT_TAKEN] = cells[FIRST_TAKEN]
    cells[FREE_CLAIM] = cells[FIRST_CLAIM]
    cells[NEXT_LATE] = cells[FIRST_LATE]


@inner
def clear(cells, first, end):
    """Forget the style's offices, but where they are, and its documents."""
    for shelf in range(cells[SHELVES], cells[SHELVES_END], SHELF):
        if cells[shelf + IS_THERE]:
            for field in range(HOME):
                cells[shelf + field] = 0
    for row in range(first, end, ROW):
        for field in range(DOCUMENT):
            cells[cells[row + ROW_DOCUMENT] + field] = 0


@inner
def tell(cells, first, end):
    """Write down what lies where at the end."""
    style = cells[first + ROW_STYLE]
    for shelf in range(cells[SHELVES], cells[SHELVES_END], SHELF):
        if cells[shelf + IS_THERE]:
            tell_office(cells, style, shelf)
            tell_layers(cells, style, cells[shelf + RANK], cells[shelf + HOME], cells[shelf + HEAD])
    for row in range(first, end, ROW):
        document = cells[row + ROW_DOCUMENT]
        if cells[document + HEAD]:
            tell_layers(cells, style, ON_THE_WAY, NONE, cells[document + HEAD])
            cells[document + HEAD] = 0


@inner
def tell_office(cells, style, shelf):
    """An office: what it owes and what was odd."""
    told, taken, owed = cells[OFFICES_FOUND], cells[shelf + OWING], 0
    if told == cells[OFFICES_FULL]:
        cells[IS_FULL] = 1
        return
    while taken:
        owed += cells[taken + OWED]
        taken = cells[taken + BEHIND]
    cells[told] = style
    cells[told + 1] = cells[shelf + RANK]
    cells[told + 2] = owed
    cells[told + 3] = cells[shelf + FLAGS]
    cells[OFFICES_FOUND] += AN_OFFICE


@inner
def tell_layers(cells, style, rank, home, layer):
    """The layers of a list: of an office, whose home is known, or on the way."""
    while layer:
        told = cells[LAYERS_FOUND]
        if told == cells[LAYERS_FULL]:
            cells[IS_FULL] = 1
            return
        cells[told] = style
        cells[told + 1] = rank
        cells[told + 2] = home if rank >= 0 else cells[layer + REGION]
        cells[told + 3] = cells[layer + ON]
        cells[told + 4] = cells[layer + QUANTITY]
        cells[LAYERS_FOUND] += A_LAYER
        layer = cells[layer + AFTER]
