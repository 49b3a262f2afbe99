"""A person's own text: the opening, a wording with its places filled, the signature (FUP-12).

What is filled in came from a card: numbers typed into it are masked. The words are those of the
reader's language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.languages import reads_chinese
from core.phones import mask_in_text
from customers.models import Customer
from followups.models import Wording
from followups.rules import wordings as wording_rules
from followups.states import Whom
from staff.models import Store


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who signs: a person for the company, from a store."""

    sender: str
    company: str
    store: str


def signature_of(*, sender: str, store: Store) -> Signature:
    """The signature of somebody who writes for `store`; its name where the company has none."""
    return Signature(sender=sender, company=settings.COMPANY_NAME or store.name, store=store.name)


def called(customer: Customer) -> str:
    """How the customer is addressed: 王女士; Ms Wang."""
    name = mask_in_text(customer.name)
    if reads_chinese():
        return wording_rules.called_in_chinese(
            name=name, title=customer.title, job=customer.job or ""
        )
    return wording_rules.called_in_english(name=name, title=customer.title)


def opening(customer: Customer) -> str:
    """The polite opening, which always stands."""
    # Translators: the opening of a text to a customer; 王女士，您好！
    return _("Dear %(called)s,") % {"called": called(customer)}


def closing(signature: Signature) -> str:
    """Company and person, at the end of every text."""
    # Translators: the signature of a text to a customer; 公司 姓名
    return _("%(company)s, %(sender)s") % {
        "company": signature.company,
        "sender": signature.sender,
    }


def product_words(product: str, *, whom: Whom | str = "") -> str:
    """The product as a text names it; without one, in a word that fits whoever it is."""
    if product:
        return mask_in_text(product)
    if not whom or whom in wording_rules.OWNERS:
        return _("what you bought from us")
    return _("what you are looking for")


def body_of(
    text: str,
    *,
    customer: Customer,
    signature: Signature,
    product: str = "",
    whom: Whom | str = "",
    occasion: str = "",
    day: str = "",
) -> str:
    """A wording with its places filled for one customer."""
    values = {
        "name": mask_in_text(customer.name),
        "title": customer.shown_title,
        "product": product_words(product, whom=whom),
        "sender": signature.sender,
        "store": signature.store,
        "company": signature.company,
        "occasion": mask_in_text(occasion),
        "day": day,
    }
    return wording_rules.filled(text=text, values=values)


def greeting_of(chosen: Wording, *, owned: str, wanted: str, whom: Whom | str, **about: Any) -> str:
    """A wording filled for one customer. {product} is the wish only where it speaks to prospects
    alone; of what nobody owns it says nothing. `about` as in `body_of`.
    """
    text, product = chosen.text, owned
    if wording_rules.names_wish(whom=chosen.whom):
        product = wanted
    elif not owned and whom not in wording_rules.OWNERS:
        text = wording_rules.without_product(text=text)
    return body_of(text, product=product, whom=whom, **about)


def campaign_body(text: str, *, owned: str, **about: Any) -> str:
    """The text of a campaign, filled for one guest: {product} is what they own, and whoever owns
    nothing is told nothing of it (AFT-24). `about` as in `body_of`.
    """
    said = text if owned else wording_rules.without_product(text=text)
    return body_of(said, product=owned, **about)


def whole_text(body: str, *, customer: Customer, signature: Signature) -> str:
    """Opening, body, signature: what is copied, sent, or put right by its sender first."""
    # Translators: the opening and the text of a message; in Chinese nothing stands between them.
    begun = _("%(opening)s\n%(body)s") % {"opening": opening(customer), "body": body}
    return f"{begun}\n{closing(signature)}"


def fitting(found: Iterable[Wording], *, trade: str, to: Sequence[str] | str = ()) -> list[Wording]:
    """The wordings for this trade and kind of customer; those of the trade alone go first."""
    rows = [
        row
        for row in found
        if wording_rules.speaks_to(trades=row.trades, whom=row.whom, trade=trade, to=to)
    ]
    return sorted(rows, key=lambda row: (not row.trades, row.position, row.pk))
