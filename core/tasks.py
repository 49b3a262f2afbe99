"""Background entry points of the ground floor."""

from celery import shared_task
from django.utils import timezone

from core.services import jobs


@shared_task
def take_up_waiting_jobs() -> None:
    """Each minute: jobs that wait, or whose worker died, are taken up."""
    jobs.take_up_waiting(now=timezone.now())
