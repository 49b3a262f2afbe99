"""Reviewing filings (FIL-28): pending ones protect; a rejection voids from the start."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services import audit
from customers.models import Attachment, Customer
from filings.models import Filing
from filings.services.entering import OpenBook, moment
from filings.states import CrossState, EventKind, ReviewState
from staff.models import Person

WAITING = (ReviewState.PENDING, ReviewState.PROOF)


class FilingNotReviewed(Refused):
    """A filing was not reviewed as asked."""

    messages = {
        "reviewed_already": _("Somebody has reviewed this filing already."),
        "note_missing": _("Say why, or what is to be proved."),
        "own_filing": _("Nobody reviews the own filing."),
        "proof_missing": _("Attach the proof."),
        "not_asked": _("No proof is asked for."),
        "cross_decided": _("This filing across regions is decided already."),
    }


def _claim(filing: Filing, **values: object) -> None:
    """Write the review where it still waits. Raises FilingNotReviewed."""
    claimed = Filing.objects.filter(pk=filing.pk, review_state__in=WAITING).update(**values)
    if not claimed:
        raise FilingNotReviewed.because("reviewed_already")


def _check(filing: Filing, by: Person) -> None:
    if by.pk in (filing.filer_id, filing.holder_id, filing.by_id):
        raise FilingNotReviewed.because("own_filing")


@transaction.atomic
def approve(*, filing: Filing, by: Person, note: str = "", now: datetime | None = None) -> None:
    """The filing is in order; its clocks go on as they were. Raises FilingNotReviewed."""
    _check(filing, by)
    at = moment(now)
    _claim(
        filing, review_state=ReviewState.APPROVED, reviewed_at=at, reviewed_by=by,
        review_note=note.strip()[:200],
    )  # fmt: skip
    audit.record(verb="approve_filing", of=filing, by=by, reason=note)


@transaction.atomic
def demand_proof(*, filing: Filing, note: str, by: Person, now: datetime | None = None) -> None:
    """Ask the filer to prove something; meanwhile the filing protects. Raises FilingNotReviewed."""
    _check(filing, by)
    if not note.strip():
        raise FilingNotReviewed.because("note_missing")
    _claim(filing, review_state=ReviewState.PROOF, review_note=note.strip()[:200])
    audit.record(verb="demand_proof", of=filing, by=by, reason=note)


@transaction.atomic
def give_proof(*, filing: Filing, proof: Attachment, by: Person) -> None:
    """The filer proves it; the filing waits for its review again. Raises FilingNotReviewed."""
    given = Filing.objects.filter(pk=filing.pk, review_state=ReviewState.PROOF).update(
        review_state=ReviewState.PENDING, proof=proof
    )
    if not given:
        raise FilingNotReviewed.because("not_asked")
    audit.record(verb="give_proof", of=filing, by=by, attachment=proof.pk)


@transaction.atomic
def reject(*, filing: Filing, note: str, by: Person, now: datetime | None = None) -> None:
    """Void from the start, its slot free; refusals made meanwhile stand (FIL-28).

    Raises FilingNotReviewed.
    """
    _check(filing, by)
    if not note.strip():
        raise FilingNotReviewed.because("note_missing")
    held = Customer.objects.select_for_update(of=("self",), no_key=True)
    customer = held.select_related("store", "owner").get(pk=filing.customer_id)
    at = moment(now)
    _claim(
        filing, review_state=ReviewState.REJECTED, reviewed_at=at, reviewed_by=by,
        review_note=note.strip()[:200],
    )  # fmt: skip
    OpenBook(customer).enter(
        EventKind.REVIEWED, at=at, by=by, person=filing.holder, filing=filing,
        project=filing.project,
    )  # fmt: skip
    audit.record(verb="reject_filing", of=filing, by=by, reason=note)


@transaction.atomic
def decide_cross_region(
    *, filing: Filing, is_approved: bool, by: Person, note: str = "", now: datetime | None = None
) -> None:
    """Operations say whether a lead may be filed across regions (XRG-02, XRG-03).

    Approved, the draft becomes a filing when `complete_drafts` is called. Raises FilingNotReviewed.
    """
    if not is_approved and not note.strip():
        raise FilingNotReviewed.because("note_missing")
    decided = Filing.objects.filter(pk=filing.pk, cross_state=CrossState.ASKED).update(
        cross_state=CrossState.APPROVED if is_approved else CrossState.REFUSED,
        review_note=note.strip()[:200],
    )
    if not decided:
        raise FilingNotReviewed.because("cross_decided")
    audit.record(verb="decide_cross_region", of=filing, by=by, reason=note, is_approved=is_approved)
