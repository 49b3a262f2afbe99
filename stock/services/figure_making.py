"""Makes a set of figures: at once, or by lots of styles that several workers share.

The lots are jobs of their own. Whoever has the set's job does lots itself and waits for the others,
so that one worker is enough and a killed one's lot is taken up. Rows of a set that is not whole are
never read.

What a set is made of is read by many queries. One that the ledger changed under is not put in
place: part of it would tell of before, part of after. It is made anew.
"""

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Job
from core.refusals import Refused
from core.services import jobs
from core.services.jobs import TakenOver, Work
from core.states import JobState
from staff.services.system import system_account
from stock.figures.question import Question
from stock.models import Figure, FigureSet, WeekFigure
from stock.queries.terms import terms_on
from stock.rules.written_terms import terms_from, values_of
from stock.services.figure_sets import (
    has_moved,
    is_asked_anew,
    ledger_seen,
    mark_failed,
    put_in_place,
)
from stock.states import FigureSetState

if TYPE_CHECKING:
    import pandas as pd

LOT = "stock.tasks.reckon_styles"
# So many lots one worker does by itself, all at once.
FEW_LOTS = 2
PAUSE_SECONDS = 0.5
MOST_TIMES = 3


class LotFailed(Exception):
    """A lot of a set ended in an error: the set cannot be whole."""


class LedgerMoved(Refused):
    """The ledger changed while a set was made of it."""

    messages = {
        "moved": _(
            "The stock ledger changed while these figures were reckoned. Ask for them again."
        )
    }


def question_of(figures: FigureSet) -> Question:
    """What a set was asked for, by the limits that held when it was."""
    return Question(
        as_of=figures.as_of,
        terms=terms_from(figures.values),
        from_on=figures.from_on,
        counts_gifts=figures.counts_gifts,
    )


def make(work: Work) -> None:
    """Do the job of a set. A set that is ready, or gone, is left as it is."""
    figures = FigureSet.objects.filter(pk=work.job.params["set"]).first()
    if figures is None or figures.state == FigureSetState.READY:
        return
    try:
        _until_still(figures, lambda: _make_once(work, figures))
    except TakenOver:
        raise
    except Exception:
        mark_failed(figures)
        raise
    work.job.result = {"set": figures.pk}


def make_now(
    *, as_of: date, is_standing: bool = True, from_on: date | None = None,
    now: datetime | None = None,
) -> FigureSet:  # fmt: skip
    """A set made here and now, without a job: for the demonstration and the command line."""
    terms = terms_on(as_of)
    figures = FigureSet.objects.create(
        as_of=as_of,
        from_on=from_on,
        counts_gifts=terms.counts_gifts,
        is_standing=is_standing,
        values=values_of(terms),
    )
    _until_still(figures, lambda: _make_alone(figures, now=now))
    return figures


def _until_still(figures: FigureSet, make_once: Callable[[], None]) -> None:
    """Make a set, anew where the ledger changed meanwhile, unless another is made in its place.

    Raises LedgerMoved when it never stood still.
    """
    for _time in range(MOST_TIMES - 1):
        try:
            return make_once()
        except LedgerMoved:
            if is_asked_anew(figures):
                # Nobody misses it: by night it is not asked for again.
                FigureSet.objects.filter(pk=figures.pk).update(is_standing=False)
                raise
    return make_once()


def _make_once(work: Work, figures: FigureSet) -> None:
    from stock.figures.bulk.parts import lots

    seen: Sequence[str] = ledger_seen(figures)
    parted = lots()
    if len(parted) <= FEW_LOTS:
        return _make_alone(figures, work=work)
    seen = _share(work, figures, parted, seen=seen)
    try:
        return finish(figures, seen=seen, work=work)
    except LedgerMoved:
        _forget_lots(work.job)
        raise


def _make_alone(
    figures: FigureSet, *, work: Work | None = None, now: datetime | None = None
) -> None:
    from stock.figures.bulk import parts

    seen = ledger_seen(figures)
    frame = parts.reckon(question_of(figures))
    finish(figures, seen=seen, frame=frame, work=work, now=now)


