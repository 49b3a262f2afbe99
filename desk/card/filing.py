"""The filing light of the card: who holds what until when, as far as the reader may know."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from filings.models import Filing
from filings.queries.on_card import CustomerWithLeads
from filings.queries.shown import HAS_NUMBER, ShownFiling, with_light
from filings.services import missing_to_file
from filings.showing.light import TONES, Mark, light_on, review_word, shown_light
from filings.states import Element
from filings.states.lights import Light
from filings.wording import elements_text
from staff.scope import Reach
from staff.states import Role

HELD = (Light.SOON, Light.VALID)
# What is most worth knowing first.
RANK = {
    light: rank
    for rank, light in enumerate(
        (Light.SOON, Light.VALID, Light.DEAL, Light.DRAFT, Light.LAPSED, Light.REFUSED)
    )
}


@dataclass(frozen=True)
class FilingShown:
    """The light on the card; all but `word`, `tone` and `icon` is for whoever may see it."""

    word: str
    tone: str
    icon: str
    left: str = ""
    marks: list[Mark] = field(default_factory=list)
    number: str = ""
    url: str = ""
    review: str = ""
    lacking: list[Element] = field(default_factory=list)
    holder: str = ""
    others: int = 0

    @property
    def missing(self) -> str:
        """What keeps a draft from being a filing, in words."""
        return elements_text(self.lacking)


def may_see(reader: Reach, filing: Filing) -> bool:
    """The holder, the filer, who leads the unit, operations; all others learn “filed” alone."""
    if reader.role == Role.MARKETING_MANAGER:
        return False
    is_own = filing.holder_id in reader.acts_for or filing.filer_id in reader.acts_for
    return is_own or reader.sees_all or filing.store_id in reader.store_ids


def filing_of(customer: CustomerWithLeads, reader: Reach, *, now: datetime) -> FilingShown | None:
    """The filing that matters most to this reader: one query, None where there is nothing.

    Of a customer `with_leads`: most have none, and are asked for none.
    """
    if not customer.is_filed:
        return None
    rows = with_light(Filing.objects.filter(customer=customer), reach=reader)
    rows = rows.select_related("project", "policy").annotate(has_number=HAS_NUMBER)
    found: list[ShownFiling] = list(rows.order_by("-pk"))
    seen = [filing for filing in found if may_see(reader, filing)]
    seen.sort(key=lambda filing: RANK[light_on(filing, now=now)])
    is_held = [light_on(each, now=now) in HELD for each in seen]
    hidden = [each for each in found if each not in seen and light_on(each, now=now) in HELD]
    if hidden and not any(is_held):
        return FilingShown(_("Filed"), *TONES[Light.VALID])
    return _shown(seen[0], customer, now=now, others=sum(is_held[1:])) if seen else None


def _shown(
    filing: ShownFiling, customer: CustomerWithLeads, *, now: datetime, others: int
) -> FilingShown:
    light = shown_light(filing, now=now)
    is_draft = light.light == Light.DRAFT
    return FilingShown(
        word=light.word,
        tone=light.tone,
        icon=light.icon,
        left=light.left,
        marks=light.marks,
        number=filing.number,
        url=reverse("filings:detail", args=[filing.pk]),
        review=review_word(filing),
        lacking=missing_to_file(filing, customer, has_number=filing.has_number) if is_draft else [],
        holder=filing.holder.name,
        others=others,
    )
