"""Two cards side by side, and what is said of cards that may be one customer, for their reader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import day_text
from core.phones import mask_id, mask_in_text
from customers.models import Customer, CustomerPhone, Suspicion
from customers.queries import suspicions_of, visible
from customers.rules import needs_operations
from customers.states import ServiceWanted, SuspicionReason
from desk.card import birthday_of
from desk.services import card_fields
from desk.services.card_fields import CardField
from desk.services.merging import hand_of
from followups.models import Task
from followups.states import State
from staff.scope import MERGING_ROLES, Reach
from staff.states import Role


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two cards, at a glance. `url` is empty where the reader does not see the card."""

    pk: int
    name: str
    title: str
    grade: str
    phone: str
    keeper: str
    store: str
    since: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What both cards say in one field, and which word will stand."""

    name: str
    label: str
    kept: str
    merged: str
    choices: tuple[tuple[str, str], ...] = ()
    usual: str = ""
    is_taken_over: bool = False


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A sentence on a card that may be another's, too, and where that is looked into."""

    text: str
    links: list[dict[str, str]] = field(default_factory=list)


def side_of(card: Customer, *, phone: str, url: str = "") -> Side:
    return Side(
        pk=card.pk,
        name=mask_in_text(card.name),
        title=card.shown_title,
        grade=card.grade,
        phone=phone,
        keeper=card.owner.name if card.owner else _("nobody"),
        store=card.store.name,
        since=day_text(card.store.today(card.registered_at), today=timezone.localdate()),
        url=url,
    )


def main_numbers(cards: Iterable[int]) -> dict[int, str]:
    """The masked main number of each of these cards: one query."""
    rows = CustomerPhone.objects.filter(customer__in=list(cards), is_primary=True)
    return dict(rows.values_list("customer", "masked"))


# What a field is called, and how it is read out; the name of the column is not a word for it.


def labels() -> dict[str, str]:
    named = {each.name: str(each.verbose_name) for each in Customer._meta.concrete_fields}
    words = {
        "expected": named["expected_purchase"],
        "birthday": _("birthday"),
        "contact_hours": _("contact hours"),
        "paper": _("paper"),
        "services_wanted": named["services_wanted"],
    }
    return {name: words.get(name) or named[name] for name in card_fields.BY_NAME}


def _hours(card: Customer) -> str:
    """From when until when the customer may be called: 19:00–20:00."""
    ends = (card.contact_from, card.contact_until)
    return "–".join(f"{end:%H:%M}" if end else "" for end in ends) if any(ends) else ""


def said(card: Customer, name: str, reader: Reach) -> str:
    """What a card says in one field, as this reader may read it."""
    if name == "expected":
        day = card.expected_on and day_text(card.expected_on, today=timezone.localdate())
        return day or card.get_expected_purchase_display()
    if name == "wechat" and not reader.may_reveal:
        return mask_id(card.wechat)
    words = {
        "birthday": lambda: birthday_of(card),
        "contact_hours": lambda: _hours(card),
        "paper": lambda: f"{card.get_id_kind_display()} {card.id_masked}".strip(),
        "referrer": lambda: card.referrer.name if card.referrer else card.referrer_text,
        "designer": lambda: card.designer.name if card.designer else "",
        "services_wanted": lambda: _(", ").join(
            str(ServiceWanted(code).label) for code in card.services_wanted
        ),
        "home_area": lambda: f"{card.home_area} m²" if card.home_area else "",
        "quiet": lambda: card.get_quiet_display() if card.quiet else "",
    }
    if name in words:
        return mask_in_text(words[name]())
    display = getattr(card, f"get_{name}_display", None)
    return mask_in_text(str(display() if display else getattr(card, name) or ""))


def compare(kept: Customer, merged: Customer, reader: Reach) -> list[Compared]:
    """Both cards field by field, where one of them says something; what differs comes first."""
    names = labels()
    differs = {each.name for each in card_fields.differing(kept, merged)}
    taken = {each.name for each in card_fields.taken_over(kept, merged)}

    def one(each: CardField) -> Compared:
        here, there = said(kept, each.name, reader), said(merged, each.name, reader)
        is_open = each.name in differs
        return Compared(
            name=each.name,
            label=names[each.name],
            kept=here,
            merged=there,
            choices=_choices(each, kept, merged, here, there) if is_open else (),
            usual=card_fields.usual_choice(each, kept, merged) if is_open else "",
            is_taken_over=each.name in taken,
        )

    rows = [one(each) for each in card_fields.FIELDS]
    rows = [row for row in rows if row.kept or row.merged]
    return sorted(rows, key=lambda row: (not row.choices, not row.is_taken_over))


