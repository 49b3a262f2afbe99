"""`manage.py sweep_filings [--at ISO] [--confirm]`: ask the clocks of filings by hand."""

import json
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from filings.services.sweeping import sweep


def _moment(text: str) -> datetime:
    """An ISO time; without an offset it is the company's zone."""
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None:
        raise CommandError(f"--at {text} is not a time such as 2026-03-05T00:00:00+08:00.")
    return at if timezone.is_aware(at) else timezone.make_aware(at)


class Command(BaseCommand):
    help = "Note what the clocks of filings have done, and print as JSON what was found."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--at", type=_moment, help="as if it were this time (ISO 8601)")
        parser.add_argument(
            "--confirm", action="store_true", help="the clock is right: let many lapse at once"
        )

    def handle(self, *args, **options) -> None:
        swept = sweep(now=options["at"] or timezone.now(), is_confirmed=options["confirm"])
        self.stdout.write(json.dumps(swept.as_json(), ensure_ascii=False))
        if swept.is_stopped:
            raise CommandError(
                "Stopped: more filings than usual would lapse at once. See whether the clock is "
                "right, then run this with --confirm."
            )
