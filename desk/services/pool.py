"""Taking a customer from the pool (公海领取): a normal filing, and who files keeps them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import database_now
from core.refusals import Refused
from customers.models import Customer, Project
from customers.states import Grade
from desk.services.filing import Claim, file_for
from filings.models import Filing
from filings.queries.pool import pool
from filings.services import missing_to_file
from filings.wording import elements_text
from followups import services as followups
from followups.services.holding import hold_one
from staff.models import Person


class NotTaken(Refused):
    """A customer was not taken from the pool; nothing was written."""

    messages = {
        "not_free": gettext_lazy("This customer is not in the pool any more."),
        "incomplete": gettext_lazy(
            "%(missing)s is missing on this card, so it cannot be filed. Ask your manager to give "
            "you the customer, and complete the card."
        ),
    }


def _project_to_file(customer: Customer) -> Project | None:
    """What was held last; else the first thing that the customer wants."""
    held = Filing.objects.filter(
        customer=customer, invalid="", withdrawn="", project__joined_to=None
    )
    last = held.exclude(protected_until=None).order_by("-protected_until", "-pk").first()
    return last.project if last else customer.projects.filter(joined_to=None).order_by("pk").first()


@transaction.atomic
def take_from_pool(*, customer: Customer, by: Person) -> Filing:
    """File a free customer for `by`, from this moment on, and let them keep the card (PUL-01).

    The answer may be a filing that the rules refused (`invalid`), as any other: then the card
    stays where it is. Raises NotTaken, LeadNotFiled.
    """
    customer = hold_one(customer)
    at = database_now()
    is_free = pool(now=at, day=timezone.localdate(at)).filter(pk=customer.pk).exists()
    project = _project_to_file(customer)
    if not is_free or project is None:
        raise NotTaken.because("not_free")

    claim = Claim(project=project, acquired_at=at, is_from_pool=True)
    filing = file_for(customer=customer, claim=claim, filer=by, by=by, now=at)
    if filing.submitted_at is None:
        missing = elements_text(missing_to_file(filing, customer))
        raise NotTaken.because("incomplete", missing=missing)
    if not filing.invalid:
        _give(customer, by=by, now=at)
    return filing


def _give(customer: Customer, *, by: Person, now: datetime) -> None:
    """Who filed them keeps them, also where nobody ever filed them and their keeper gave them up;
    somebody given up is a prospect again (GRD-08).
    """
    reason = _("Taken from the pool.")
    customer.refresh_from_db(fields=["owner"])
    if customer.owner_id != by.pk:
        followups.reassign(customers=[customer.pk], keeper=by, by=by, now=now, reason=reason)
    if customer.grade == Grade.D:
        fresh = Customer.objects.get(pk=customer.pk)
        followups.regrade(customer=fresh, grade=Grade.C2, by=by, now=now, reason=reason)
