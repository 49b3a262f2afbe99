"""The documents of one style, found by the numbers of their texts."""

from stock.figures.compiled.fields import (
    DOCUMENT,
    DOCUMENTS,
    NEXT_DOCUMENT,
    NUMBERED,
    ROW,
    ROW_DOCUMENT,
    ROW_REFERENCE,
    SLOT,
    SLOT_DOCUMENT,
    SLOT_TEXT,
    SLOTS,
)
from stock.figures.compiled.kernel import inner


@inner
def number_documents(cells, first, end):
    """Put documents in place of texts, once; the first document is that of the empty text."""
    if first < cells[NUMBERED]:
        return
    cells[NUMBERED] = end
    mask = 1
    while mask < (end - first) // ROW * 4:
        mask *= 2
    for cell in range(cells[SLOTS], cells[SLOTS] + mask * SLOT):
        cells[cell] = 0
    cells[NEXT_DOCUMENT] = cells[DOCUMENTS] + DOCUMENT
    for row in range(first, end, ROW):
        text = cells[row + ROW_DOCUMENT]
        cells[row + ROW_DOCUMENT] = document_of(cells, text, mask) if text else cells[DOCUMENTS]
        text = cells[row + ROW_REFERENCE]
        if text:
            cells[row + ROW_REFERENCE] = document_of(cells, text, mask)


@inner
def document_of(cells, text, slots):
    """The document of this text, from a table of so many slots, a power of two."""
    at = (text ^ (text >> 29)) & (slots - 1)
    while True:
        slot = cells[SLOTS] + at * SLOT
        if not cells[slot + SLOT_DOCUMENT]:
            cells[slot + SLOT_TEXT] = text
            cells[slot + SLOT_DOCUMENT] = cells[NEXT_DOCUMENT]
            cells[NEXT_DOCUMENT] += DOCUMENT
        if cells[slot + SLOT_TEXT] == text:
            return cells[slot + SLOT_DOCUMENT]
        at = (at + 1) & (slots - 1)
