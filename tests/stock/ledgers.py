"""Random ledgers of one style whose rows have to do with each other."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from stock.rules.fifo import Movement
from stock.states import Kind

START = date(2026, 3, 1)
LAST = START + timedelta(days=6)
# Two offices of one region and one of another.
REGIONS = {"a": "north", "b": "north", "c": "south"}
DOCUMENTS = ("d1", "d2", "d3", "d4", "d5", "d6")
WEIGHTS = {
    Kind.OPENING: 2, Kind.PURCHASE: 9, Kind.PURCHASE_RETURN: 4, Kind.SALE: 11, Kind.SALE_RETURN: 7,
    Kind.BUSINESS_USE: 1, Kind.GIFT: 2, Kind.TRANSFER_OUT: 10, Kind.TRANSFER_IN: 1, Kind.GAIN: 3,
    Kind.LOSS: 2,
}  # fmt: skip
SIZES = ("", "36", "37")


def arrival(out: Movement, rng: Random) -> Movement:
    """What comes in by a transfer: mostly all of it, on its day or the next, of its size."""
    return replace(
        out,
        kind=Kind.TRANSFER_IN,
        office=rng.choice([office for office in REGIONS if office != out.office]),
        on=out.on + timedelta(days=rng.choice((-1, 0, 0, 0, 1, 2))),
        quantity=max(1, out.quantity + rng.choice((-1, 0, 0, 0, 1))),
        size=rng.choice((out.size, out.size, *SIZES)),
    )


def ledger(seed: int, length: int) -> list[Movement]:
    """So many movements, and the arrivals of transfers among them; a shorter one begins the same.

    Documents are few, so that returns and transfers meet; those that refer to one mostly name one
    that is there.
    """
    rng, rows = Random(seed), []
    for _row in range(length):
        kind = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        refers = kind in (Kind.SALE_RETURN, Kind.PURCHASE_RETURN) and rng.random() < 0.5
        quantity = rng.randint(1, 6 if kind == Kind.PURCHASE else 4)
        is_late = kind not in (Kind.OPENING, Kind.PURCHASE)
        row = Movement(
            office=rng.choice("aaabbc"),
            on=START + timedelta(days=rng.randint(1 if is_late else 0, 6 if is_late else 4)),
            kind=kind,
            quantity=-quantity if kind == Kind.OPENING and rng.random() < 0.5 else quantity,
            document=rng.choice(DOCUMENTS),
            line=rng.choice(("", "2", "10")),
            size=rng.choice(SIZES),
            reference=rng.choice((*DOCUMENTS, *DOCUMENTS, "d9")) if refers else "",
        )
        rows.append(row)
        if kind == Kind.TRANSFER_OUT and rng.random() < 0.8:
            rows.append(arrival(row, rng))
    return rows
