"""Sets of figures: asked for, put in place when whole, cleared away (MER-33).

The ledger's figures as of a day are reckoned once and read often. One set stands: pages open with
it, and it is made anew after each import and by night. Whoever wants another day or period asks.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Job
from core.refusals import Refused
from core.services import jobs
from core.states import OPEN_JOB_STATES, JobState
from staff.models import Person
from staff.services.system import system_account
from stock.models import Figure, FigureSet, Movement, WeekFigure
from stock.queries.classes import standing_set
from stock.queries.terms import terms_on
from stock.rules.terms import Terms
from stock.rules.written_terms import values_of
from stock.states import FigureLevel, FigureSetState

MAKE = "stock.tasks.make_figures"
# One puts a set in place at a time.
FIGURES_LOCK = 7_201_012
# How long figures that somebody asked for are kept, and those that no longer stand.
KEPT_FOR = timedelta(days=7)
REPLACED_KEPT_FOR = timedelta(hours=6)


class FiguresNotAsked(Refused):
    """Figures cannot be reckoned as asked."""

    messages = {
        "begins_after_the_day": _("The period begins after the day it is looked at."),
        "day_to_come": _("Choose today or a day before it."),
    }


@transaction.atomic
def ask_standing(*, now: datetime | None = None) -> FigureSet:
    """Ask for the standing set anew, as of today: the ledger, a master or the limits changed.

    One that waits to be made sees the change too, and is not asked for twice.
    """
    today = timezone.localdate(now)
    asked = _open_question(today, terms=terms_on(today), is_standing=True)
    found = _still_waiting(asked)
    if found is None:
        return _ask(asked, by=system_account())
    FigureSet.objects.filter(pk=found.pk).update(asked_at=Now())
    # Whoever was told of it meanwhile found it held.
    jobs.nudge(MAKE, found.job_id)
    return found


def _still_waiting(asked: dict[str, Any]) -> FigureSet | None:
    """A set of this question that nobody has begun, held so that nobody begins before the end of
    this transaction: it has to see what this one changes.
    """
    made = FigureSet.objects.filter(**asked, state=FigureSetState.MAKING, job__isnull=False)
    for figures in made:
        jobs_waiting = Job.objects.filter(pk=figures.job_id or 0, state=JobState.WAITING)
        if jobs_waiting.select_for_update(skip_locked=True).exists():
            return figures
    return None


@transaction.atomic
def ask_for(
    *,
    as_of: date,
    by: Person,
    from_on: date | None = None,
    counts_gifts: bool | None = None,
    now: datetime | None = None,
) -> FigureSet:
    """The figures of another day or period: ready, or being made by a job that says how far it is.

    What was asked already and has seen the ledger as it stands is handed out again. Raises
    FiguresNotAsked.
    """
    if as_of > timezone.localdate(now):
        raise FiguresNotAsked.because("day_to_come")
    if from_on and from_on > as_of:
        raise FiguresNotAsked.because("begins_after_the_day")
    asked = _open_question(as_of, terms=terms_on(as_of), from_on=from_on, counts_gifts=counts_gifts)
    return _ready(asked) or _being_made(asked) or _ask(asked, by=by)


def fresh_set(
    *, as_of: date, terms: Terms, from_on: date | None = None, counts_gifts: bool = False
) -> FigureSet | None:
    """A set that is ready, answers this question and has seen the ledger as it stands."""
    return _ready(_open_question(as_of, terms=terms, from_on=from_on, counts_gifts=counts_gifts))


def _open_question(
    as_of: date, *, terms: Terms, from_on: date | None = None, counts_gifts: bool | None = None,
    **told: bool,
) -> dict[str, Any]:  # fmt: skip
    counted = terms.counts_gifts if counts_gifts is None else counts_gifts
    return {"as_of": as_of, "from_on": from_on, "counts_gifts": counted,
            "values": values_of(terms), **told}  # fmt: skip


def _ready(asked: dict[str, Any]) -> FigureSet | None:
    """The newest set of this question, where it has seen every change that is seen now.

    When it was asked for says nothing: an import is asked about before its rows are there for
    others, and a set made in between is of before.
    """
    made = FigureSet.objects.filter(**asked, state=FigureSetState.READY)
    newest = made.order_by("-made_at", "-pk").first()
    if newest is None or has_moved(newest, since=newest.seen) or has_offices_elsewhere(newest):
        return None
    return newest


def _being_made(asked: dict[str, Any]) -> FigureSet | None:
    """A set of this question at work, asked for after the ledger last changed: it is made anew
    where something changes meanwhile.
    """
    sets = FigureSet.objects.filter(
        **asked, state=FigureSetState.MAKING, job__state__in=OPEN_JOB_STATES
    )
    newest = FigureSet.objects.filter(is_standing=True).order_by("-asked_at").first()
    if newest is not None:
        sets = sets.filter(asked_at__gte=newest.asked_at)
    return sets.order_by("-asked_at").first()


def _ask(asked: dict[str, Any], *, by: Person) -> FigureSet:
    found = FigureSet.objects.create(**asked)
    found.job = jobs.ask(kind=MAKE, by=by, params={"set": found.pk})
    found.save(update_fields=["job"])
    return found


@transaction.atomic
def put_in_place(figures: FigureSet, *, now: datetime) -> None:
    """A set is whole: it can be read, and stands unless one begun later stands already.

    Whichever was begun later has seen more: an import asks before its rows are there for others.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIGURES_LOCK])
    standing = standing_set()
    if figures.is_standing and standing is not None:
        figures.is_standing = _begun_at(standing) <= _begun_at(figures)
    if figures.is_standing:
        FigureSet.objects.filter(is_standing=True, state=FigureSetState.READY).update(
            is_standing=False
        )
    figures.state, figures.made_at = FigureSetState.READY, now
    figures.rows = Figure.objects.filter(set=figures).count()
    figures.save(update_fields=["is_standing", "state", "made_at", "rows", "seen"])


