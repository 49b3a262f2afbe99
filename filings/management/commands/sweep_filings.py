"""`manage.py sweep_filings [--at ISO] [--confirm]`: ask the clocks of filings by hand."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.arguments import moment_at
from filings.services.sweeping import sweep


class Command(BaseCommand):
    help = "Note what the clocks of filings have done, and print as JSON what was found."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--at", type=moment_at, help="as if it were this time (ISO 8601)")
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
