"""`manage.py generate_tasks [--at ISO] [--horizon DAYS]`: ask the engine by hand."""

import json
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from followups.services import engine


def _moment(text: str) -> datetime:
    """An ISO time; without an offset it is the company's zone."""
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None:
        raise CommandError(f"--at {text} is not a time such as 2026-03-05T08:00:00+08:00.")
    return at if timezone.is_aware(at) else timezone.make_aware(at)


class Command(BaseCommand):
    help = "Make the follow-ups that fall due, and print as JSON what was made."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--at", type=_moment, help="as if it were this time (ISO 8601)")
        parser.add_argument("--horizon", type=int, help="days ahead")

    def handle(self, *args, **options) -> None:
        days = options["horizon"] if options["horizon"] is not None else None
        if days is not None and not 0 <= days <= 3650:
            raise CommandError("--horizon must be between 0 and 3650 days.")
        horizon = timedelta(days=settings.FOLLOW_UP_HORIZON_DAYS if days is None else days)
        asked = engine.ask(now=options["at"] or timezone.now(), horizon=horizon)
        self.stdout.write(json.dumps(asked.as_json(), ensure_ascii=False))
