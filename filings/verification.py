"""Whether leads are stored as their journal says, and rulings as they were written."""

from collections.abc import Iterator
from itertools import groupby

from core.verification import Difference, id_batches, rows_of
from customers.models import Customer
from filings.models import Filing, Protection, Ruling, Seal
from filings.queries.history import journal_of
from filings.rules import Book, FilingState
from filings.services.entering import stored_fields
from filings.services.rulings import hash_of
from filings.services.sealing import rulings_between, seal_hash

# Each customer's journal is entered into one book with those of so many others.
CUSTOMERS_AT_ONCE = 500

_WRONG_CREDIT = """
    SELECT deal.id, deal.undone_at IS NOT NULL, ruling.kind,
           ARRAY[deal.credited_to_id, deal.filing_id],
           ARRAY[ruling.credited_to_id, ruling.filing_id]
      FROM filings_deal deal
      LEFT JOIN LATERAL (SELECT kind, credited_to_id, filing_id FROM filings_ruling
                          WHERE deal_id = deal.id ORDER BY id DESC LIMIT 1) ruling ON TRUE
     WHERE ruling.kind IS NULL
        OR (deal.undone_at IS NOT NULL) <> (ruling.kind = 'reversal')
        OR deal.undone_at IS NULL
           AND (deal.credited_to_id IS DISTINCT FROM ruling.credited_to_id
                OR deal.filing_id IS DISTINCT FROM ruling.filing_id
                OR (deal.filing_id IS NULL) <> (deal.refills_id IS NULL))
     ORDER BY deal.id
"""

_WRONG_ENTRY = """
    SELECT filing.id, count(event.id), count(event.id) FILTER (
               WHERE event.customer_id <> filing.customer_id
                  OR event.at <> filing.submitted_at)
      FROM filings_filing filing
      LEFT JOIN filings_filingevent event ON event.filing_id = filing.id AND event.kind = 'filed'
     GROUP BY filing.id
    HAVING count(event.id) <> (CASE WHEN filing.submitted_at IS NULL THEN 0 ELSE 1 END)
        OR count(event.id) FILTER (WHERE event.customer_id <> filing.customer_id
                                      OR event.at <> filing.submitted_at) > 0
     ORDER BY filing.id
"""

_WRONG_DEAL_ENTRY = """
    SELECT deal.id, count(event.id) FILTER (WHERE event.kind = 'dealt'),
           count(event.id) FILTER (WHERE event.kind = 'undone')
      FROM filings_deal deal
      LEFT JOIN filings_filingevent event ON event.deal_id = deal.id
     GROUP BY deal.id
    HAVING count(event.id) FILTER (WHERE event.kind = 'dealt') <> 1
        OR count(event.id) FILTER (WHERE event.kind = 'undone')
           <> (CASE WHEN deal.undone_at IS NULL THEN 0 ELSE 1 END)
     ORDER BY deal.id
"""


def filing_differences() -> Iterator[Difference]:
    """Each filing and its stretches are what a replay of the journal makes of them."""
    filed = Customer.objects.filter(filings__submitted_at__isnull=False).distinct()
    for customers in id_batches(filed, size=CUSTOMERS_AT_ONCE):
        journal = journal_of(customers)
        book = Book().enter_all(journal.events())
        stretches = _stretches_of(customers)
        for filing in journal.filings.values():
            if (state := book.filings.get(filing.pk)) is not None:
                yield from _differences_of(filing, state, stretches.get(filing.pk, []))


def _stretches_of(customers: list[int]) -> dict[int, list[tuple]]:
    """The stretches stored of these customers' filings, in the order in which they were begun."""
    rows = Protection.objects.filter(filing__customer__in=customers).order_by("pk")
    found: dict[int, list[tuple]] = {}
    for row in rows:
        during = None if row.during.isempty else (row.during.lower, row.during.upper)
        found.setdefault(row.filing_id, []).append((during, row.withdrawn, row.project_id))
    return found


def _differences_of(filing: Filing, state: FilingState, stored: list) -> Iterator[Difference]:
    for name, expected in stored_fields(state).items():
        if (found := getattr(filing, name)) != expected:
            yield Difference(
                check="filing", where={"filing": filing.pk, "field": name},
                stored=found, expected=expected,
            )  # fmt: skip
    told = [
        (
            None if each.starts_at == each.ends_at else (each.starts_at, each.ends_at),
            bool(state.withdrawn),
            filing.project_id,
        )
        for each in state.stretches
    ]
    if stored != told:
        yield Difference(
            check="protection", where={"filing": filing.pk},
            stored=_said(stored), expected=_said(told),
        )  # fmt: skip


def _said(stretches: list) -> str:
    return "; ".join(
        f"{during[0]:%Y-%m-%d %H:%M:%S%z} to {during[1]:%Y-%m-%d %H:%M:%S%z}"
        + (" withdrawn" if withdrawn else "")
        for during, withdrawn, _project in stretches
        if during is not None
    )


def ruling_differences() -> Iterator[Difference]:
    """No ruling was altered, taken out or put in between: each hash, each chain of a project."""
    rulings = Ruling.objects.order_by("project_id", "pk").iterator(chunk_size=1000)
    for _project, chain in groupby(rulings, key=lambda ruling: ruling.project_id):
        before: Ruling | None = None
        for ruling in chain:
            expected = (before.pk, before.hash) if before else (None, "")
            stored = (ruling.previous_id, ruling.previous_hash)
            if stored != expected:
                yield Difference(
                    check="ruling_out_of_chain", where={"ruling": ruling.pk},
                    stored=stored, expected=expected,
                )  # fmt: skip
            if (found := hash_of(ruling)) != ruling.hash:
                yield Difference(
                    check="ruling_altered", where={"ruling": ruling.pk},
                    stored=ruling.hash, expected=found,
                )  # fmt: skip
            before = ruling


def seal_differences() -> Iterator[Difference]:
    """Each day's seal fits its rulings and the seal before; the days follow one another."""
    previous: Seal | None = None
    for seal in Seal.objects.order_by("day").iterator(chunk_size=1000):
        after = previous.last_ruling_id or 0 if previous else 0
        rulings = rulings_between(after, seal.last_ruling_id or after)
        expected = seal_hash(
            previous=previous.hash if previous else "", day=seal.day, rulings=rulings
        )
        if (seal.hash, seal.rulings) != (expected, len(rulings)):
            yield Difference(
                check="seal_broken", where={"day": seal.day, "rulings": len(rulings)},
                stored=seal.hash, expected=expected,
            )  # fmt: skip
        if previous is not None and (seal.day - previous.day).days != 1:
            yield Difference(check="seal_missing", where={"day": seal.day}, stored=previous.day)
        previous = seal


def credit_differences() -> Iterator[Difference]:
    """A deal is credited as its last ruling says; one that was undone has a ruling that says so."""
    for deal, is_undone, kind, stored, expected in rows_of(_WRONG_CREDIT):
        yield Difference(
            check="credit", where={"deal": deal, "undone": is_undone, "ruling": kind or "none"},
            stored=str(stored), expected=str(expected),
        )  # fmt: skip


def entry_differences() -> Iterator[Difference]:
    """Every filing and every deal came in once by the journal, and nothing else did."""
    for filing, entries, _odd in rows_of(_WRONG_ENTRY):
        yield Difference(check="filing_entry", where={"filing": filing}, stored=entries)
    for deal, made, undone in rows_of(_WRONG_DEAL_ENTRY):
        yield Difference(check="deal_entry", where={"deal": deal}, stored=f"{made} {undone}")
