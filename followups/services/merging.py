"""Two cards of one customer: the work on the one goes to the other, and back when that was wrong.

The keys of obligations stay true to what they name. What stands on a customer stands on the kept
one from now on: a cadence, which is counted, is numbered on behind the kept card's; a next step, an
inquiry, thanks for a referral, a birthday keep their occurrence, so that none is owed twice. What
stands on a product, an appointment or a member of the household keeps its key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, QuerySet

from customers.models import Customer
from customers.states import Grade
from followups.models import AnchorDay, Course, Obligation, Task
from followups.services import booked_work, case_work, next_steps, tasks, twin_guests
from followups.services.quiet import settle_quiet
from followups.states import CASE_ANCHORS, PRODUCT_ANCHORS, WAITING, Anchor, Cause, State
from staff.models import Person

# Subjects are customers, occurrences what was agreed, asked or brought.
NAMED_ANCHORS = (Anchor.NEXT_STEP, Anchor.LEAD, Anchor.REFERRAL, Anchor.BIRTHDAY)
Moved = dict[str, Any]


def bring_work_along(*, merged: int, kept: int, now: datetime) -> Moved:
    """Tasks, obligations and courses of one card go to another; answers with what went.

    The merged card's everyday course stays: it is that card's mutex, and rests from now on. The
    caller holds both cards, and asks the engine for the kept one afterwards.
    """
    waiting = Obligation.objects.filter(customer=merged, state__in=WAITING)
    waiting.filter(step__anchor=Anchor.CADENCE).update(
        state=State.CANCELLED, cause=Cause.REPLACED, closed_at=now
    )
    moved: Moved = {
        "cadence": _renumber_cadence(merged=merged, kept=kept),
        "named": _name_anew(Obligation.objects.filter(customer=merged), old=merged, new=kept),
    }
    moved["guests"] = twin_guests.join(merged=merged, kept=kept, now=now)
    _join_twins(merged=merged, kept=kept, now=now)
    moved["tasks"] = _give(Task.objects.filter(customer=merged), kept)
    moved["obligations"] = _give(Obligation.objects.filter(customer=merged), kept)
    moved["anchor_days"] = _give(AnchorDay.objects.filter(customer=merged), kept)
    courses = Course.objects.filter(customer=merged)
    moved["courses"] = _give(courses.filter(product__isnull=False), kept)
    courses.update(next_due_on=None)
    return moved


def _give(rows, customer: int) -> list[int]:
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=ids).update(customer=customer)
    return ids


def _renumber_cadence(*, merged: int, kept: int) -> list[list[int]]:
    """What was done by grade on the merged card counts for the kept one; the old numbers."""
    rows = Obligation.objects.filter(
        customer=merged, subject_id=merged, step__anchor=Anchor.CADENCE
    )
    before = [list(row) for row in rows.order_by("pk").values_list("pk", "occurrence")]
    steps = set(rows.values_list("step", flat=True))
    last = dict(
        Obligation.objects.filter(subject_id=kept, step__in=steps)
        .order_by()
        .values_list("step")
        .annotate(Max("occurrence"))
    )
    for step in steps:
        rows.filter(step=step).update(
            subject_id=kept, occurrence=F("occurrence") + last.get(step, 0)
        )
    return before


def _name_anew(rows: QuerySet[Obligation], *, old: int, new: int) -> list[int]:
    """What stands on one customer stands on another; what that one has already keeps its name."""
    same = Obligation.objects.filter(
        subject_id=new, step=OuterRef("step"), occurrence=OuterRef("occurrence")
    )
    rows = rows.filter(~Exists(same), step__anchor__in=NAMED_ANCHORS, subject_id=old)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    Obligation.objects.filter(pk__in=ids).update(subject_id=new)
    return ids


def _join_twins(*, merged: int, kept: int, now: datetime) -> None:
    """Where both cards have an open task of one person and day, the two become one."""
    open_tasks = Task.objects.filter(state=State.OPEN)
    twins = {
        (task.assignee_id, task.day, task.letter_id): task
        for task in open_tasks.filter(customer=kept)
    }
    for task in open_tasks.filter(customer=merged).order_by("pk"):
        twin = twins.get((task.assignee_id, task.day, task.letter_id))
        if twin is not None:
            tasks.become_one(task, into=twin, now=now)


def assignees_of(customers: Sequence[int]) -> list[tuple[int, int | None]]:
    """Whose each piece of waiting work is, before two keepers become one."""
    rows = Obligation.objects.filter(customer__in=customers, state__in=WAITING)
    return list(rows.order_by("pk").values_list("pk", "assignee"))


def give_work_back(
    *,
    customer: int,
    keeper: Person | None,
    assignees: Iterable[tuple[int, int | None]],
    now: datetime,
) -> None:
    """Of what a card's keeper has again, what was somebody else's before the merge is theirs."""
    whose: dict[int, list[int]] = {}
    for pk, person in assignees:
        whose.setdefault(person or 0, []).append(pk)
    rows = Obligation.objects.filter(customer=customer, state__in=WAITING, assignee=keeper)
    working = set(Person.objects.filter(pk__in=whose, is_active=True).values_list("pk", flat=True))
    for person in working - {keeper.pk if keeper else 0}:
        rows.filter(pk__in=whose[person]).update(assignee=person, task=None)
    booked_work.follow_assignees(customers=[customer])
    case_work.follow_assignees(customers=[customer], now=now)


@dataclass(frozen=True, kw_only=True)
class Returning:
    """Whose the rows are on which work stands, and which of them go back."""

    merged: int
    kept: int
    products: Sequence[int] = ()
    appointments: Sequence[int] = ()
    cases: Sequence[int] = ()
    members: Sequence[int] = ()
    key_people: Sequence[int] = ()


def take_work_back(returning: Returning, moved: Mapping[str, Any]) -> None:
    """Two cards are taken apart: the work that came along goes back, with what was made since of
    products and appointments that go back. What was agreed since stays.

    The caller holds both cards, and asks the engine for both afterwards.
    """
    back, kept = returning.merged, returning.kept
    ours = Obligation.objects.filter(customer=kept)
    _back(Course.objects.filter(customer=kept), "pk", moved.get("courses", ()), back)
    _back(Course.objects.filter(customer=kept), "product", returning.products, back)
    ours.filter(pk__in=moved.get("obligations", ())).update(customer=back)
    # What was made of these since goes back with them, as soon as the engine is asked.
    _back(AnchorDay.objects.filter(customer=kept), "pk", moved.get("anchor_days", ()), back)
    for anchors, subjects in (
        (PRODUCT_ANCHORS, returning.products),
        ((Anchor.APPOINTMENT,), returning.appointments),
        ((Anchor.HOUSEHOLD_BIRTHDAY,), returning.members),
        ((Anchor.KEY_BIRTHDAY,), returning.key_people),
        (CASE_ANCHORS, returning.cases),
    ):
        ours.filter(step__anchor__in=anchors, subject_id__in=list(subjects)).update(customer=back)
    _number_cadence_back(moved.get("cadence", ()), back=back)
    named = Obligation.objects.filter(pk__in=moved.get("named", ()), customer=back)
    _name_anew(named, old=kept, new=back)
    twin_guests.part(moved.get("guests", ()))
    _part_tasks(moved.get("tasks", ()), kept=kept, back=back)


def _back(rows, column: str, ids: Iterable[int], customer: int) -> None:
    rows.filter(**{f"{column}__in": list(ids)}).update(customer=customer)


def _number_cadence_back(before: Iterable[tuple[int, int]], *, back: int) -> None:
    numbers = dict(before)
    rows = list(Obligation.objects.filter(pk__in=numbers, customer=back).order_by("pk"))
    for row in rows:
        row.subject_id, row.occurrence = back, numbers[row.pk]
    Obligation.objects.bulk_update(rows, ["subject_id", "occurrence"])


def _part_tasks(ids: Sequence[int], *, kept: int, back: int) -> None:
    """Tasks go back to their card; open work that then stands on the other's task stands on none,
    and the engine puts it on one.
    """
    Task.objects.filter(pk__in=ids, customer=kept).update(customer=back)
    for mine, other in ((kept, back), (back, kept)):
        Obligation.objects.filter(customer=mine, state=State.OPEN, task__customer=other).update(
            task=None
        )


def settle_work(*, customer: Customer, by: Person, now: datetime) -> None:
    """Two cards have become one, or two again: work rests or stands as this one's wish and grade
    now have it.
    """
    settle_quiet(customer, now=now)
    if customer.grade == Grade.D:
        next_steps.drop_prospect_work(customer=customer, by=by, now=now)
