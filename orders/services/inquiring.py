"""A quote is an inquiry on record: with what a filing needs it is the filing (FIL-35).

The same tests, the same keeping and the same silence towards a card out of reach as registering
from the floor (`followups.services.claims`). Always in the caller's transaction; the quote stands
whatever becomes of the filing, and what became of it is answered in words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.phones import mask_in_text
from core.refusals import Refused
from customers.models import Customer, Project
from filings import services as filings
from filings.models import Filing
from filings.queries import looked_up
from filings.services import AlreadyProtected, LeadNotFiled, missing_to_file
from filings.states import CHANNEL_OF_ROLE, Element, Invalid, LookUp
from filings.wording import elements_text, refusal_of
from followups.services.claims import Claim, file_known
from followups.services.gaps import typed_missing
from orders.services.foreseeing import Wanted
from orders.services.people import knows_card
from staff.models import Person


class InquiryNotFiled(Refused):
    """A quote stands, and nothing was filed with it."""

    messages = {
        "filed_already": AlreadyProtected.messages["filed_already"],
        "lacks": _("%(missing)s missing: this customer cannot be filed yet."),
        "further_purchase": _("A further purchase is filed on the card, with its reason."),
    }


@dataclass(frozen=True, kw_only=True)
class Inquired:
    """What a quote did for the filing: whether it stands now, or in words why not."""

    is_filed: bool = False
    said: str = ""


def known_as(customer: Customer, *, by: Person, at: datetime) -> LookUp | None:
    """What a customer is to whoever quotes; None where nobody files, or this person does not."""
    is_filing = by.store is not None and filings.files_leads(by.store, now=at)
    if not is_filing or by.role not in CHANNEL_OF_ROLE:
        return None
    return looked_up(customer, by=by, acting=[by.pk], is_filing=True, now=at)


def file_new(customer: Customer, *, by: Person, at: datetime) -> Inquired:
    """File somebody whom this quote has registered; what lacks an element is a draft."""
    if by.store is None or not filings.files_leads(by.store, now=at):
        return Inquired()
    lead = filings.Lead(project=Project.objects.get(customer=customer), acquired_at=at)
    return _tried(lambda: filings.file_lead(customer=customer, lead=lead, filer=by, by=by, now=at))


def file_asked(
    said: Wanted,
    card: Mapping[str, Any],
    customer: Customer,
    *,
    by: Person,
    at: datetime,
    key: UUID,
) -> Inquired:
    """File a customer who has a card, with what `card` says where the card is silent.

    Who holds the lead already, and who has bought, is not filed anew (FIL-05). Whoever sees the
    card of a customer whom a colleague protects serves them and files nothing; from elsewhere the
    inquiry is the later filing (FIL-10), recorded once. Out of reach nothing is drafted.
    """
    found = known_as(customer, by=by, at=at)
    if found not in (LookUp.FREE, LookUp.FILED):
        return Inquired()
    is_within_reach = said.customer is not None or knows_card(customer, by)
    name = str(card["name"])
    try:
        if found == LookUp.FILED:
            _refuse_filed(customer, by, is_within_reach=is_within_reach)
        if said.is_new_purchase:
            raise InquiryNotFiled.because("further_purchase")
        if not is_within_reach:
            numbers = [said.phone] if said.phone is not None else []
            _refuse_lacking(
                typed_missing(name=name, phones=numbers, card=card, filer=by, now=at), found
            )
    except InquiryNotFiled as refusal:
        return Inquired(said=str(refusal))
    told = {
        "name": mask_in_text(name),
        "phone": said.phone.masked if said.phone is not None else "",
        **{each: mask_in_text(str(card[each])) for each in ("address", "need")},
    }
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
        )
    )


def _refuse_filed(customer: Customer, by: Person, *, is_within_reach: bool) -> None:
    """Nothing is filed of whom one serves for a colleague, nor a second time while one waits to
    be told that they are free (FIL-12). Raises InquiryNotFiled.
    """
    waiting = Filing.objects.filter(
        customer=customer, filer=by, invalid=Invalid.LATER_FILER, told_free_at=None
    )
    if is_within_reach or waiting.exists():
        raise InquiryNotFiled.because("filed_already")


def _refuse_lacking(missing: list[Element], found: LookUp) -> None:
    if not missing:
        return
    if found == LookUp.FILED:
        raise InquiryNotFiled.because("filed_already")
    raise InquiryNotFiled.because("lacks", missing=elements_text(missing))


def _tried(file: Callable[[], Filing]) -> Inquired:
    """What became of this filing; refused before it is one, it leaves nothing."""
    try:
        with transaction.atomic():
            filing = file()
    except (LeadNotFiled, AlreadyProtected) as refusal:
        return Inquired(said=str(refusal))
    if filing.invalid:
        return Inquired(said=" ".join(refusal_of(filing)))
    if filing.submitted_at is None:
        missing = elements_text(missing_to_file(filing, filing.customer))
        return Inquired(said=str(InquiryNotFiled.because("lacks", missing=missing)))
    return Inquired(is_filed=True)
