"""Background work of the desk."""

from celery import shared_task

from core.services.jobs import working
from desk.exporting import make_customer_file


@shared_task
def export_customers(job_id: int) -> None:
    """Make the file of a long customer list."""
    with working(job_id) as work:
        if work is not None:
            work.job.result = make_customer_file(work.job)
