"""Chores: work inside the house, owed by name, done with one tap (ORD-14, ORD-23, ORD-31)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.rules import TAKE_BACK_WITHIN
from core.services import audit
from followups.models import Chore
from followups.states import NOT_PASSED_ON, ChoreKind
from staff.models import Person

LONGEST = Chore._meta.get_field("text").max_length or 0


class ChoreNotDone(Refused):
    """A chore was left as it was."""

    messages = {
        "done_already": _("%(who)s has done this already."),
        "dropped": _("There is nothing left to do here."),
        "undo_too_late": _("Whoever did it takes that back, within ten minutes. It stands."),
    }


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A chore as the room above owes it.

    `person_id` None: whoever has the duty for the store, else who leads it. `text` reads the same
    in any language, `path` opens what it is about.
    """

    kind: ChoreKind
    subject_id: int
    store_id: int
    due_on: date
    person_id: int | None = None
    occurrence: int = 0
    text: str = ""
    path: str = ""


def owe_chore(
    *,
    kind: ChoreKind,
    subject_id: int,
    store_id: int,
    due_on: date,
    person_id: int | None = None,
    occurrence: int = 0,
    text: str = "",
    path: str = "",
) -> None:
    """Owe one chore (see `owe_chores`)."""
    owe_chores(
        [
            Owed(
                kind=kind,
                subject_id=subject_id,
                store_id=store_id,
                due_on=due_on,
                person_id=person_id,
                occurrence=occurrence,
                text=text,
                path=path,
            )
        ]
    )


@transaction.atomic
def owe_chores(chores: Iterable[Owed]) -> None:
    """Owe these chores: what is open already takes over day, person and words, what was done stays
    done, what was dropped stands again. Three queries, however many.
    """
    wanted = {(one.kind.value, one.subject_id, one.occurrence): one for one in chores}
    Chore.objects.bulk_create(
        [
            Chore(
                kind=one.kind,
                subject_id=one.subject_id,
                occurrence=one.occurrence,
                person_id=one.person_id,
                store_id=one.store_id,
                due_on=one.due_on,
                text=one.text[:LONGEST],
                path=one.path,
            )
            for one in wanted.values()
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    standing = Chore.objects.filter(
        kind__in={one.kind for one in wanted.values()},
        subject_id__in={one.subject_id for one in wanted.values()},
        done_at=None,
    )
    changed = []
    for row in standing.select_for_update(no_key=True).order_by("pk"):
        one = wanted.get((row.kind, row.subject_id, row.occurrence))
        if one is None or (_as_said(row) == one and row.dropped_at is None):
            continue
        row.person_id, row.store_id, row.due_on = one.person_id, one.store_id, one.due_on
        row.text, row.path, row.dropped_at = one.text[:LONGEST], one.path, None
        changed.append(row)
    Chore.objects.bulk_update(
        changed, ["person", "store", "due_on", "text", "path", "dropped_at"], batch_size=1000
    )


def _as_said(row: Chore) -> Owed:
    return Owed(
        kind=ChoreKind(row.kind),
        subject_id=row.subject_id,
        store_id=row.store_id,
        due_on=row.due_on,
        person_id=row.person_id,
        occurrence=row.occurrence,
        text=row.text,
        path=row.path,
    )


@transaction.atomic
def do_chore(*, chore: Chore, by: Person, now: datetime) -> None:
    """It is done. Raises ChoreNotDone."""
    open_ones = Chore.objects.filter(pk=chore.pk, done_at=None, dropped_at=None)
    if not open_ones.update(done_at=now, done_by=by):
        fresh = Chore.objects.select_related("done_by").get(pk=chore.pk)
        if fresh.done_by is None:
            raise ChoreNotDone.because("dropped")
        raise ChoreNotDone.because("done_already", who=fresh.done_by.name)
    audit.record(verb="do_chore", of=chore, by=by)


@transaction.atomic
def undo_chore(*, chore: Chore, by: Person, now: datetime) -> None:
    """A tap by mistake: it is open again (decision 12). Raises ChoreNotDone."""
    done = Chore.objects.filter(pk=chore.pk, done_by=by, done_at__gte=now - TAKE_BACK_WITHIN)
    if not done.update(done_at=None, done_by=None):
        raise ChoreNotDone.because("undo_too_late")
    audit.record(verb="undo_chore", of=chore, by=by)


def drop_chores(*, kind: ChoreKind, subject_ids: Sequence[int], now: datetime) -> None:
    """Nothing is left to do for these: what is open of this kind is off the lists."""
    Chore.objects.filter(
        kind=kind, subject_id__in=subject_ids, done_at=None, dropped_at=None
    ).update(dropped_at=now)  # fmt: skip


def free_chores(*, kind: ChoreKind, subject_ids: Sequence[int]) -> None:
    """What is open of this kind names nobody any more: it is of who has the duty for its store."""
    Chore.objects.filter(
        kind=kind, subject_id__in=subject_ids, done_at=None, dropped_at=None
    ).update(person=None)  # fmt: skip


@transaction.atomic
def pass_on_chores(*, person: Person, receiver: Person) -> list[int]:
    """What somebody who leaves had to do in the house is the receiver's; the ids. What was theirs
    alone is dropped.
    """
    rows = Chore.objects.filter(person=person, done_at=None, dropped_at=None)
    rows.filter(kind__in=NOT_PASSED_ON).update(dropped_at=Now())
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    Chore.objects.filter(pk__in=ids).update(person=receiver)
    return ids
