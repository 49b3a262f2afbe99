"""A quote is an inquiry on record: with what a filing needs it is the filing (FIL-35).

The same tests, the same keeping and the same silence towards a card out of reach as registering
from the floor (`followups.services.claims`). Always in the caller's transaction; the quote stands
whatever becomes of the filing, and what became of it is answered in words.
"""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.phones import mask_in_text
from core.refusals import Refused
from core.sentences import joined
from customers.models import Customer, Project
from customers.queries import visible
from customers.services import update_customer
from filings import services as filings
from filings.models import Filing
from filings.queries import looked_up
from filings.services import AlreadyProtected, LeadNotFiled, missing_to_file
from filings.states import CHANNEL_OF_ROLE, CrossState, Invalid, LookUp
from filings.wording import elements_text, refusal_of, why_void
from followups.services.claims import Claim, file_known, lead_known
from followups.services.gaps import gaps_filled, typed_missing
from orders.services.foreseeing import Wanted
from staff.models import Person
from staff.scope import reach_of


class InquiryNotFiled(Refused):
    """A quote stands, and nothing was filed with it."""

    messages = {
        "filed_already": AlreadyProtected.messages["filed_already"],
        "lacks": _("%(missing)s missing: this customer cannot be filed yet."),
        "further_purchase": _("A further purchase is filed on the card, with its reason."),
        "operations_decide": _(
            "The address lies in another region: operations decide whether you may file it."
        ),
        "nothing_filed": _("Nothing was filed with this quote."),
    }


@dataclass(frozen=True, kw_only=True)
class Inquired:
    """What a quote did for the filing: whether it stands now, or in words why not."""

    is_filed: bool = False
    said: str = ""


def known_as(customer: Customer, *, by: Person, at: datetime) -> LookUp | None:
    """What a customer is to whoever quotes, for themselves or for whom they act (ORG-10); None
    where nobody files, or this person does not.
    """
    store = by.store
    if store is None or by.role not in CHANNEL_OF_ROLE or not filings.files_leads(store, now=at):
        return None
    acting = reach_of(by, today=store.today(at)).acts_for
    return looked_up(customer, by=by, acting=acting, is_filing=True, now=at)


def _sees_card(said: Wanted, customer: Customer, *, by: Person, at: datetime) -> bool:
    """Whether the card is open to whoever quotes, by whatever right."""
    if said.customer is not None:
        return True
    reach = reach_of(by, today=customer.store.today(at))
    return visible(reach).filter(pk=customer.pk).exists()


def file_new(customer: Customer, *, by: Person, at: datetime) -> Inquired:
    """File somebody whom this quote has registered; what lacks an element is a draft."""
    if by.store is None or not filings.files_leads(by.store, now=at):
        return Inquired()
    lead = filings.Lead(project=Project.objects.get(customer=customer), acquired_at=at)
    return _tried(
        lambda: filings.file_lead(customer=customer, lead=lead, filer=by, by=by, now=at),
        found=LookUp.FREE,
    )


def file_asked(
    said: Wanted,
    card: Mapping[str, Any],
    customer: Customer,
    *,
    found: LookUp | None,
    by: Person,
    at: datetime,
    key: UUID,
) -> Inquired:
    """File a customer who has a card and is `found` so, with what `card` says where it is silent.

    Who holds the lead already, and who has bought, is not filed anew (FIL-05). Whoever sees the
    card of a customer whom a colleague protects serves them and files nothing; from elsewhere the
    inquiry is the later filing (FIL-10), recorded once. Out of reach nothing is drafted. What the
    card lacks is filled in whatever becomes of the filing.
    """
    if found not in (LookUp.FREE, LookUp.FILED):
        return Inquired()
    is_within_reach = _sees_card(said, customer, by=by, at=at)
    try:
        _refuse(said, card, found, is_within_reach=is_within_reach, by=by, at=at)
    except InquiryNotFiled as refusal:
        return Inquired(said=str(refusal))
    if is_within_reach and (filled := gaps_filled(customer, card)):
        update_customer(customer=customer, by=by, now=at, **filled)
    told = {} if is_within_reach else _told(said, card)
    claim = Claim(acquired_at=at, address=said.address, said=told)
    return _tried(
        lambda: file_known(
            customer=customer,
            card=card,
            is_within_reach=is_within_reach,
            claim=claim,
            filer=by,
            by=by,
            now=at,
            key=uuid5(key, "filing"),
        ),
        found=found,
    )


