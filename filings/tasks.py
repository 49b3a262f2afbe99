"""Background entry points of lead filing."""

from celery import shared_task
from django.utils import timezone

from filings.services.review_clock import escalate_reviews
from filings.services.sweeping import sweep


@shared_task
def report_late_reviews() -> None:
    """Each minute: filings that nobody reviewed in time are reported up, once."""
    escalate_reviews(now=timezone.now())


@shared_task
def sweep_filings() -> None:
    """Each minute: what the clocks of filings have done is noted and told, once."""
    sweep(now=timezone.now())