@transaction.atomic
def finish(
    figures: FigureSet, *, seen: Sequence[str], frame: "pd.DataFrame | None" = None,
    work: Work | None = None, now: datetime | None = None,
) -> None:  # fmt: skip
    """The rest of a set, and the set in place: all of it seen at once, or none.

    `frame` are its rows; None where lots have written them. Raises LedgerMoved where something
    changed after `seen`, and TakenOver.
    """
    from stock.figures.bulk import keeping, week_rows

    # What one worker did alone is small: it is whole before anybody takes it for dead.
    beat = work.beat if work is not None and frame is None else lambda: None
    beat()
    if frame is None:
        keeping.write_classes(figures, terms=question_of(figures).terms)
    else:
        Figure.objects.filter(set=figures).delete()
        if len(frame):
            keeping.write(figures, frame)
    beat()
    WeekFigure.objects.filter(set=figures).delete()
    week_rows.write_weeks(figures)
    beat()
    if work is not None and not jobs.mine(work.job).exists():
        raise TakenOver
    if has_moved(figures, since=seen):
        raise LedgerMoved.because("moved")
    figures.seen = list(seen)
    put_in_place(figures, now=now or timezone.now())


def _share(
    work: Work, figures: FigureSet, parted: Sequence[Sequence[int]], *, seen: Sequence[str]
) -> Sequence[str]:
    """See to it that every lot is reckoned, here or elsewhere; which changes were seen before they
    were cut. Raises LotFailed and TakenOver.
    """
    keys, seen = _lots_of(work.job, figures, parted, seen=seen)
    while True:
        states = dict(Job.objects.filter(pk__in=keys).values_list("pk", "state"))
        done = [key for key in keys if states[key] == JobState.DONE]
        work.advance(len(done), len(keys))
        if len(done) == len(keys):
            return seen
        if JobState.FAILED in states.values():
            raise LotFailed(figures.pk)
        if not any(reckon_styles(key) for key in keys if states[key] != JobState.DONE):
            time.sleep(PAUSE_SECONDS)


@transaction.atomic
def _lots_of(
    job: Job, figures: FigureSet, parted: Sequence[Sequence[int]], *, seen: Sequence[str]
) -> tuple[Sequence[int], Sequence[str]]:
    """The jobs of a set's lots, and which changes were seen before they were cut; made once:
    whoever takes the set up goes on with them.
    """
    kept = jobs.mine(job).select_for_update().values_list("params", flat=True).first()
    if kept is None:
        raise TakenOver
    if "lots" not in kept:
        by = system_account()
        keys = [
            jobs.ask(kind=LOT, by=by, params={"set": figures.pk, "styles": list(styles)}).pk
            for styles in parted
        ]
        kept |= {"lots": keys, "seen": list(seen)}
        jobs.mine(job).update(params=kept)
    return kept["lots"], kept["seen"]


@transaction.atomic
def _forget_lots(job: Job) -> None:
    """Whoever makes the set parts it anew."""
    kept = jobs.mine(job).select_for_update().values_list("params", flat=True).first()
    if kept is None:
        raise TakenOver
    jobs.mine(job).update(params={"set": kept["set"]})


def reckon_styles(job_id: int) -> bool:
    """Do the job of one lot; whether it was there to be done."""
    with jobs.working(job_id) as work:
        if work is None:
            return False
        figures = FigureSet.objects.filter(pk=work.job.params["set"]).first()
        if figures is not None and figures.state == FigureSetState.MAKING:
            _write_lot(work, figures)
    return True


def _write_lot(work: Work, figures: FigureSet) -> None:
    from stock.figures.bulk import keeping, parts

    styles = work.job.params["styles"]
    frame = keeping.without_classes(parts.reckon_lot(question_of(figures), styles))
    with transaction.atomic():
        Figure.objects.filter(set=figures, style__in=styles).delete()
        keeping.write(figures, frame)
        if not jobs.mine(work.job).exists():
            raise TakenOver
