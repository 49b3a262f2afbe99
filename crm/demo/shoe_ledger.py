"""The ledger of the house of shoes, written row by row, with what is on its way and asked for."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.services.copying import copy_rows
from crm.demo.shoe_house import Place
from crm.demo.shoe_styles import Shoe
from stock.models import InTransit, Movement, Request
from stock.states import Kind

COLUMNS = (
    "office_id", "style_id", "on", "kind", "size", "colour", "quantity", "unit_price", "unit_cost",
    "document", "line", "reference",
)  # fmt: skip
# So many rows are written at once.
BATCH = 200_000


@dataclass(kw_only=True)
class Ledger:
    """Rows on their way into the tables; a document's lines are numbered as they come."""

    movements: list[tuple] = field(default_factory=list)
    requests: list[tuple] = field(default_factory=list)
    due: list[tuple] = field(default_factory=list)
    lines: Counter[tuple[int, str]] = field(default_factory=Counter)

    def move(
        self,
        kind: Kind,
        place: Place,
        shoe: Shoe,
        on: date,
        pairs: Mapping[str, int],
        *,
        document: str,
        price: Decimal | None = None,
        cost: Decimal | None = None,
        reference: str = "",
    ) -> None:
        """So many pairs of each size in one document."""
        for size, quantity in pairs.items():
            if not quantity:
                continue
            self.lines[place.pk, document] += 1
            self.movements.append(
                (place.pk, shoe.pk, on, int(kind), size, "", quantity, price, cost, document,
                 str(self.lines[place.pk, document]), reference)
            )  # fmt: skip
        if len(self.movements) >= BATCH:
            self._write_movements()

    def ask(self, place: Place, shoe: Shoe, on: date, *, requested: int, shipped: int) -> None:
        """A store asked for so many pairs and was sent so many of them, never more."""
        self.requests.append((place.pk, shoe.pk, on, requested, shipped, shipped))

    def expect(self, place: Place, shoe: Shoe, due_on: date, pairs: Mapping[str, int]) -> None:
        """The supplier has sent so many pairs."""
        rows = ((place.pk, shoe.pk, size, count, due_on) for size, count in pairs.items())
        self.due += [row for row in rows if row[3]]

    def write(self) -> None:
        """All of it into the tables."""
        self._write_movements()
        copy_rows(
            Request._meta.db_table,
            ("office_id", "style_id", "on", "requested", "shipped", "served"),
            self.requests,
        )
        copy_rows(
            InTransit._meta.db_table,
            ("office_id", "style_id", "size", "quantity", "due_on"),
            self.due,
        )

    def _write_movements(self) -> None:
        copy_rows(Movement._meta.db_table, COLUMNS, self.movements)
        self.movements.clear()
