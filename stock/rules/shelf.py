"""The shelf of one office and style: which pairs lie there, first in, first out (formulas 3.3)."""

from bisect import insort
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from stock.rules.figures import Flag
from stock.rules.stock_age import Layer, Lying


def pairs_in(layers: Iterable[Layer]) -> int:
    """The pairs of these layers together."""
    return sum(layer.quantity for layer in layers)


def draw(
    layers: list[Layer], quantity: int, *, is_newest_first: bool = False, source: str | None = None
) -> list[Layer]:
    """Take so many pairs out of `layers`, as many as there are, and answer with them in the order
    they were taken. Only those of one source, where it is named.
    """
    drawn, kept = [], []
    for layer in reversed(layers) if is_newest_first else layers:
        part = min(quantity, layer.quantity) if source in (None, layer.source) else 0
        quantity -= part
        if part:
            drawn.append(layer._replace(quantity=part))
        if part < layer.quantity:
            kept.append(layer._replace(quantity=layer.quantity - part))
    layers[:] = reversed(kept) if is_newest_first else kept
    return drawn


@dataclass(eq=False)
class Taken:
    """What one movement took: the layers it came from, and the pairs `owed` that were not there.

    What is owed finds its layer with the next receipts.
    """

    document: str
    parts: list[Layer]
    owed: int

    @property
    def quantity(self) -> int:
        return self.owed + pairs_in(self.parts)


class Shelf:
    """FIFO of one office and style. Layers lie there only while nothing is owed.

    * A receipt first makes up for what is owed, the longest owed first; the rest lies down by its
      day, behind what is of the same day.
    * Outflows (sale, gift, business use, loss, transfer out) take the oldest pairs; what is not
      there is owed (WENT_NEGATIVE).
    * A customer's return undoes the newest sales, or those of the document it refers to, pair by
      pair: what was owed is owed no longer, what was taken lies in its layer again.
    * A supplier's return takes the pairs of the receipt it refers to, then the newest; what is not
      there is owed.
    * What a stock-take finds is of the newest day received here, or of the day of the count where
      nothing ever was.
    """

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.flags: set[Flag] = set()
        self._sold: list[Taken] = []
        self._owing: deque[Taken] = deque()
        self._newest: date | None = None

    @property
    def owed(self) -> int:
        """Pairs that left and were never received: the stock is negative by so many."""
        return sum(taken.owed for taken in self._owing)

    def lying(self) -> Lying:
        """What lies there, and what was odd on the way."""
        return Lying.of(self.layers, owed=self.owed, flags=self.flags)

    def receive(self, layer: Layer) -> None:
        """Pairs come in, of the day that `layer` says: of a transfer the day they first came."""
        self._newest = max(self._newest or layer.on, layer.on)
        self._lay(layer)

    def find(self, quantity: int, *, on: date, source: str = "") -> None:
        """Pairs turn up whose receipt nobody knows, on a day."""
        self._lay(Layer(self._newest or on, quantity, source))

    def take(self, quantity: int, *, document: str = "", is_sale: bool = False) -> Taken:
        """Pairs leave, the oldest first; of a sale it is remembered for a return."""
        parts = draw(self.layers, quantity)
        taken = Taken(document, parts, quantity - pairs_in(parts))
        self._owe(taken)
        if is_sale:
            self._sold.append(taken)
        return taken

    def send_back(self, quantity: int, *, reference: str = "") -> None:
        """Pairs go back to the supplier. A receipt that is unknown, or has not so many left here,
        is flagged UNKNOWN_REFERENCE, and the rest taken as if nothing was referred to.
        """
        parts = (
            draw(self.layers, quantity, is_newest_first=True, source=reference) if reference else []
        )
        rest = quantity - pairs_in(parts)
        if reference and rest:
            self.flags.add(Flag.UNKNOWN_REFERENCE)
        others = draw(self.layers, rest, is_newest_first=True)
        self._owe(Taken("", [], rest - pairs_in(others)))

    def take_back(self, quantity: int, *, reference: str = "") -> int:
        """A customer returns pairs; answers how many of them were never sold here, or not under the
        document referred to.
        """
        rest, back = quantity, []
        for taken in reversed(self._sold):
            if rest == 0:
                break
            if reference and taken.document != reference:
                continue
            settled = min(rest, taken.owed)
            taken.owed -= settled
            parts = draw(taken.parts, rest - settled, is_newest_first=True)
            rest -= settled + pairs_in(parts)
            back += parts
        while self._sold and not self._sold[-1].quantity:
            self._sold.pop()
        for layer in back:
            self._lay(layer)
        return rest

    def lay_back(self, layers: Iterable[Layer]) -> None:
        """Pairs come back that another office sold, each into its layer."""
        for layer in layers:
            self._lay(layer)

    def give_up(self, quantity: int, *, reference: str) -> list[Layer]:
        """The pairs sold here under a document that a customer returns at another office.

        What is owed of that sale stays owed: it lay nowhere.
        """
        given: list[Layer] = []
        for taken in reversed(self._sold):
            if taken.document == reference:
                rest = quantity - pairs_in(given)
                given += draw(taken.parts, rest, is_newest_first=True)
        return given

    def _owe(self, taken: Taken) -> None:
        if taken.owed:
            self.flags.add(Flag.WENT_NEGATIVE)
            self._owing.append(taken)

    def _lay(self, layer: Layer) -> None:
        left = layer.quantity
        while left and self._owing:
            taken = self._owing[0]
            part = min(left, taken.owed)
            taken.owed -= part
            left -= part
            if part:
                taken.parts.append(layer._replace(quantity=part))
            if not taken.owed:
                self._owing.popleft()
        if left:
            insort(self.layers, layer._replace(quantity=left), key=lambda each: each.on)
