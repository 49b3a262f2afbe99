"""Bringing orders in: look first, then write all of it or nothing.

It works as an import of customers does (`desk.imports.services`): read the file; take the lock of
imports; compare with what stands; hold the customers concerned; write; tell the engine. Customers
whom only the sheet knows are registered with their first order, kept by who sold it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.models import StoredFile
from core.services import audit
from core.spreadsheets import cells
from customers.services.bulk import CardFacts, add_customers
from desk.imports.directory import Directory, directory
from desk.imports.facts import ProductRow, Remark
from desk.imports.fates import default_grade
from desk.imports.rows import Sheet
from desk.imports.services import Outcome, Request, agreed_only, open_for
from desk.imports.sheets import Advance, Opened, Reading, read_rows
from desk.imports.standing import importer_reach, key_of
from desk.imports.turns import looking_again, take_the_lock
from desk.imports.wording import ImportRefused
from desk.order_imports import writing
from desk.order_imports.columns import COLUMNS
from desk.order_imports.facts import Comparison, House, LineRow, Newcomer, OrderFate
from desk.order_imports.fates import compare
from desk.order_imports.rows import LONGEST_NUMBER, Place, read_row
from desk.order_imports.sorting import Sorted, put_together
from desk.order_imports.standing import house_of, standing_of
from followups import services as followups
from orders.services.importing import Brought
from staff.scope import IMPORTING_ROLES, Reach


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A file read and put together by order, with all that comparing it needs."""

    request: Request
    opened: Opened
    reading: Reading[LineRow]
    sorted: Sorted
    directory: Directory
    house: House
    reach: Reach
    now: datetime


def prepare(
    request: Request, *, now: datetime, advance: Advance = lambda done, total: None
) -> Prepared:
    """Read the file as this importer may read it. Raises SheetRefused and ImportRefused.

    A sheet 门店 is read first, and written, where the importer is one who sets up stores: in the
    caller's transaction.
    """
    by = request.by
    if not by.is_system and by.role not in IMPORTING_ROLES:
        raise ImportRefused.because("not_yours")
    opened = open_for(request, COLUMNS, now=now)
    reach = importer_reach(by, today=timezone.localdate(now))
    known = directory(reach)
    if request.store_id and request.store_id not in known.store_names:
        raise ImportRefused.because("store_not_yours")
    store_id = request.store_id or known.only_store_id
    house = house_of(reach)
    place = Place(
        sheet=Sheet(
            columns=opened.columns,
            directory=known,
            now=now,
            zone=known.zones.get(store_id or 0) or ZoneInfo(settings.TIME_ZONE),
            since_1904=opened.table.since_1904,
        ),
        house=house,
        store_id=store_id,
    )
    reading = read_rows(opened, lambda row: read_row(row, place), request.choices, advance)
    return Prepared(
        request=request,
        opened=opened,
        reading=reading,
        sorted=put_together(
            reading.rows, store_id=store_id, refused=_refused_numbers(opened, reading)
        ),
        directory=known,
        house=house,
        reach=reach,
        now=now,
    )


def _refused_numbers(opened: Opened, reading: Reading[LineRow]) -> dict[str, int]:
    """The orders of which a row was refused, each with the first such row."""
    refused = {remark.row for remark in reading.refusals}
    index = opened.columns.get("order_no")
    found: dict[str, int] = {}
    for row in opened.rows:
        if row.number in refused and not row.faults:
            try:
                number = cells.text(row.cell(index), LONGEST_NUMBER, keep_lines=False)
            except cells.CellRefused:
                continue
            found.setdefault(number, row.number)
    return found


def weigh(prepared: Prepared) -> Comparison:
    """What would become of each order, as things stand now; nothing is touched."""
    orders = prepared.sorted.orders
    standing = standing_of(
        numbers={told.number for told in orders},
        phones=[phone for told in orders for phone in told.phones],
        sellers={told.said["seller"].id for told in orders},
        reach=prepared.reach,
    )
    return compare(orders, standing, prepared.house, key_of=key_of)


def foresee(prepared: Prepared) -> tuple[Comparison, Outcome]:
    """What an import would do now."""
    comparison = weigh(prepared)
    return comparison, _outcome(prepared, comparison.fates, comparison, ())


