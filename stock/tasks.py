"""Background work of stock."""

from celery import shared_task
from django.utils import timezone

from core.services.jobs import working
from stock.lists.board_sheet import make_board_file
from stock.services import figure_making
from stock.services.figure_sets import keep_up


@shared_task
def make_figures(job_id: int) -> None:
    """Make one set of figures."""
    with working(job_id) as work:
        if work is not None:
            figure_making.make(work)


@shared_task
def reckon_styles(job_id: int) -> None:
    """Reckon one lot of styles of a set, with all their stores."""
    figure_making.reckon_styles(job_id)


@shared_task
def keep_figures() -> None:
    """Each hour: the standing set is of today, and old sets go."""
    keep_up(now=timezone.now())


@shared_task
def export_board(job_id: int) -> None:
    """Make the sheet of a long board."""
    with working(job_id) as work:
        if work is not None:
            work.job.result = make_board_file(work)
