"""What rests while a customer wishes silence: the twin of `rules.rests` in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from customers.models import Appointment, Customer, GradeChange, QuietChange
from customers.rules.appointments import TO_WIN
from customers.states import Grade, Quiet
from followups import rules
from followups.models import Obligation
from followups.states import BIRTHDAY_ANCHORS, ORDER_ANCHORS, Anchor, State, Way

NOTHING = Q(pk__in=[])


def resting(*, quiet: Quiet | str, grade: Grade | str) -> Q:
    """The obligations that rest while this is wished, and while the customer is graded so."""
    found = _wished_not(quiet)
    if rules.is_not_greeted(quiet=quiet, grade=grade):
        found |= Q(step__anchor__in=BIRTHDAY_ANCHORS)
    return found


def _wished_not(quiet: Quiet | str) -> Q:
    if quiet == Quiet.ALL:
        needed = Appointment.objects.filter(pk=OuterRef("subject_id")).exclude(kind__in=TO_WIN)
        is_booked = Q(Exists(needed), step__anchor=Anchor.APPOINTMENT)
        return ~(Q(step__anchor__in=(Anchor.CASE, *ORDER_ANCHORS)) | is_booked)
    if quiet == Quiet.MARKETING:
        return Q(step__anchor=Anchor.CAMPAIGN) | Q(step__way=Way.GREETING)
    return NOTHING


def last_change(customer: Customer) -> QuietChange | None:
    """Who wrote down what the customer wishes now, when and why."""
    rows = QuietChange.objects.filter(customer=customer, after=customer.quiet).select_related("by")
    return rows.order_by("-at", "-pk").first()


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What a wish does to the lists: how many tasks go, how many stay, what becomes a call."""

    leaving: int
    staying: int
    becoming_calls: int


def foreseen(customer: Customer, quiet: Quiet | str) -> Foreseen:
    """What happens to the open tasks of a customer who wishes this; said before the tap."""
    rows: QuerySet[Obligation] = Obligation.objects.filter(customer=customer, state=State.OPEN)
    counted = rows.aggregate(
        all=Count("task", distinct=True),
        staying=Count("task", filter=~resting(quiet=quiet, grade=customer.grade), distinct=True),
        visits=Count(
            "task",
            filter=Q(is_timed=False) & (Q(way__in=rules.VISITS) | Q(step__way__in=rules.VISITS)),
            distinct=True,
        ),
    )
    return Foreseen(
        leaving=counted["all"] - counted["staying"],
        staying=counted["staying"],
        becoming_calls=counted["visits"] if quiet == Quiet.VISITS else 0,
    )


def due_again(customer: Customer, *, today: date) -> int:
    """How many resting obligations are still due once the wish is taken back."""
    still = resting(quiet=Quiet.NONE, grade=customer.grade)
    suspended = Obligation.objects.filter(customer=customer, state=State.SUSPENDED)
    is_ahead = Q(due_on__gte=today) | Q(planned_on__gte=today)
    return suspended.filter(~still, is_ahead).count()


def taken_up_at(customers: Sequence[int]) -> dict[int, datetime]:
    """When contact was last wished again, or the customer was no longer given up."""
    wishes = QuietChange.objects.filter(customer__in=customers, before=Quiet.ALL)
    wishes = wishes.exclude(after=Quiet.ALL)
    grades = GradeChange.objects.filter(customer__in=customers, before=Grade.D)
    moments = wishes.values_list("customer", "at").union(grades.values_list("customer", "at"))
    return dict(sorted(moments, key=lambda row: row[1]))
