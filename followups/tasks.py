"""Background entry points of follow-up."""

from celery import shared_task
from django.utils import timezone

from core.services import heartbeats
from followups.services import engine


@shared_task
def ask_what_is_due() -> None:
    """Each minute: ask the rows what falls due, and say that beat and worker are alive."""
    engine.ask(now=timezone.now())
    heartbeats.beat("engine", now=timezone.now())
