"""`manage.py verify`: hold stored state against the rules; exit 1 and a list where they differ."""

import json
import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from crm.verification import verify


class Command(BaseCommand):
    help = "Hold stored state against the rules; prints JSON, exits 1 where they differ."

    def handle(self, *args, **options) -> None:
        verified = verify(now=timezone.now())
        self.stdout.write(json.dumps(verified.as_json(), ensure_ascii=False, indent=1))
        if not verified.is_clean:
            sys.exit(1)
