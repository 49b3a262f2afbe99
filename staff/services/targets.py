"""Targets (任务) of a store and its people for a month (ORD-16, ORD-19)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services import audit
from staff.models import Person, Store, Target
from staff.queries_of_targets import people_with_targets
from staff.states import TargetKind

# Of whom and of what: the person, None for the store itself, and what it counts.
Whose = tuple[int | None, TargetKind]


class TargetsNotSet(Refused):
    """Targets were left as they were."""

    messages = {
        "not_a_month": _("A target is set for a whole month."),
        "not_here": _("One of these people does not work in this store. Open the page anew."),
    }


@transaction.atomic
def set_targets(
    *,
    store: Store,
    first_day: date,
    amounts: Mapping[Whose, Decimal | None],
    by: Person,
    now: datetime,
) -> int:
    """Set the targets of a store and its people for a month; None takes one away.

    Answers with how many changed; each change stands on the trail. Raises TargetsNotSet.
    """
    if first_day.day != 1:
        raise TargetsNotSet.because("not_a_month")
    people = {person for person, _kind in amounts if person is not None}
    if not people <= {person.pk for person in people_with_targets(store)}:
        raise TargetsNotSet.because("not_here")

    # Two who set the targets of one store wait for each other.
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    rows = Target.objects.filter(store=store, first_day=first_day)
    standing = {(row.person_id, TargetKind(row.kind)): row for row in rows}
    changed = 0
    for whose, amount in amounts.items():
        row = standing.get(whose)
        before = row.amount if row else None
        if amount == before:
            continue
        _write(row, store=store, first_day=first_day, whose=whose, amount=amount, by=by, now=now)
        audit.record(
            verb="target_set",
            of=store,
            by=by,
            person=whose[0],
            kind=whose[1].value,
            month=first_day.isoformat(),
            before=None if before is None else str(before),
            after=None if amount is None else str(amount),
        )
        changed += 1
    return changed


def _write(
    row: Target | None,
    *,
    store: Store,
    first_day: date,
    whose: Whose,
    amount: Decimal | None,
    by: Person,
    now: datetime,
) -> None:
    person, kind = whose
    if row is not None and amount is None:
        row.delete()
    elif row is not None:
        Target.objects.filter(pk=row.pk).update(amount=amount, set_at=now, set_by=by)
    elif amount is not None:
        Target.objects.create(
            store=store, person_id=person, first_day=first_day, kind=kind, amount=amount,
            set_at=now, set_by=by,
        )  # fmt: skip
