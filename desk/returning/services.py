"""Writing what a sheet that came back says: all of it, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from core.models import StoredFile
from core.phones import Phone
from core.services import audit
from core.spreadsheets.write import refusal_sheet
from customers import services as customers
from customers.models import Customer
from customers.services.returns import write_cards
from desk.imports.facts import Remark
from desk.imports.services import Outcome
from desk.imports.sheets import Advance
from desk.imports.turns import looking_again, take_the_lock
from desk.imports.wording import with_column
from desk.returning.looking import Came, weigh
from desk.returning.weighing import EditedRow, Weighed
from desk.services import complete_drafts_among
from followups import services as followups
from staff.models import Person

REASON = "spreadsheet"


def outcome_of(came: Came, weighed: Weighed, *, updated: int, held_back: int = 0) -> Outcome:
    """The counts that commands print and pages show."""
    read = len(came.rows)
    refused = len({remark.row for remark in weighed.refusals})
    return Outcome(
        read=read,
        created=0,
        updated=updated,
        unchanged=read - updated - refused,
        refusals=weighed.refusals,
        warnings=weighed.notes,
        held_back=held_back,
    )


def write(
    came: Came,
    *,
    by: Person,
    now: datetime,
    source: StoredFile | None,
    agreed: Mapping[str, str] | None = None,
    taken: frozenset[str] = frozenset(),
    advance: Advance = lambda done, total: None,
) -> Outcome:
    """Write the cells that somebody changed: all of them, or nothing. Raises ImportRefused.

    `agreed` (customer → seal) is what was seen in a preview: a row that would now do otherwise is
    held back. A conflict is written only where `taken` names it (`customer:field`).
    """
    return looking_again(lambda: _write_once(came, by, now, source, agreed, taken, advance))


@transaction.atomic
def _write_once(
    came: Came,
    by: Person,
    now: datetime,
    source: StoredFile | None,
    agreed: Mapping[str, str] | None,
    taken: frozenset[str],
    advance: Advance,
) -> Outcome:
    total = len(came.rows)
    take_the_lock(lambda: advance(0, total))
    first = weigh(came, by=by, now=now)
    followups.hold([row.pk for row in first.edited])
    weighed = weigh(came, by=by, now=now)
    advance(total // 2, total)
    rows = _agreed_only(weighed, agreed)
    held_back = len(weighed.edited) - len(rows)
    rows = [_with_taken(row, taken, weighed) for row in rows]
    rows = _regrade(rows, weighed, by=by, now=now)

    origin = {"sheet": source.pk} if source else {}
    _write_cards(rows, by=by, now=now, origin=origin)
    _reassign(rows, by=by, now=now, origin=origin)
    complete_drafts_among(customers=[row.pk for row in rows if row.edits], by=by)
    updated = sum(bool(row.edits) for row in rows)
    outcome = outcome_of(came, weighed, updated=updated, held_back=held_back)
    audit.record(verb="import_customers", of=source or by, by=by, counts=outcome.counts())
    advance(total, total)
    return outcome


def _agreed_only(weighed: Weighed, agreed: Mapping[str, str] | None) -> list[EditedRow]:
    """The rows that do what somebody saw; the others are held back, with the reason."""
    if agreed is None:
        return list(weighed.edited)
    fitting = [row for row in weighed.edited if agreed.get(str(row.pk)) == row.seal]
    surprising = {row.number for row in weighed.edited} - {row.number for row in fitting}
    weighed.refusals += [
        Remark(row=number, column="", code="changed_since_preview") for number in sorted(surprising)
    ]
    return fitting


def _with_taken(row: EditedRow, taken: frozenset[str], weighed: Weighed) -> EditedRow:
    """The row's changes, and the conflicts that somebody chose to write; the rest is told."""
    left = [e for e in row.edits if e.is_conflict and f"{row.pk}:{e.field}" not in taken]
    weighed.notes += [
        Remark(row=row.number, column=edit.field, code="conflict", params={"now": edit.before})
        for edit in left
    ]
    return replace(row, edits=[edit for edit in row.edits if edit not in left])


def _regrade(
    rows: Sequence[EditedRow], weighed: Weighed, *, by: Person, now: datetime
) -> list[EditedRow]:
    """Grades first, by their own service: a row that its rules refuse stays as it is."""
    graded = {row.pk: edit for row in rows for edit in row.edits if edit.field == "grade"}
    cards = Customer.objects.select_related("store", "owner").in_bulk(list(graded))
    refused = set()
    for row in rows:
        if row.pk not in graded:
            continue
        grade = graded[row.pk].values["grade"]
        try:
            with transaction.atomic():
                followups.regrade(
                    customer=cards[row.pk], grade=grade, by=by, now=now, reason=REASON
                )
        except customers.GradeNotChanged as refusal:
            refused.add(row.pk)
            weighed.refusals.append(
                Remark(row=row.number, column="grade", code="grade_refused",
                       params={"said": str(refusal)})
            )  # fmt: skip
    return [row for row in rows if row.pk not in refused]


def _write_cards(
    rows: Sequence[EditedRow], *, by: Person, now: datetime, origin: Mapping[str, int]
) -> None:
    changes: dict[int, dict[str, object]] = {}
    phones: dict[int, list[Phone]] = {}
    for row in rows:
        for edit in row.edits:
            if edit.field == "phone":
                phones.setdefault(row.pk, []).extend(edit.values["phones"])
            elif edit.field not in ("grade", "keeper"):
                changes.setdefault(row.pk, {}).update(edit.values)
    cards = list(Customer.objects.filter(pk__in={*changes, *phones}).order_by("pk"))
    write_cards(cards=cards, changes=changes, new_phones=phones, by=by, now=now, **origin)
    born = [pk for pk, values in changes.items() if "birth_month" in values]
    followups.touch(customers=born)


def _reassign(
    rows: Sequence[EditedRow], *, by: Person, now: datetime, origin: Mapping[str, int]
) -> None:
    """Customers by their new keeper, a keeper at a time."""
    kept: dict[int, list[int]] = {}
    for row in rows:
        for edit in row.edits:
            if edit.field == "keeper":
                kept.setdefault(edit.values["owner_id"], []).append(row.pk)
    people = Person.objects.in_bulk(list(kept))
    for owner_id, ids in sorted(kept.items()):
        followups.reassign(
            customers=ids, keeper=people[owner_id], by=by, now=now, reason=REASON, **origin
        )


def error_sheet(came: Came, refusals: Sequence[Remark]) -> bytes:
    """The refused rows as a workbook that can be mended and sent in again."""
    named = {key: came.match.headers[at] for key, at in came.match.columns.items()}
    reasons: dict[int, list[str]] = {}
    for remark in refusals:
        reasons.setdefault(remark.row, []).append(with_column(remark, named))
    rows = [row for row in came.rows if row.number in reasons]
    said = ["\n".join(reasons[row.number]) for row in rows]
    return refusal_sheet(came.match.headers, rows, said)
