"""What people write behind the commands."""

from datetime import datetime

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime


def moment_at(text: str) -> datetime:
    """The time behind `--at`, in ISO 8601; without an offset it is the company's zone."""
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None:
        raise CommandError(f"--at {text} is not a time such as 2026-03-05T08:00:00+08:00.")
    return at if timezone.is_aware(at) else timezone.make_aware(at)
