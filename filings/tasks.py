"""Background entry points of lead filing."""

from celery import shared_task
from django.utils import timezone

from core.services.jobs import working
from filings.services.late_doubts import open_late_doubts
from filings.services.late_questions import report_late_questions
from filings.services.review_clock import escalate_reviews
from filings.services.sealing import seal_days
from filings.services.sweeping import sweep
from filings.services.what_if import do_what_if


@shared_task
def report_late_reviews() -> None:
    """Each minute: filings that nobody reviewed in time are reported up, once.

    So are further projects that nobody has looked at.
    """
    escalate_reviews(now=timezone.now())
    report_late_questions(now=timezone.now())


@shared_task
def sweep_filings() -> None:
    """Each minute: what the clocks of filings have done is noted and told, once.

    So is what was suspected of a buyer after the deal.
    """
    sweep(now=timezone.now())
    open_late_doubts(now=timezone.now())


@shared_task
def seal_rulings() -> None:
    """Each hour: the rulings of every day that is over are sealed, once."""
    seal_days(now=timezone.now())


@shared_task
def replay_what_if(job_id: int) -> None:
    """Replay a period under other rules of filing."""
    with working(job_id) as work:
        if work is not None:
            do_what_if(work)
