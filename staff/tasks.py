"""Background entry points of the staff room."""

from celery import shared_task
from django.utils import timezone

from core.services import jobs
from staff import services
from staff.services import outgoing


@shared_task
def send_reset_link(job_id: int) -> None:
    """Mail the link that somebody asked for; asked twice, one mail at most is sent."""
    with jobs.working(job_id) as work:
        if work:
            services.send_reset_link(person_id=work.job.params["person"], now=timezone.now())


@shared_task
def send_outgoing() -> None:
    """Each minute, and after each new message: what is due leaves the building."""
    outgoing.send_due()