def _outcome(
    prepared: Prepared,
    fates: Sequence[OrderFate],
    comparison: Comparison,
    held_back: Sequence[Remark],
) -> Outcome:
    """What becomes of the rows: each is a line, and the first of an order speaks for its rest."""
    refusals = [
        *prepared.reading.refusals, *prepared.sorted.refusals, *comparison.refusals, *held_back,
    ]  # fmt: skip
    warnings = [
        *prepared.opened.notes, *prepared.reading.warnings, *prepared.sorted.warnings,
        *comparison.warnings,
    ]  # fmt: skip
    rows = [fate for order in fates for fate in order.fate_of_rows()]
    return Outcome(
        read=prepared.reading.count,
        created=rows.count("new"),
        updated=rows.count("changed"),
        unchanged=rows.count("same"),
        refusals=sorted(refusals, key=lambda remark: remark.row),
        warnings=sorted(warnings, key=lambda remark: remark.row),
        held_back=len(held_back),
    )


def import_orders(
    prepared: Prepared,
    *,
    source: StoredFile | None,
    agreed: Mapping[str, str] | None = None,
    advance: Advance = lambda done, total: None,
) -> Outcome:
    """Write what the sheet says: all of it, or nothing.

    `agreed` (first row → digest) is what somebody saw in a preview: an order that would now be
    changed otherwise is held back and comes back as refused rows. Raises ImportRefused.
    """
    return looking_again(lambda: _import_once(prepared, source, agreed, advance))


@transaction.atomic
def _import_once(
    prepared: Prepared,
    source: StoredFile | None,
    agreed: Mapping[str, str] | None,
    advance: Advance,
) -> Outcome:
    total = prepared.reading.count
    take_the_lock(lambda: advance(total // 2, total))
    comparison = weigh(prepared)
    concerned = {
        fate.customer_id for fate in comparison.fates if fate.customer_id and not fate.is_same
    }
    if concerned:
        followups.enrol(customers=sorted(concerned))
        followups.hold(sorted(concerned))
        comparison = weigh(prepared)
    advance(total * 6 // 10, total)
    fates, held_back = agreed_only(comparison.fates, agreed)

    brought = Brought(
        by=prepared.request.by,
        now=prepared.now,
        origin={"import": source.pk} if source else {},
    )
    newcomers = _register(comparison, fates, prepared, brought)
    house, standing = prepared.house, comparison.standing
    new = [fate for fate in fates if fate.is_new]
    changed = [fate for fate in fates if not fate.is_new and not fate.is_same]
    touched = writing.write_new(new, newcomers, standing, house, brought)
    advance(total * 8 // 10, total)
    touched |= writing.write_changes(changed, standing, house, brought)
    _tell_the_engine(touched, brought)
    outcome = _outcome(prepared, fates, comparison, held_back)
    audit.record(verb="import_orders", of=source or brought.by, by=brought.by,
                 counts=outcome.counts())  # fmt: skip
    return outcome


def _register(
    comparison: Comparison, fates: Sequence[OrderFate], prepared: Prepared, brought: Brought
) -> dict[int, int]:
    """Open the cards of those whom only the sheet knows; newcomer → id."""
    wanted = sorted({fate.newcomer for fate in fates if fate.newcomer})
    today = timezone.localdate(prepared.now)
    cards = [_card(comparison.newcomers[at - 1], today=today) for at in wanted]
    ids = add_customers(cards, by=brought.by, now=brought.now, origin=brought.origin)
    return dict(zip(wanted, ids, strict=True))


def _card(newcomer: Newcomer, *, today: date) -> CardFacts:
    """A customer as their first order tells of them, with the grade of one who bought (GRD-06)."""
    first = newcomer.orders[0]
    seller = first.said["seller"]
    owned = [
        ProductRow(delivered_on=delivered.on if delivered else None)
        for order in newcomer.orders
        for line in order.lines
        for delivered in [line.said.get("delivered_at")]
    ]
    return CardFacts(
        name=newcomer.name,
        store_id=first.store_id,
        owner_id=seller.id if seller.can_keep else None,
        grade=default_grade(owned, today=today),
        card={"address": first.said["address"]} if first.said.get("address") else {},
        new_phones=list(newcomer.phones),
    )


def _tell_the_engine(customers: set[int], brought: Brought) -> None:
    """Plans start with what was delivered; the beat makes what is due within a minute."""
    if customers:
        followups.bring_in(
            customer_ids=sorted(customers), next_steps=[], by=brought.by, now=brought.now
        )