def _choices(
    each: CardField, kept: Customer, merged: Customer, here: str, there: str
) -> tuple[tuple[str, str], ...]:
    choices = [(card_fields.KEPT, here), (card_fields.MERGED, there)]
    if each.fits_both(kept, merged):
        choices.append((card_fields.BOTH, _("Both, one after the other")))
    return tuple(choices)


def words_of_tables() -> dict[str, str]:
    """What the rows of each table are called, in the order in which people ask for them."""
    return {
        "customers.contact.customer": _("Contacts"),
        "followups.task.customer": _("Open tasks"),
        "customers.ownedproduct.customer": _("Products"),
        "customers.opportunity.customer": _("Opportunities"),
        "customers.appointment.customer": _("Appointments"),
        "followups.case.customer": _("Service cases"),
        "orders.quote.customer": _("Quotes"),
        "orders.order.customer": _("Orders"),
        "orders.credit.customer": _("Credits"),
        "customers.project.customer": _("Projects"),
        "filings.measuring.customer": _("Measurings"),
        "customers.customerphone.customer": _("Phone numbers"),
        "customers.householdmember.customer": _("Household"),
        "customers.keyperson.customer": _("Key people"),
        "customers.attachment.customer": _("Pictures"),
        "customers.interest.customer": _("Interests"),
        "customers.taggedcustomer.customer": _("Tags"),
        "customers.lead.customer": _("Leads"),
        "customers.arrival.customer": _("Arrivals"),
        "customers.customer.referrer": _("Customers they referred"),
        "customers.gradechange.customer": _("Changes of grade"),
    }


def in_words(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Counts of rows by table, each with its word; what nobody asks for is left out."""
    return [
        {"label": word, "count": counts[name]}
        for name, word in words_of_tables().items()
        if counts.get(name)
    ]


def open_tasks_of(card: Customer) -> int:
    return Task.objects.filter(customer=card, state=State.OPEN).count()


# What is said of a card that may be one with another


def doubts_of(card: Customer, reader: Reach) -> list[Doubt]:
    """Why this card may be another's, too. Another keeper's name, number and store stay unsaid."""
    doubts = list(suspicions_of(card)[:5])
    others = {row.second_id if row.first_id == card.pk else row.first_id for row in doubts}
    seen = visible(reader).filter(pk__in=others).in_bulk() if others else {}
    return [
        _doubt(row, card, seen.get(row.second_id if row.first_id == card.pk else row.first_id),
               reader)
        for row in doubts
    ]  # fmt: skip


def _doubt(row: Suspicion, card: Customer, other: Customer | None, reader: Reach) -> Doubt:
    text = reasons()[SuspicionReason(row.because)]
    if other is None:
        return Doubt(text=text)
    links = [{"label": mask_in_text(other.name), "url": reverse("desk:customer", args=[other.pk])}]
    if reader.has_role(MERGING_ROLES):
        address = reverse("desk:merge", args=[card.pk, other.pk])
        links.append({"label": _("Compare"), "url": address})
    return Doubt(text=text, links=links)


def reasons() -> dict[SuspicionReason, str]:
    """Why two cards may be one customer, as a sentence."""
    return {
        SuspicionReason.LINE: _(
            "Maybe the same customer: a card with another extension of this number exists."
        ),
        SuspicionReason.ADDRESS: _("Maybe the same customer: a card with this address exists."),
        SuspicionReason.WECHAT: _("Maybe the same customer: a card with this WeChat id exists."),
        SuspicionReason.HOUSEHOLD: _(
            "Maybe the same customer: a family member's number stands on another card."
        ),
        SuspicionReason.NAME: _(
            "Maybe the same customer: a card with this name and birthday exists."
        ),
    }


def may_decide(
    first: Customer, second: Customer, *, role: Role, holders: Mapping[int, frozenset[int]]
) -> bool:
    """Whether somebody of this role may say that two cards are one, or are not.

    `holders` are those who hold leads of the cards (`filings.services.merging.holders_of`).
    """
    hands = [hand_of(card, holders.get(card.pk, frozenset())) for card in (first, second)]
    return role == Role.OPS_MANAGER or not needs_operations(*hands)


def when_text(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{day_text(local.date(), today=timezone.localdate())} {local:%H:%M}"
