"""`manage.py demo [--customers N] [--styles N] [--if-empty]`: a lifelike data set to try out."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.demo import DemoRefused, logins, make_demo
from crm.demo.making import SEED, is_demo, is_empty
from crm.demo.shoe_house import STORES
from crm.demo.shoe_styles import STYLES


class Command(BaseCommand):
    help = "Fill an empty database with a lifelike company and print who can sign in."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--customers", type=int, default=settings.DEMO_CUSTOMERS,
                            help="how many customers")  # fmt: skip
        parser.add_argument("--seed", type=int, default=SEED, help="another one, other customers")
        parser.add_argument("--styles", type=int, default=STYLES, help="how many styles of shoes")
        parser.add_argument("--shoe-stores", type=int, default=STORES,
                            help="how many stores sell them")  # fmt: skip
        parser.add_argument(
            "--if-empty", action="store_true", help="make nothing where anybody works already"
        )

    def handle(self, *args, **options) -> None:
        if options["if_empty"] and not is_empty():
            # A second start of the demonstration: who can sign in is worth saying again.
            if is_demo():
                self.stdout.write(logins())
            return
        try:
            make_demo(
                customers=options["customers"],
                seed=options["seed"],
                now=timezone.now(),
                styles=options["styles"],
                shoe_stores=options["shoe_stores"],
            )
        except DemoRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(logins())