def why_not_filed(
    said: Wanted, known: Customer | None, *, found: LookUp, by: Person, at: datetime
) -> str:
    """In words why a quote that says all a filing needs would file nobody now; else nothing.

    By the tests that decide when it is saved, then anew. Of a card out of reach it says what it
    would of a number that nobody has (decision 4).
    """
    if found != LookUp.FREE or by.store is None:
        return ""
    lead, card = None, Customer(store=by.store, address=said.address)
    if known is not None and _sees_card(said, known, by=by, at=at):
        if said.is_new_purchase:
            return str(InquiryNotFiled.because("further_purchase"))
        lead = lead_known(known, Claim(acquired_at=at, address=said.address), filer=by)
    if lead is not None and known is not None:
        card = copy(known)
        card.address = card.address or said.address
    else:
        lead = filings.Lead(project=Project(address=said.address), acquired_at=at)
    try:
        filing = filings.foretell(customer=card, lead=lead, filer=by, now=at)
    except LeadNotFiled as refusal:
        return str(refusal)
    if filing.submitted_at is None:
        return str(InquiryNotFiled.because("operations_decide"))
    return joined(why_void(filing)) if filing.invalid else ""


def _told(said: Wanted, card: Mapping[str, Any]) -> dict[str, str]:
    """What the filer is shown of a customer whose card is shut to them: their own words."""
    texts = {each: mask_in_text(str(card[each])) for each in ("name", "address", "need")}
    return {**texts, "phone": said.phone.masked if said.phone is not None else ""}


def _refuse(
    said: Wanted,
    card: Mapping[str, Any],
    found: LookUp,
    *,
    is_within_reach: bool,
    by: Person,
    at: datetime,
) -> None:
    """What is not even tried, and leaves nothing. Raises InquiryNotFiled."""
    if found == LookUp.FILED and is_within_reach:
        raise InquiryNotFiled.because("filed_already")
    if said.is_new_purchase:
        raise InquiryNotFiled.because("further_purchase")
    if is_within_reach:
        return
    numbers = [said.phone] if said.phone is not None else []
    missing = typed_missing(name=str(card["name"]), phones=numbers, card=card, filer=by, now=at)
    if missing and found == LookUp.FILED:
        raise InquiryNotFiled.because("filed_already")
    if missing:
        raise InquiryNotFiled.because("lacks", missing=elements_text(missing))


class _NotKept(Exception):
    """A void filing that leaves nothing; raised so that it is not written."""

    def __init__(self, filing: Filing) -> None:
        self.filing = filing


def _leaves_nothing(filing: Filing) -> bool:
    """Whether a void filing is not to stand: nobody is written down for having asked a price.

    The later filer's is, once: they are told when the customer is free (FIL-12). So is a draft's:
    whatever completes it, it is a filing at that moment (FIL-09).
    """
    if filing.invalid == Invalid.LATER_FILER:
        return _was_refused_so(filing)
    return filing.noted_at == filing.submitted_at


def _was_refused_so(filing: Filing) -> bool:
    """Whether the last filing of this project by the same person was refused for the same."""
    own = Filing.objects.filter(
        project=filing.project_id, filer=filing.filer_id, submitted_at__isnull=False
    )
    last = own.exclude(pk=filing.pk).order_by("-submitted_at", "-pk").first()
    return last is not None and (last.invalid, last.told_free_at) == (filing.invalid, None)


def _tried(file: Callable[[], Filing], *, found: LookUp) -> Inquired:
    """What became of this filing of whom was `found` so; many a void one leaves nothing."""
    try:
        with transaction.atomic():
            filing = file()
            if filing.invalid and _leaves_nothing(filing):
                raise _NotKept(filing)
    except (LeadNotFiled, AlreadyProtected) as refusal:
        return Inquired(said=str(refusal))
    except _NotKept as void:
        return Inquired(said=_why_void(void.filing, found=found))
    if filing.invalid:
        return Inquired(said=joined(refusal_of(filing)))
    if filing.cross_state == CrossState.ASKED:
        return Inquired(said=str(InquiryNotFiled.because("operations_decide")))
    if filing.submitted_at is None:
        missing = elements_text(missing_to_file(filing, filing.customer))
        return Inquired(said=str(InquiryNotFiled.because("lacks", missing=missing)))
    return Inquired(is_filed=True)


def _why_void(filing: Filing, *, found: LookUp) -> str:
    """Why nothing was filed; while another protects, no reason of one's own matters (FIL-10)."""
    if filing.invalid == Invalid.LATER_FILER:
        return joined(refusal_of(filing))
    if found == LookUp.FILED:
        return str(InquiryNotFiled.because("filed_already"))
    return joined([*why_void(filing), str(InquiryNotFiled.because("nothing_filed"))])
