"""Approving a filing across regions, with who keeps and sees the customer from then on (XRG-03)."""

from datetime import datetime

from django.db import transaction

from core.clock import database_now
from filings.models import Filing
from filings.services.reviews import decide_cross_region
from followups import services as followups
from followups.services.claims import complete_drafts
from staff.models import Person


@transaction.atomic
def approve_across_regions(*, filing: Filing, by: Person, now: datetime | None = None) -> Filing:
    """Approve it; the draft becomes a filing at this moment, if it lacks nothing (FIL-09).

    Answers with the filing as it stands now: admitted, refused by another rule, or still a draft.
    Raises FilingNotReviewed.
    """
    held = followups.hold_one(filing.customer)
    at = now or database_now()
    decide_cross_region(filing=filing, is_approved=True, by=by, now=at)
    complete_drafts(customer=held, by=by, now=at)
    filing.refresh_from_db()
    return filing
