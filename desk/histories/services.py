"""Bringing a history in, all of it or nothing, and taking it back as a whole."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core.services import audit
from core.spreadsheets.write import refused_rows, write_workbook
from customers.models import Contact, HistoryImport, Opportunity
from customers.queries import are_visible
from customers.services import histories as customers
from customers.services.histories import HistoryNotTakenBack, TakenBack
from customers.showing.opportunities import what_of
from desk.histories.books import Book, open_book
from desk.histories.facts import Weighed
from desk.histories.reading import House
from desk.histories.rows import Read, phones_of, read_part
from desk.histories.standing import standing_of
from desk.imports.directory import directory
from desk.imports.facts import Remark
from desk.imports.services import Outcome
from desk.imports.sheets import PACE, Advance
from desk.imports.standing import importer_reach
from desk.imports.turns import looking_again, take_the_lock
from desk.imports.wording import ImportRefused, with_column
from filings.models import Filing
from filings.services import histories as filings
from followups import services as followups
from followups.services import histories as steps
from followups.services.histories import HistoryStep
from staff.models import Person
from staff.scope import IMPORTING_ROLES, Reach
from staff.states import Role


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is to be brought in, and in whose name."""

    filename: str
    content: bytes
    by: Person
    encoding: str = ""
    store_id: int | None = None
    most_rows: int | None = None


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A workbook opened, with what stays the same however often it is weighed."""

    request: Request
    book: Book
    now: datetime

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.request.content).hexdigest()


def prepare(request: Request, *, now: datetime) -> Prepared:
    """Open the workbook as this importer may. Raises SheetRefused and ImportRefused."""
    by = request.by
    if not by.is_system and by.role not in IMPORTING_ROLES:
        raise ImportRefused.because("not_yours")
    book = open_book(request.filename, request.content, encoding=request.encoding)
    if request.most_rows and book.count > request.most_rows:
        raise ImportRefused.because("too_many_rows", limit=request.most_rows, rows=book.count)
    return Prepared(request=request, book=book, now=now)


def weigh(prepared: Prepared, *, advance: Advance = lambda done, total: None) -> Weighed:
    """What would become of each row, as things stand now; nothing is touched."""
    request, book = prepared.request, prepared.book
    reach = importer_reach(request.by, today=timezone.localdate(prepared.now))
    phones = [phone for part in book.parts.values() for phone in phones_of(part)]
    house = House(
        standing=standing_of(phones, reach=reach),
        directory=directory(reach),
        by=request.by,
        now=prepared.now,
        store_id=request.store_id,
    )
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        if done % PACE == 0:
            advance(done // 2, book.count)

    reads = [read_part(part, house, tick=tick) for part in book.parts.values()]
    return _sorted_out(reads, house, book)


def _sorted_out(reads: Sequence[Read], house: House, book: Book) -> Weighed:
    """New or the same: the same in the database, or in an earlier row."""
    contacts, sales = set(house.standing.contacts), set(house.standing.sales)
    filed = set(house.standing.filings)
    fresh: dict[str, list] = {"contacts": [], "sales": [], "filings": [], "c": [], "s": [], "f": []}
    for read in reads:
        for contact in read.contacts:
            fresh["c" if contact.mark in contacts else "contacts"].append(contact)
            contacts.add(contact.mark)
        for sale in read.sales:
            fresh["s" if sale.mark in sales else "sales"].append(sale)
            sales.add(sale.mark)
        for filing in read.filings:
            fresh["f" if filing.mark in filed else "filings"].append(filing)
            filed.add(filing.mark)
    return Weighed(
        new_contacts=fresh["contacts"],
        new_sales=fresh["sales"],
        same_contacts=fresh["c"],
        same_sales=fresh["s"],
        new_filings=fresh["filings"],
        same_filings=fresh["f"],
        refusals=[remark for read in reads for remark in read.refusals],
        warnings=[*book.notes, *(remark for read in reads for remark in read.warnings)],
    )


def outcome_of(prepared: Prepared, weighed: Weighed) -> Outcome:
    """The counts that commands print and pages show."""
    return Outcome(
        read=prepared.book.count,
        created=len(weighed.new_contacts) + len(weighed.new_sales) + len(weighed.new_filings),
        updated=0,
        unchanged=len(weighed.same_contacts) + len(weighed.same_sales) + len(weighed.same_filings),
        refusals=weighed.refusals,
        warnings=weighed.warnings,
    )


def import_history(
    prepared: Prepared, *, advance: Advance = lambda done, total: None
) -> tuple[Outcome, HistoryImport | None]:
    """Write what the workbook says: all of it, or nothing. Raises ImportRefused.

    Answers with the import that can be taken back; None where nothing was new.
    """
    return looking_again(lambda: _import_once(prepared, advance))


@transaction.atomic
def _import_once(prepared: Prepared, advance: Advance) -> tuple[Outcome, HistoryImport | None]:
    total = prepared.book.count
    take_the_lock(lambda: advance(0, total))
    weighed = weigh(prepared, advance=advance)
    outcome = outcome_of(prepared, weighed)
    if not outcome.created:
        return outcome, None

    contacts = [read.facts for read in weighed.new_contacts]
    sales = [read.facts for read in weighed.new_sales]
    filed = [read.facts for read in weighed.new_filings]
    ids = sorted({*(old.customer_id for old in contacts), *(old.customer_id for old in filed)})
    followups.hold(ids)
    advance(total * 6 // 10, total)

    by, now = prepared.request.by, prepared.now
    brought = HistoryImport.objects.create(
        file_name=prepared.request.filename[-100:], sha256=prepared.sha256, by=by, at=now
    )
    written = customers.add_history(brought=brought, contacts=contacts, sales=sales, by=by, now=now)
    made = filings.add_filings(brought=brought, filings=filed, by=by, now=now)
    HistoryImport.objects.filter(pk=brought.pk).update(filings_made=made)
    advance(total * 9 // 10, total)
    today = timezone.localdate(now)
    ahead = _last_steps(written, contacts, today=today)
    steps.open_history_steps(steps=ahead, customers=ids)
    audit.record(verb="import_history", of=brought, by=by, counts=outcome.counts())
    return outcome, brought


def _last_steps(ids: Sequence[int], contacts: Sequence, *, today) -> list[HistoryStep]:
    """What the last contact with each customer agreed on, where its day has not passed."""
    last: dict[int, tuple[datetime, int]] = {}
    for index, old in enumerate(contacts):
        found = last.get(old.customer_id)
        if found is None or (old.occurred_at, index) > found:
            last[old.customer_id] = (old.occurred_at, index)
    return [
        HistoryStep(contact_id=ids[at], customer_id=pk, on=old.next_on, text=old.next_text)
        for pk, (_when, at) in sorted(last.items())
        for old in [contacts[at]]
        if old.next_on is not None and old.next_on >= today
    ]


def error_sheet(prepared: Prepared, refusals: Sequence[Remark]) -> bytes:
    """The refused rows as a workbook of the same sheets, to be mended and sent in again."""
    sheets = []
    for part in prepared.book.parts.values():
        named = {key: part.match.headers[index] for key, index in part.match.columns.items()}
        reasons: dict[int, list[str]] = {}
        for remark in refusals:
            if remark.sheet == part.table.sheet:
                reasons.setdefault(remark.row, []).append(with_column(remark, named))
        rows = [row for row in part.rows if row.number in reasons]
        said = ["\n".join(reasons[row.number]) for row in rows]
        if rows:
            sheets.append(refused_rows(part.match.headers, rows, said, name=part.table.sheet))
    return write_workbook(sheets)


def histories_of(person: Person):
    """The histories that this person may take back: the own, or all; the latest first."""
    found = HistoryImport.objects.select_related("by", "revoked_by").order_by("-at", "-pk")
    is_all = person.is_system or person.role == Role.OPS_MANAGER
    return found if is_all else found.filter(by=person)


def what_is_left(brought: HistoryImport, reach: Reach) -> Mapping[str, list]:
    """What of a history stands, or stayed because somebody went on with it, as far as its customers
    are within reach still; each opportunity with what it is of.
    """
    mine = are_visible(reach, path="customer")
    contacts = Contact.objects.filter(mine, history_import=brought)
    sales = Opportunity.objects.filter(mine, history_import=brought)
    sales = sales.select_related("customer", "stage", "brand").order_by("pk")
    return {
        "contacts": list(
            contacts.select_related("customer", "by").order_by("-occurred_at", "-pk")[:100]
        ),
        "opportunities": [(sale, what_of(sale)) for sale in sales[:100]],
        "filings": list(
            Filing.objects.filter(mine, history_import=brought)
            .select_related("customer", "holder")
            .order_by("-submitted_at", "-pk")[:100]
        ),
    }


@transaction.atomic
def take_back(*, brought: HistoryImport, reason: str, by: Person, now: datetime) -> TakenBack:
    """Take a history back as a whole; what somebody went on with stays, and is told.

    Raises HistoryNotTakenBack.
    """
    may_import = by.is_system or by.role in IMPORTING_ROLES
    if not may_import or not histories_of(by).filter(pk=brought.pk).exists():
        raise HistoryNotTakenBack.because("not_yours")
    take_the_lock(lambda: None)
    contacts = dict(Contact.objects.filter(history_import=brought).values_list("pk", "customer"))
    filed = Filing.objects.filter(history_import=brought).values_list("customer", flat=True)
    followups.hold(sorted({*contacts.values(), *filed}))
    gone = filings.take_back_filings(brought=brought)
    followed = steps.followed_contacts(contacts=list(contacts))
    taken = customers.take_back_history(
        brought=brought, followed_contacts=followed, reason=reason, by=by, now=now
    )
    steps.take_back_steps(
        contacts=taken.contacts, customers=taken.customers, since=brought.at, now=now
    )
    return replace(taken, filings=gone.gone, kept_filings=gone.kept)
