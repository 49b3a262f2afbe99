"""`manage.py translations`: bring the Chinese catalogue in line with the code and compile it."""

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Bring the Chinese catalogue in line with the code, compile it, name what is missing."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options) -> None:
        from crm import translations  # Babel is there in development only

        for text in translations.bring_in_line():
            self.stdout.write(f"not translated: {text!r}")
