"""Background entry points of follow-up."""

from celery import shared_task
from django.utils import timezone

from core.services import heartbeats
from followups.services import (
    digests,
    engine,
    escalate_late_cases,
    escalations,
    plan_changes,
)


@shared_task
def ask_what_is_due() -> None:
    """Each minute: ask the rows what falls due, and say that beat and worker are alive."""
    engine.ask(now=timezone.now())
    heartbeats.beat("engine", now=timezone.now())


@shared_task
def report_overdue() -> None:
    """Each minute: what is overdue by more than its step allows is reported up, once."""
    escalations.report_overdue(now=timezone.now())


@shared_task
def report_late_cases() -> None:
    """Each minute: service cases past their clock are reported up, once."""
    escalate_late_cases(now=timezone.now())


@shared_task
def write_digests() -> None:
    """Each minute: whose hour has come gets today's digest, once."""
    digests.write_digests(now=timezone.now())


@shared_task
def rehearse_plan(job_id: int) -> None:
    """Find out what a change of a plan would move."""
    plan_changes.do_look(job_id)


@shared_task
def change_plan(job_id: int) -> None:
    """Write a plan as it was looked at."""
    plan_changes.do_change(job_id)
