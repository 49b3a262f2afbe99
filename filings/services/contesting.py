"""Contesting, evidence, proof, taking back: what sides and deciders do before the ruling."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.phones import mask_in_text
from core.refusals import Refused, refuse_if
from core.services import audit
from customers.models import Attachment, Contact, Customer
from customers.services.attachments import add_attachments
from customers.services.pictures import Picture
from customers.states import AttachmentKind
from filings.models import Deal, Dispute, Evidence, Filing, Party
from filings.queries.judges import blockers_of, decider_of
from filings.rules import Clock, Terms
from filings.services.bench import NotRuled
from filings.services.disputing import open_dispute, tell_parties
from filings.services.entering import hold_customer, moment
from filings.services.judging import today_of
from filings.states import OPEN_DISPUTES, DisputeKind, DisputeState, EvidenceRank
from filings.wording.moments import limit_text
from staff.models import Person
from staff.states import NoticeKind

# Of one person in one dispute; who has more says it in words.
MOST_PIECES = 12
EARLIEST_YEAR = 2000


class NotContested(Refused):
    """A question was not brought before the bench, or evidence not laid before it."""

    messages = {
        "not_a_party": _("Only who filed this customer, or took the deposit, can contest."),
        "reason_missing": _("Say what you contest, and why."),
        "too_late": _(
            "After a deal a claim is raised within %(days)s days. That time ended on %(until)s."
        ),
        "nothing_before": _(
            "After a deal a claim needs a record from before it, and there is none of yours."
        ),
        "ruled_already": _("This has been ruled on. You can appeal on the page of the ruling."),
        "closed": _("This dispute is closed. Nothing can be added to it."),
        "nothing_shown": _("Attach a picture, or say what happened."),
        "time_missing": _("Say which time the picture itself shows."),
        "time_later": _("Evidence cannot be of a time that lies ahead."),
        "time_earlier": _("Evidence cannot be from before the year %(year)s. Look at the date."),
        "too_much": _(
            "Each side brings %(most)s pieces of evidence at most, a picture being one; there is "
            "room for %(left)s."
        ),
        "proof_of_whom": _("Choose one of the parties."),
        "proof_of_what": _("Say what is to be proved."),
        "not_opener": _("Only who opened a dispute takes it back."),
        "deal_waits": _(
            "A deposit was taken meanwhile, and its credit waits for the ruling. It is decided now."
        ),
    }


def contested_deal(
    customer: Customer | int, person: Person, *, filing: Filing | None
) -> Deal | None:
    """The deal that somebody contests: the last that stands of what they filed, or that they made.

    What was sold for another home of the customer is nothing to them.
    """
    own = Q(closer=person)
    if filing is not None:
        own |= Q(project=filing.project.joined_to or filing.project)
    deals = Deal.objects.filter(own, customer=customer, undone_at=None)
    return deals.select_related("project", "customer", "closer").order_by("-at", "-pk").first()


def own_filing(customer: Customer | int, person: Person) -> Filing | None:
    """The filing by which somebody has a claim: admitted rather than refused, the latest."""
    own = Filing.objects.filter(
        Q(filer=person) | Q(holder=person), customer=customer, submitted_at__isnull=False
    )
    others = ("project__joined_to", "policy", "store")
    return own.select_related(*others).order_by("invalid", "-pk").first()


def why_not_contest(
    *, customer: Customer, by: Person, now: datetime | None = None
) -> NotContested | None:
    """Why a claim would be refused before a word is written, or None: late, ruled, nothing before.

    Only for whom `own_filing` or `contested_deal` found to be a side.
    """
    filing = own_filing(customer, by)
    deal = contested_deal(customer, by, filing=filing)
    if deal is None:
        return None
    try:
        _check_claim(deal, filing, by=by, at=moment(now))
    except NotContested as refusal:
        return refusal
    return None


def ruled_dispute(deal: Deal | None, by: Person) -> Dispute | None:
    """Where this person reads the ruling on a deal that was contested, and may appeal."""
    if deal is None:
        return None
    own = Dispute.objects.filter(
        deal=deal, kind=DisputeKind.CONTESTED, state=DisputeState.DECIDED, parties__person=by
    )
    return own.order_by("-pk").first()


@transaction.atomic
def contest(*, customer: Customer, reason: str, by: Person, now: datetime | None = None) -> Dispute:
    """Bring before the bench whose this customer is (ADJ-01, ADJ-03).

    Whoever filed them, admitted or refused, or took the deposit. What stays asked is not asked
    twice: the reason joins the dispute that waits. Raises NotContested.
    """
    customer = hold_customer(customer.pk)
    at = moment(now)
    filing = own_filing(customer, by)
    deal = contested_deal(customer, by, filing=filing)
    is_closer = deal is not None and deal.closer_id == by.pk
    if filing is None and not is_closer:
        raise NotContested.because("not_a_party")
    if not reason.strip():
        raise NotContested.because("reason_missing")
    if deal is not None:
        _check_claim(deal, filing, by=by, at=at)
    project = deal.project if deal else filing.project if filing else None
    dispute = open_dispute(
        kind=DisputeKind.CONTESTED, by=by, at=at, deal=deal, customer=customer, project=project,
        question=reason,
    )  # fmt: skip
    _join(dispute, filing, by=by)
    _write_evidence(dispute, EvidenceRank.STATEMENT, text=reason, by=by, at=at)
    audit.record(verb="contest", of=dispute, by=by, reason=reason, customer=customer.pk)
    return dispute


def _join(dispute: Dispute, filing: Filing | None, *, by: Person) -> None:
    if not dispute.parties.filter(person=by).exists():
        Party.objects.create(dispute=dispute, person=by, filing=filing)


def _check_claim(deal: Deal, filing: Filing | None, *, by: Person, at: datetime) -> None:
    """Within the days of a claim, on what was in the system before the deal (ADJ-03).

    The closer needs nothing of their own: what the filer did or did not is on record.
    """
    ruled = Dispute.objects.filter(
        deal=deal, kind=DisputeKind.CONTESTED, state=DisputeState.DECIDED
    )
    if ruled.exists():
        raise NotContested.because("ruled_already")
    until = claim_ends(deal, filing)
    if at >= until:
        ended = limit_text(until, zone=deal.store.tzinfo)
        raise NotContested.because("too_late", days=_claim_days(deal, filing), until=ended)
    own = Contact.objects.filter(
        Q(by=by) | Q(on_behalf_of=by), customer=deal.customer_id, logged_at__lt=deal.at,
        voided_at=None,
    )  # fmt: skip
    filed_at = filing.submitted_at if filing is not None else None
    is_early = filed_at is not None and filed_at < deal.at
    if by.pk != deal.closer_id and not is_early and not own.exists():
        raise NotContested.because("nothing_before")


def _claim_days(deal: Deal, filing: Filing | None) -> int:
    if filing is not None:
        return filing.policy.claim_days
    ruling = deal.rulings.select_related("policy").order_by("pk").first()
    return ruling.policy.claim_days if ruling else Terms().claim_days


def claim_ends(deal: Deal, filing: Filing | None) -> datetime:
    """24:00 of the last day on which a claim can be raised (FIL-27, ADJ-03)."""
    clock = Clock(zone=deal.store.tzinfo)
    return clock.end_of(clock.day(deal.at) + timedelta(days=_claim_days(deal, filing)))


def _write_evidence(
    dispute: Dispute,
    rank: EvidenceRank,
    *,
    text: str,
    by: Person,
    at: datetime,
    attachment: Attachment | None = None,
    dated_at: datetime | None = None,
) -> Evidence:
    """One piece; whoever looks at the page from before is told that there is more (`version`)."""
    piece = Evidence.objects.create(
        dispute=dispute, rank=rank, text=mask_in_text(text.strip())[:1000], attachment=attachment,
        dated_at=dated_at, by=by, at=at,
    )  # fmt: skip
    Dispute.objects.filter(pk=dispute.pk).update(version=F("version") + 1)
    return piece


@transaction.atomic
def add_evidence(
    *,
    dispute: Dispute,
    rank: EvidenceRank | str,
    text: str,
    by: Person,
    key: UUID,
    pictures: Sequence[Picture] = (),
    dated_at: datetime | None = None,
    now: datetime | None = None,
) -> int:
    """Lay pictures and words before the decider, and say how many pieces (ADJ-05).

    Records are the system's own; a picture with a time of its own says which. What the asked side
    brings ends the waiting for proof. Raises NotContested, AttachmentNotKept.
    """
    at = moment(now)
    if not text.strip() and not pictures:
        raise NotContested.because("nothing_shown")
    if rank == EvidenceRank.DATED and (dated_at is None or not pictures):
        raise NotContested.because("time_missing" if pictures else "nothing_shown")
    if dated_at is not None and dated_at > at:
        raise NotContested.because("time_later")
    if dated_at is not None and dated_at.year < EARLIEST_YEAR:
        raise NotContested.because("time_earlier", year=EARLIEST_YEAR)
    # As whoever decides holds them: pictures lock the customer, too.
    hold_customer(dispute.customer_id)
    fresh = Dispute.objects.select_for_update(no_key=True).get(pk=dispute.pk)
    if fresh.state not in OPEN_DISPUTES:
        raise NotContested.because("closed")
    left = MOST_PIECES - Evidence.objects.filter(dispute=fresh, by=by).count()
    if left < max(len(pictures), 1):
        raise NotContested.because("too_much", most=MOST_PIECES, left=max(left, 0))
    ranked = EvidenceRank(rank)
    for attachment in _kept(fresh, pictures, text=text, by=by, at=at, key=key):
        _write_evidence(
            fresh, ranked, text=text, by=by, at=at, attachment=attachment, dated_at=dated_at
        )
    if not pictures:
        _write_evidence(fresh, ranked, text=text, by=by, at=at, dated_at=dated_at)
    if fresh.state == DisputeState.PROOF and fresh.proof_of_id == by.pk:
        Dispute.objects.filter(pk=fresh.pk).update(state=DisputeState.OPEN)
    audit.record(verb="add_evidence", of=fresh, by=by, count=len(pictures) or 1)
    return len(pictures) or 1


def _kept(
    dispute: Dispute, pictures: Sequence[Picture], *, text: str, by: Person, at: datetime, key: UUID
) -> list[Attachment]:
    if not pictures:
        return []
    add_attachments(
        customer=dispute.customer, pictures=pictures, kind=AttachmentKind.EVIDENCE, by=by, now=at,
        key=key, caption=mask_in_text(text.strip())[:100],
    )  # fmt: skip
    rows = Attachment.objects.filter(customer=dispute.customer_id, added_by=by, added_at=at)
    return list(rows.order_by("pk"))


@transaction.atomic
def ask_proof(
    *, dispute: Dispute, of: Person | None, note: str, by: Person, now: datetime | None = None
) -> None:
    """Send it back to one side for proof; it waits until that side answers (退回补证).

    Raises NotContested, NotRuled where this person may not decide.
    """
    at = moment(now)
    parties = list(dispute.parties.select_related("person", "filing"))
    decider = decider_of(by, today=today_of(by, at))
    refuse_if(NotRuled, blockers_of(dispute, decider, parties))
    asked = [party for party in parties if of is not None and party.person_id == of.pk]
    if not asked:
        raise NotContested.because("proof_of_whom")
    if not note.strip():
        raise NotContested.because("proof_of_what")
    waiting = Dispute.objects.filter(pk=dispute.pk, state=DisputeState.OPEN)
    if not waiting.update(
        state=DisputeState.PROOF, proof_of=of, proof_note=mask_in_text(note.strip())[:200],
        version=F("version") + 1,
    ):  # fmt: skip
        raise NotContested.because("closed")
    key = f"proof-{dispute.pk}-{dispute.version}"
    tell_parties(dispute, asked, kind=NoticeKind.DISPUTE, key=key, now=at, proof=dispute.pk)
    audit.record(verb="ask_proof", of=dispute, by=by, reason=note, person=asked[0].person_id)


@transaction.atomic
def withdraw_dispute(
    *, dispute: Dispute, reason: str, by: Person, now: datetime | None = None
) -> None:
    """Whoever opened a dispute takes it back; what the rules said stands. Raises NotContested.

    A deposit that was taken meanwhile is nobody's until it is ruled on: then it is too late.
    """
    if dispute.opened_by_id != by.pk:
        raise NotContested.because("not_opener")
    hold_customer(dispute.customer_id)
    at = moment(now)
    waits = Deal.objects.filter(disputes=dispute, undone_at=None, is_contested=True)
    if waits.filter(credited_to=None).exists():
        raise NotContested.because("deal_waits")
    waiting = Dispute.objects.filter(pk=dispute.pk, state__in=OPEN_DISPUTES)
    if not waiting.update(
        state=DisputeState.WITHDRAWN, closed_at=at, closed_by=by,
        close_note=mask_in_text(reason.strip())[:200], version=F("version") + 1,
    ):  # fmt: skip
        raise NotContested.because("closed")
    others = dispute.parties.exclude(person=by)
    key = f"withdrawn-{dispute.pk}"
    tell_parties(dispute, others, kind=NoticeKind.DISPUTE, key=key, now=at, closed=dispute.pk)
    audit.record(verb="withdraw_dispute", of=dispute, by=by, reason=reason)
