"""Background entry points of the customers room."""

from celery import shared_task
from django.utils import timezone

from core.models import Heartbeat
from core.services import heartbeats
from customers.services import dispatch, propose_grades
from customers.services.chances import reckon_chances_of_today


@shared_task
def hand_out_leads() -> None:
    """Each minute: inquiries that nobody holds are offered to the next person."""
    dispatch.sweep(now=timezone.now())


@shared_task
def propose_grades_of_the_day() -> None:
    """Each minute: the first time on a day, everybody's grade is held against the rules.

    Months pass and figures come into force by the day; what people do is looked at as they do it.
    100,000 customers take some ten seconds in batches of 2,000; every other minute one row is read.
    """
    now = timezone.now()
    last = Heartbeat.objects.filter(part="grades").values_list("at", flat=True).first()
    if last is None or timezone.localdate(last) < timezone.localdate(now):
        propose_grades(customers=None, now=now)
        heartbeats.beat("grades", now=now)


@shared_task
def reckon_chances() -> None:
    """Each hour: the first time on a day, the chances of the stages are reckoned anew."""
    reckon_chances_of_today(now=timezone.now())
