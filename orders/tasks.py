"""Background work of orders."""

from celery import shared_task
from django.utils import timezone

from core.services.jobs import working
from orders.lists.ledger_sheets import make_ledger_file
from orders.services.own_orders import owe_looks


@shared_task
def export_ledger(job_id: int) -> None:
    """Make the file of a long order ledger."""
    with working(job_id) as work:
        if work is not None:
            work.job.result = make_ledger_file(work.job)


@shared_task
def owe_looks_at_own_orders() -> None:
    """Each hour: whoever has open orders owes this week's look through them, once."""
    owe_looks(now=timezone.now())
