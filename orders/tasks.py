"""Background work of orders."""

from celery import shared_task

from core.services.jobs import working
from orders.lists.ledger_sheets import make_ledger_file


@shared_task
def export_ledger(job_id: int) -> None:
    """Make the file of a long order ledger."""
    with working(job_id) as work:
        if work is not None:
            work.job.result = make_ledger_file(work.job)
