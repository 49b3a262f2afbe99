"""Background work of the desk."""

from celery import shared_task

from core.services.jobs import working
from desk.exporting import make_customer_file
from desk.imports import work as imports


@shared_task
def export_customers(job_id: int) -> None:
    """Make the file of a long customer list."""
    with working(job_id) as work:
        if work is not None:
            work.job.result = make_customer_file(work.job)


@shared_task
def preview_customers(job_id: int) -> None:
    """Read a customer sheet and say what would become of each row."""
    imports.do_look(job_id)


@shared_task
def import_customers(job_id: int) -> None:
    """Bring in the customers of a sheet that somebody has looked at."""
    imports.do_write(job_id)
