"""Reviewing filings (FIL-28): pending ones protect; a rejection voids from the start."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services import audit
from customers.models import Attachment
from filings.models import Filing
from filings.queries import terms_of
from filings.queries.deciders import concerned_by
from filings.services import decision_news as news
from filings.services.admission import review_due
from filings.services.entering import OpenBook, hold_filing, moment
from filings.services.freeing import tell_free
from filings.states import UNREVIEWED, CrossState, EventKind, ReviewState
from staff.models import Person


class FilingNotReviewed(Refused):
    """A filing was not reviewed as asked."""

    messages = {
        "reviewed_already": _("Somebody has reviewed this filing already."),
        "note_missing": _("Say why, or what is to be proved."),
        "own_filing": _("Nobody reviews the own filing."),
        "is_party": _(
            "You have filed this customer, too. Somebody above you decides about this filing."
        ),
        "proof_missing": _("Attach the proof."),
        "not_asked": _("No proof is asked for."),
        "cross_decided": _("This filing across regions is decided already."),
        "cross_without_proof": _(
            "No proof of the reason is attached. Refuse, and say what is to be shown."
        ),
        "is_withdrawn": _("This filing was taken back. There is nothing to review any more."),
        "has_deal": _(
            "A deposit has been credited to this filing. Bring it before the operations manager "
            "as a dispute instead."
        ),
    }


def _claim(filing: Filing, **values: object) -> None:
    """Write the review where it still waits. Raises FilingNotReviewed."""
    waiting = Filing.objects.filter(pk=filing.pk, review_state__in=UNREVIEWED)
    if waiting.filter(withdrawn="").update(**values):
        return
    is_waiting = waiting.exists()
    raise FilingNotReviewed.because("is_withdrawn" if is_waiting else "reviewed_already")


def _check(filing: Filing, by: Person) -> None:
    if by.pk in (filing.filer_id, filing.holder_id, filing.by_id):
        raise FilingNotReviewed.because("own_filing")
    if by.pk in concerned_by(filing):
        raise FilingNotReviewed.because("is_party")


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
    news.tell_reviewed(filing, is_approved=True, by=by, now=at)


@dataclass(frozen=True, kw_only=True)
class Approved:
    """What became of several filings approved at once: how many, and which were not, and why."""

    count: int
    refused: Sequence[tuple[Filing, FilingNotReviewed]]


def approve_all(*, filings: Iterable[Filing], by: Person, now: datetime | None = None) -> Approved:
    """Approve each of these; one that cannot be stops none of the others."""
    count, refused = 0, []
    for filing in filings:
        try:
            approve(filing=filing, by=by, now=now)
        except FilingNotReviewed as refusal:
            refused.append((filing, refusal))
        else:
            count += 1
    return Approved(count=count, refused=refused)


@transaction.atomic
def demand_proof(*, filing: Filing, note: str, by: Person, now: datetime | None = None) -> None:
    """Ask the filer to prove something; meanwhile the filing protects, but not for ever: a proof
    that is not given in time is reported up. Raises FilingNotReviewed.
    """
    _check(filing, by)
    if not note.strip():
        raise FilingNotReviewed.because("note_missing")
    at = moment(now)
    due_at = review_due(filing.store, terms=terms_of(filing.policy), now=at)
    _claim(
        filing, review_state=ReviewState.PROOF, review_note=note.strip()[:200],
        review_due_at=due_at, escalated_at=None,
    )  # fmt: skip
    audit.record(verb="demand_proof", of=filing, by=by, reason=note)
    news.tell_proof_demanded(filing, by=by, now=at)


@transaction.atomic
def give_proof(
    *, filing: Filing, proof: Attachment, by: Person, now: datetime | None = None
) -> None:
    """The filer proves it; the filing waits for its review again, with a time of its own.

    Whose proof it may be is the caller's concern. Raises FilingNotReviewed.
    """
    at = moment(now)
    due_at = review_due(filing.store, terms=terms_of(filing.policy), now=at)
    asked = Filing.objects.filter(pk=filing.pk, review_state=ReviewState.PROOF, withdrawn="")
    given = asked.update(
        review_state=ReviewState.PENDING, proof=proof, review_due_at=due_at, escalated_at=None
    )
    if not given:
        raise FilingNotReviewed.because("not_asked")
    audit.record(verb="give_proof", of=filing, by=by, attachment=proof.pk)
    news.tell_proof_given(filing, by=by, now=at)


@transaction.atomic
def reject(*, filing: Filing, note: str, by: Person, now: datetime | None = None) -> None:
    """Void from the start, its slot free; refusals made meanwhile stand (FIL-28).

    Raises FilingNotReviewed.
    """
    _check(filing, by)
    if not note.strip():
        raise FilingNotReviewed.because("note_missing")
    filing, customer = hold_filing(filing)
    at = moment(now)
    if filing.deals.filter(undone_at=None).exists():
        raise FilingNotReviewed.because("has_deal")
    _claim(
        filing, review_state=ReviewState.REJECTED, reviewed_at=at, reviewed_by=by,
        review_note=note.strip()[:200],
    )  # fmt: skip
    event = OpenBook(customer).enter_of(filing, EventKind.REVIEWED, at=at, by=by)
    audit.record(verb="reject_filing", of=filing, by=by, reason=note)
    news.tell_reviewed(filing, is_approved=False, by=by, now=at)
    tell_free(customer=customer, now=event.at)


@transaction.atomic
def decide_cross_region(
    *, filing: Filing, is_approved: bool, by: Person, note: str = "", now: datetime | None = None
) -> None:
    """Operations say whether a lead may be filed across regions (XRG-02, XRG-03).

    Approved, the draft becomes a filing when `complete_drafts` is called. Raises FilingNotReviewed.
    """
    _check(filing, by)
    if not is_approved and not note.strip():
        raise FilingNotReviewed.because("note_missing")
    at = moment(now)
    asked = Filing.objects.filter(pk=filing.pk, cross_state=CrossState.ASKED)
    if is_approved and asked.filter(proof=None).exists():
        raise FilingNotReviewed.because("cross_without_proof")
    decided = asked.update(
        cross_state=CrossState.APPROVED if is_approved else CrossState.REFUSED,
        review_note=note.strip()[:200],
    )
    if not decided:
        raise FilingNotReviewed.because("cross_decided")
    audit.record(verb="decide_cross_region", of=filing, by=by, reason=note, is_approved=is_approved)
    news.tell_cross_decided(filing, is_approved=is_approved, by=by, now=at)
