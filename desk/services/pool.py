"""Taking a customer from the pool (公海领取): a normal filing, and who files keeps them."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import database_now
from core.refusals import Refused
from customers.models import Customer, Project
from customers.services.pictures import Picture
from customers.states import Grade
from filings.models import Filing
from filings.queries import lies_elsewhere
from filings.queries.pool import first_project, held_last, pool
from filings.services import missing_to_file
from filings.states import CrossReason
from filings.wording import elements_text
from followups import services as followups
from followups.services.claims import Claim, file_for
from followups.services.holding import hold_one
from staff.models import Person


class NotTaken(Refused):
    """A customer was not taken from the pool; nothing was written."""

    messages = {
        "other_trade": gettext_lazy(
            "This customer belongs to another trade. People of that trade may take them."
        ),
        "other_region": gettext_lazy(
            "This customer's home lies in another region. Say why you file it from here, with a "
            "proof: operations decide."
        ),
        "not_free": gettext_lazy("This customer is not in the pool any more."),
        "incomplete": gettext_lazy(
            "%(missing)s is missing on this card, so it cannot be filed. Ask your manager to give "
            "you the customer, and complete the card."
        ),
    }


def _project_to_file(customer: Customer) -> Project | None:
    """What was held last; else the first thing that the customer wants."""
    last = held_last(customer.pk).select_related("project").first()
    return last.project if last else first_project(customer.pk).first()


@dataclass(frozen=True, kw_only=True)
class Abroad:
    """Why a customer of another region is to be filed from here (XRG-03), and its proof."""

    reason: CrossReason | str
    proof: Picture


@transaction.atomic
def take_from_pool(*, customer: Customer, by: Person, abroad: Abroad | None = None) -> Filing:
    """File a free customer for `by`, from this moment on, and let them keep the card (PUL-01).

    The answer may be a filing that the rules refused (`invalid`), as any other: then the card
    stays where it is. A customer of another region is asked for (`abroad`): the answer is a draft,
    and operations decide; nothing is held against whoever did not know. Raises NotTaken,
    LeadNotFiled.
    """
    customer = hold_one(customer)
    at = database_now()
    is_free = pool(now=at, day=timezone.localdate(at)).filter(pk=customer.pk).exists()
    project = _project_to_file(customer)
    if not is_free or project is None:
        raise NotTaken.because("not_free")
    if by.store is not None and by.store.trade != customer.store.trade:
        raise NotTaken.because("other_trade")
    if by.store is None or not lies_elsewhere(
        project.address or customer.address, store=by.store, home=customer.store
    ):
        abroad = None
    elif abroad is None:
        raise NotTaken.because("other_region")

    claim = Claim(project=project, acquired_at=at, is_from_pool=True)
    if abroad is not None:
        claim = replace(claim, cross_reason=abroad.reason, proof=abroad.proof)
    filing = file_for(customer=customer, claim=claim, filer=by, by=by, now=at)
    if filing.submitted_at is None:
        if missing := missing_to_file(filing, customer):
            raise NotTaken.because("incomplete", missing=elements_text(missing))
        return filing
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