def _begun_at(figures: FigureSet) -> datetime:
    """Since when a set has read the ledger; one made without a job, since it was asked for."""
    return (figures.job and figures.job.started_at) or figures.asked_at


def ledger_seen(figures: FigureSet) -> list[str]:
    """Which changes a reader sees now: each change of the ledger, of a master, a price or the
    limits asks for the standing set anew within its own transaction.
    """
    # One that gave way to a later one was asked for by a change all the same.
    to_stand = Q(is_standing=True) | Q(job__asked_by__is_system=True)
    others = FigureSet.objects.filter(to_stand).exclude(pk=figures.pk)
    return [f"{pk} {at.isoformat()}" for pk, at in others.values_list("pk", "asked_at")]


def has_moved(figures: FigureSet, *, since: Sequence[str]) -> bool:
    """Whether something changed after `ledger_seen` said `since`."""
    return not set(ledger_seen(figures)) <= set(since)


def is_asked_anew(figures: FigureSet) -> bool:
    """Whether a later set is to stand instead of this one, and is made or being made."""
    later = FigureSet.objects.filter(is_standing=True, pk__gt=figures.pk)
    return figures.is_standing and later.exclude(state=FigureSetState.FAILED).exists()


def mark_failed(figures: FigureSet) -> None:
    """A set will never be whole."""
    FigureSet.objects.filter(pk=figures.pk, state=FigureSetState.MAKING).update(
        state=FigureSetState.FAILED
    )


def keep_up(*, now: datetime) -> None:
    """Each hour: figures of a new day, where there is a ledger, of those that failed and of offices
    that are in another region now; what is old goes.
    """
    given_up = Q(job__state=JobState.FAILED) | Q(job=None, asked_at__lt=now - KEPT_FOR)
    FigureSet.objects.filter(given_up, state=FigureSetState.MAKING).update(
        state=FigureSetState.FAILED
    )
    today = timezone.localdate(now)
    made = FigureSet.objects.filter(is_standing=True, as_of=today)
    newest = made.order_by("-asked_at").first()
    is_right = (
        newest is not None
        and newest.state != FigureSetState.FAILED
        and not has_offices_elsewhere(newest)
    )
    if not is_right and Movement.objects.exists():
        ask_standing(now=now)
    clear_away(now=now)


def has_offices_elsewhere(figures: FigureSet) -> bool:
    """Whether an office was moved to another region after a set was made: of regions it says what
    was. Places know nothing of goods, so nobody asks for figures when one is moved.
    """
    rows = Figure.objects.filter(set=figures, level=FigureLevel.OFFICE)
    return rows.exclude(region=F("office__region")).exists()


@transaction.atomic
def clear_away(*, now: datetime) -> int:
    """Delete sets that nobody opens any more, with their rows; how many sets went.

    A set that stood is kept for hours after it was replaced, for pages that are open.
    """
    standing = standing_set()
    old = Q(asked_at__lt=now - KEPT_FOR)
    if standing is not None and standing.made_at:
        was_standing = Q(job__asked_by=system_account(), asked_at__lt=standing.asked_at)
        old |= was_standing & Q(made_at__lt=now - REPLACED_KEPT_FOR)
    gone = FigureSet.objects.filter(old | Q(state=FigureSetState.FAILED)).exclude(
        is_standing=True, state=FigureSetState.READY
    )
    gone = gone.exclude(state=FigureSetState.MAKING)
    keys = list(gone.values_list("pk", flat=True))
    Figure.objects.filter(set__in=keys).delete()
    WeekFigure.objects.filter(set__in=keys).delete()
    return FigureSet.objects.filter(pk__in=keys).delete()[1].get("stock.FigureSet", 0)
