"""`manage.py generate_tasks [--at ISO] [--horizon DAYS]`: ask the engine by hand."""

import json
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.arguments import moment_at
from followups.services import engine


class Command(BaseCommand):
    help = "Make the follow-ups that fall due, and print as JSON what was made."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--at", type=moment_at, help="as if it were this time (ISO 8601)")
        parser.add_argument("--horizon", type=int, help="days ahead")

    def handle(self, *args, **options) -> None:
        days = options["horizon"] if options["horizon"] is not None else None
        if days is not None and not 0 <= days <= 3650:
            raise CommandError("--horizon must be between 0 and 3650 days.")
        horizon = timedelta(days=settings.FOLLOW_UP_HORIZON_DAYS if days is None else days)
        asked = engine.ask(now=options["at"] or timezone.now(), horizon=horizon)
        self.stdout.write(json.dumps(asked.as_json(), ensure_ascii=False))
