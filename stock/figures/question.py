"""What figures are asked for."""

from dataclasses import dataclass
from datetime import date

from stock.rules.terms import Terms


@dataclass(frozen=True, kw_only=True)
class Question:
    """What figures are asked for: the close of `as_of`, the period from `from_on` (without it since
    each launch), gifts and business use as sales or not, and how many days an order has to cover.
    """

    as_of: date
    terms: Terms
    from_on: date | None = None
    counts_gifts: bool = False
    cover: int | None = None

    @property
    def day(self) -> int:
        """The day of the question as a number."""
        return self.as_of.toordinal()

    @property
    def cover_days(self) -> int:
        """For how many days an order has to last; within them restocked pairs should sell."""
        return self.terms.cover_days if self.cover is None else self.cover
