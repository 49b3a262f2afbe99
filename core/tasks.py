"""Background entry points of the ground floor."""

from celery import shared_task
from django.utils import timezone

from core.services import jobs


@shared_task
def take_up_waiting_jobs() -> None:
    """Each minute: jobs that wait, or whose worker died, are taken up."""
    jobs.take_up_waiting(now=timezone.now())


@shared_task
def remove_expired_files() -> None:
    """Each hour: uploads, previews and error sheets whose time is over are emptied."""
    jobs.empty_expired_files(now=timezone.now())
