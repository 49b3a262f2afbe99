"""Chores of the house: whose they are, who sees them, what stands on a day's list."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.shortcuts import get_object_or_404

from followups.models import Chore
from followups.states import DUTY_OF_CHORE
from staff.scope import Reach, running_duties
from staff.states import Level, Role

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Counted(TypedDict):
        total: int
        late: int

    CountedChore = WithAnnotations[Chore, _Counted]
else:
    CountedChore = Chore

# So long before its day a chore stands on the list: whoever is to find a substitute for a floor
# sample begins before the last day.
AHEAD = timedelta(days=7)
NOBODYS = Q(person=None) | Q(person__is_active=False)
# Whose a chore is that names nobody, by the duty.
DUTY = Case(
    *(When(kind=kind, then=Value(duty.value)) for kind, duty in DUTY_OF_CHORE.items()),
    default=Value(""),
    output_field=CharField(),
)


def visible_chores(reach: Reach, *, today: date) -> QuerySet[Chore]:
    """One's own chores and those of one's duties, of whom one assists or stands in for, and of the
    stores one leads.
    """
    chores = Chore.objects.alias(duty=DUTY)
    if reach.level == Level.ALL:
        return chores
    mine = chores_of_mine(reach, today=today)
    if reach.level == Level.STORE:
        mine |= Q(store__in=reach.store_ids)
    return chores.filter(mine)


def chores_of_mine(reach: Reach, *, today: date) -> Q:
    """One's own, and of those that name nobody: what one's duty for their store asks for; where
    nobody has that duty, what is to be done in the stores one leads. For `visible_chores`.
    """
    on_duty = running_duties(on=today).filter(
        Q(store=OuterRef("store"))
        | Q(store=None, region=OuterRef("store__region"))
        | Q(store=None, region=None),
        kind=OuterRef("duty"),
        person__is_active=True,
    )
    falls_to_me = Q(Exists(on_duty.filter(person__in=reach.acts_for)))
    if reach.level == Level.STORE:
        falls_to_me |= Q(~Exists(on_duty), store__in=reach.store_ids)
    return Q(person__in=reach.acts_for) | (NOBODYS & falls_to_me)


def chores_open(chores: QuerySet[Chore]) -> QuerySet[Chore]:
    """What is neither done nor dropped, the longest overdue first."""
    rows = chores.filter(done_at=None, dropped_at=None)
    return rows.select_related("person", "store", "done_by").order_by("due_on", "kind", "pk")


def chores_done(chores: QuerySet[Chore], *, since: datetime) -> QuerySet[Chore]:
    """What was done since then, the latest first."""
    rows = chores.filter(done_at__gte=since)
    return rows.select_related("person", "store", "done_by").order_by("-done_at", "pk")


def chores_of_day(
    chores: QuerySet[Chore], *, today: date, only_overdue: bool = False
) -> QuerySet[CountedChore]:
    """What is open and due within the week, the longest overdue first; each row says how many there
    are in all (`total`), and how many of them are overdue (`late`).
    """
    rows = chores_open(chores).filter(due_on__lte=today + AHEAD)
    if only_overdue:
        rows = rows.filter(due_on__lt=today)
    counted = rows.annotate(
        total=Window(Count("pk")), late=Window(Count("pk", filter=Q(due_on__lt=today)))
    )
    return cast("QuerySet[CountedChore]", counted)


def get_chore_for(reach: Reach, pk: int, *, today: date) -> Chore:
    """The chore `pk`; one out of reach does not exist (404)."""
    chores = visible_chores(reach, today=today).select_related("person", "store")
    return get_object_or_404(chores, pk=pk)


def may_do(reach: Reach) -> bool:
    """Whoever sees a chore may say that it is done, but for who only reads."""
    return reach.role != Role.MARKETING_MANAGER
