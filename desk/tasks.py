"""Background work of the desk."""

from celery import shared_task
from django.utils import timezone

from core.services.jobs import working
from desk import lead_jobs
from desk.exporting import make_customer_file
from desk.histories import work as histories
from desk.imports import work as imports
from desk.imports.background import in_the_askers_language
from desk.lead_drop import take_dropped
from desk.order_imports import work as order_imports
from desk.returning import work as returning
from desk.services import complete_ready_drafts
from desk.services.adopting import give_to_holders
from desk.services.bulk_acts import do_act
from desk.services.handing_over import do_hand_over
from desk.services.inviting import do_invite
from desk.services.merging import bring_late
from desk.stock_imports import work as stock_imports


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


@shared_task
def preview_orders(job_id: int) -> None:
    """Read a sheet of orders and say what would become of each."""
    order_imports.do_look(job_id)


@shared_task
def import_orders(job_id: int) -> None:
    """Bring in the orders of a sheet that somebody has looked at."""
    order_imports.do_write(job_id)


@shared_task
def preview_stock(job_id: int) -> None:
    """Read a file of stock and say what would become of each row."""
    stock_imports.do_look(job_id)


@shared_task
def import_stock(job_id: int) -> None:
    """Bring in the stock of a file that somebody has looked at."""
    stock_imports.do_write(job_id)


@shared_task
def act_on_many(job_id: int) -> None:
    """Do one act on many customers, as it was shown."""
    with working(job_id) as work:
        if work is not None:
            do_act(work)


@shared_task
def hand_over(job_id: int) -> None:
    """Move what a leaver had in hand to those who take over."""
    do_hand_over(job_id)


@shared_task
def import_leads(job_id: int) -> None:
    """Take in a sheet of inquiries."""
    lead_jobs.do_import(job_id)


@shared_task
def take_dropped_leads() -> None:
    """Each minute: sheets of inquiries that lie ready in the drop folder are taken in."""
    take_dropped(now=timezone.now())


@shared_task
def preview_history(job_id: int) -> None:
    """Read a workbook of old contacts and say what would become of each row."""
    histories.do_look(job_id)


@shared_task
def import_history(job_id: int) -> None:
    """Bring in the history that somebody has looked at."""
    histories.do_write(job_id)


@shared_task
def write_return(job_id: int) -> None:
    """Write what somebody changed in an exported list."""
    with in_the_askers_language(job_id), working(job_id) as work:
        if work is not None:
            returning.write(work)


@shared_task
def complete_drafts() -> None:
    """Each minute: drafts of filings that lack nothing any more are filed."""
    complete_ready_drafts(now=timezone.now())


@shared_task
def give_leads_to_holders() -> None:
    """Each minute: whom nobody keeps goes to whoever holds the protected lead."""
    give_to_holders(now=timezone.now())


@shared_task
def bring_late_rows() -> None:
    """What was being written on a card while it was merged goes along with it."""
    bring_late(now=timezone.now())


@shared_task
def invite_guests(job_id: int) -> None:
    """Put many customers on a campaign's list, under the guard."""
    with working(job_id) as work:
        if work is not None:
            do_invite(work)
