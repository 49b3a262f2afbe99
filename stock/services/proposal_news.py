"""Telling who proposed something for goods what became of it."""

from datetime import datetime

from django.urls import reverse

from staff.models import Person
from staff.services.notices import Telling, tell_many
from staff.states import NoticeKind
from stock.models import Proposal


def tell_decided(proposal: Proposal, *, is_approved: bool, by: Person, now: datetime) -> None:
    """Tell the proposer that it was approved or declined, by whom."""
    said = "approved_style" if is_approved else "declined_style"
    told = Telling(
        person_id=proposal.proposed_by_id,
        kind=NoticeKind.PROPOSAL_DECIDED,
        key=f"goods-proposal:{proposal.pk}",
        params={"by": by.name, said: proposal.style.number},
        path=reverse("stock:proposal", args=[proposal.pk]),
    )
    tell_many([told], now=now)
