"""What a number is to whoever asks before anything else is typed (decision 4)."""

from collections.abc import Collection
from datetime import datetime

from customers.models import Customer
from filings.queries.history import book_of
from filings.states import LookUp
from staff.models import Person


def looked_up(
    customer: Customer | None,
    *,
    by: Person,
    acting: Collection[int],
    is_filing: bool,
    now: datetime,
) -> LookUp:
    """Free, filed, our customer, or filed by whoever asks; `acting` are those they act for.

    The one answer of every page that asks for a number. A number that nobody has and a card that
    nobody has filed read the same. Filed is what admission would refuse as the later filing, by
    the same predicate; where a deal stands, admission says that first, and so does this.
    """
    if not is_filing:
        return LookUp.NEW if customer is None else LookUp.KNOWN
    if customer is None:
        return LookUp.FREE
    book = book_of(customer)
    filings = book.of_customer(customer.pk)
    if any(one.is_protected(now) and one.holder in acting for one in filings):
        return LookUp.YOURS
    is_sold = False
    for project in {one.project for one in filings} | set(book.deals_of):
        if book.deal_on(project) is not None:
            is_sold = True
        elif book.blocking(project, now, filer=by.pk) is not None:
            return LookUp.FILED
    return LookUp.OURS if is_sold or customer.bought_count else LookUp.FREE
