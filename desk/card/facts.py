"""What is known of a customer beside the head."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.amounts import money_text
from core.days import date_text, day_text
from core.phones import mask_id, mask_in_text
from customers.queries.knowing import KnownCustomer
from customers.states import ServiceWanted
from desk.card.birthdays import birthday_of
from staff.scope import REGISTERING_ROLES, Reach


@dataclass(frozen=True)
class Fact:
    """One line of the card; `phone_id` can be called, and `edit_url` is where one changes it."""

    label: str
    value: str
    phone_id: int | None = None
    edit_url: str = ""


def facts_of(customer: KnownCustomer, reader: Reach, *, today: date) -> list[Fact]:
    """What is known beside the head; empty lines are left out."""
    interests = _joined(mask_in_text(each) for each in customer.interest_words)
    may_write = reader.has_role(REGISTERING_ROLES)
    lines = [
        (_("WeChat"), id_for(reader, customer.wechat)),
        (_("E-mail"), id_for(reader, customer.email)),
        *_wishes(customer, today=today),
        (_("Source"), customer.get_source_display()),
        (_("Referred by"), _referrer(customer)),
        (_("Campaign"), mask_in_text(customer.campaign)),
        (_("Birthday"), birthday_of(customer)),
        (_("Works"), _joined([mask_in_text(customer.company), mask_in_text(customer.job)])),
        (_("Hobbies"), mask_in_text(customer.hobbies)),
        (pgettext("dwelling", "Home"), home_of(customer)),
        (_("Paper"), _joined([customer.get_id_kind_display(), customer.id_masked])),
        (_("First seen"), day_text(customer.store.today(customer.first_seen_at), today=today)),
        (_("Bought, total"), _value(customer, today=today)),
        (_("Tags"), _(", ").join(customer.tag_names)),
        (_("Note"), mask_in_text(customer.note)),
    ]
    interested = Fact(
        _("Interested in"),
        interests,
        edit_url=reverse("customers:interests", args=[customer.pk]) if may_write else "",
    )
    facts = [Fact(label, str(value)) for label, value in lines if value]
    return [
        *_phones(customer, reader, may_write=may_write),
        *([interested] if interests or may_write else []),
        *facts,
    ]


def _value(customer: KnownCustomer, *, today: date) -> str:
    """What they bought and when last (forms 2.16); "" of those who never did."""
    if customer.last_bought_on is None:
        return ""
    last = _("last %(day)s") % {"day": date_text(customer.last_bought_on, today=today)}
    total = money_text(customer.bought_total) if customer.bought_total else ""
    return _joined([total, last])


def _phones(customer: KnownCustomer, reader: Reach, *, may_write: bool) -> list[Fact]:
    """Each number that can be called; behind the last one how many are no longer right."""
    numbers_url = reverse("customers:numbers", args=[customer.pk]) if may_write else ""
    facts = [
        Fact(_("Phone"), number["masked"], number["pk"] if reader.may_reveal else None)
        for number in customer.numbers
        if number["retired_at"] is None
    ]
    retired = len(customer.numbers) - len(facts)
    if retired:
        said = ngettext("%(count)s no longer right", "%(count)s no longer right", retired)
        facts.append(Fact(_("Old numbers"), said % {"count": retired}, edit_url=numbers_url))
    elif numbers_url and len(facts) > 1:
        facts.append(Fact(_("Numbers"), str(len(facts)), edit_url=numbers_url))
    return facts


def _wishes(customer: KnownCustomer, *, today: date) -> list[tuple[str, str]]:
    """When they mean to buy, what service they want, and whom they compare us with."""
    expected = customer.get_expected_purchase_display()
    if customer.expected_on:
        expected = day_text(customer.expected_on, today=today)
    return [
        (_("Means to buy"), str(expected)),
        (_("Service wanted"), services_of(customer)),
        (_("Competitor"), mask_in_text(customer.competitor)),
    ]


def services_of(customer: KnownCustomer) -> str:
    """The services they want, in words."""
    wanted = customer.services_wanted or []
    return _(", ").join(str(each.label) for each in ServiceWanted if each.value in wanted)


def home_of(customer: KnownCustomer) -> str:
    """118 m², 3 bedrooms, modern, paint."""
    area = f"{customer.home_area.normalize():f} m²" if customer.home_area else ""
    texts = (mask_in_text(customer.home_layout), mask_in_text(customer.home_style))
    return _joined([area, *texts, str(customer.get_decoration_display())])


def _joined(parts: Iterable[str]) -> str:
    return _(", ").join(str(part) for part in parts if part)


def id_for(reader: Reach, text: str) -> str:
    """A WeChat id or an e-mail for those who may write there; either may hold a number itself."""
    return mask_in_text(text) if reader.may_reveal else mask_id(text)


def _referrer(customer: KnownCustomer) -> str:
    return mask_in_text(customer.referrer.name if customer.referrer else customer.referrer_text)
