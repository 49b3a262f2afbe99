"""The owner card (保有客户管理卡): one sheet of all that is known of somebody who has bought.

Nothing is entered here: what was logged once stands on it (SHT-08).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import AuditEntry
from core.phones import mask_in_text
from customers.models import Contact, Customer, OwnedProduct
from customers.queries import MaskedCustomer, products_of, visible
from customers.states import (
    BuyerRole,
    Channel,
    GoneReason,
    Grade,
    IdKind,
    Outcome,
    ProductEventKind,
    Reason,
    Relation,
    Replacement,
)
from desk.card.facts import Fact, birthday_of, id_for
from desk.card.head import contact_time_of
from desk.card.products import event_text, facts_of_product, panel_name
from followups.models import Obligation, SurveyResult
from followups.naming import occurrence_name
from followups.states import PRODUCT_ANCHORS, State
from followups.survey_words import result_words
from staff.models import Person
from staff.scope import Reach

# What fits on the sheet of a typical owner; the card on the screen has everything.
MOST_CONTACTS = 20
MOST_EVENTS = 8
MOST_OTHERS = 6


@dataclass(frozen=True)
class Line:
    """One row of a table on the sheet: its cells from left to right."""

    cells: Sequence[str]
    is_voided: bool = False


@dataclass(frozen=True)
class Product:
    """One product on the sheet."""

    name: str
    gone: str
    facts: Sequence[Fact]


@dataclass(frozen=True)
class Table:
    """Rows, and how many older ones did not fit."""

    lines: Sequence[Line]
    left_off: int


@dataclass(frozen=True)
class OwnerCard:
    """The whole sheet, worded for its reader."""

    name: str
    title: str
    grade: str
    store: str
    keeper: str
    basics: Sequence[Fact]
    people: Table
    products: Sequence[Product]
    contacts: Table
    events: Table
    referrals: Table
    keepers: Table


def owner_card(customer: MaskedCustomer, *, reader: Reach, now: datetime) -> OwnerCard:
    """The sheet of one customer. The same dozen queries, however much there is."""
    today = timezone.localdate(now)
    products = list(products_of(customer).exclude(gone_reason=GoneReason.MISTAKE))
    return OwnerCard(
        name=mask_in_text(customer.name),
        title=customer.shown_title,
        grade=str(Grade(customer.grade).label),
        store=customer.store.name,
        keeper=customer.owner.name if customer.owner else _("nobody"),
        basics=_basics(customer, reader),
        people=_people(customer),
        products=[_product(product, today=today) for product in products],
        contacts=_contacts(customer, products),
        events=_events(products, today=today),
        referrals=_referrals(customer, reader),
        keepers=_keepers(customer),
    )


def _day(day: date) -> str:
    """2026-03-12: the year belongs on paper, and takes no more than a line."""
    return day.isoformat()


def _table(lines: Sequence[Line], *, most: int) -> Table:
    return Table(lines[:most], max(len(lines) - most, 0))


def _basics(customer: MaskedCustomer, reader: Reach) -> list[Fact]:
    phones = _(", ").join(
        phone.masked for phone in customer.phones.order_by("-is_primary", "pk")[:3]
    )
    paper = ""
    if customer.id_masked:
        kind = IdKind(customer.id_kind).label if customer.id_kind else ""
        paper = f"{kind} {customer.id_masked}".strip()
    lines = [
        (_("Phone"), phones),
        (_("WeChat"), id_for(reader, customer.wechat)),
        (_("Birthday"), birthday_of(customer)),
        (_("Identity paper"), paper),
        (_("Company"), customer.company),
        (_("Job"), customer.job),
        (_("Address"), customer.address),
        (_("Suitable contact time"), contact_time_of(customer)),
        (_("Hobbies"), customer.hobbies),
        (_("Do not contact"), customer.get_quiet_display() if customer.quiet else ""),
    ]
    return [Fact(str(label), mask_in_text(str(value))) for label, value in lines]


def _people(customer: Customer) -> Table:
    """The household and, of a company, the people who count."""
    household = [
        Line(
            [
                mask_in_text(member.name),
                str(Relation(member.relation).label),
                birthday_of(member),
                member.masked,
                mask_in_text(member.note),
            ]
        )
        for member in customer.household.order_by("pk")
    ]
    key_people = [
        Line(
            [
                mask_in_text(person.name),
                mask_in_text(person.position)
                or (str(BuyerRole(person.role).label) if person.role else ""),
                birthday_of(person),
                person.masked,
                mask_in_text(person.note),
            ]
        )
        for person in customer.key_people.order_by("pk")
    ]
    return _table(household + key_people, most=MOST_OTHERS)


def _product(product: OwnedProduct, *, today: date) -> Product:
    facts = list(facts_of_product(product, product.events.all(), today=today))
    if product.replacement:
        facts.append(Fact(_("Replacement"), str(Replacement(product.replacement).label)))
    name, gone = panel_name(product, today=today)
    return Product(name=name, gone=gone, facts=facts)


def _steps_by_contact(customer: Customer) -> Mapping[int, list[str]]:
    """Which steps of care each contact has done: 24 hours, 7 days, 2 months, 12 …"""
    rows = Obligation.objects.filter(
        customer=customer,
        state=State.DONE,
        step__anchor__in=PRODUCT_ANCHORS,
        task__contact__isnull=False,
    ).select_related("step", "task")
    names = defaultdict(list)
    for row in rows.order_by("due_at", "pk"):
        if row.task is not None and row.task.contact_id is not None:
            names[row.task.contact_id].append(occurrence_name(row.step, row.occurrence))
    return names


def _after_sale(customer: Customer, products: Sequence[OwnedProduct]) -> QuerySet[Contact]:
    """What was spoken of since the first purchase, the newest first."""
    days = [day for row in products if (day := row.purchased_on or row.delivered_on)]
    spoken = Contact.objects.filter(customer=customer, reached=True, voided_at=None)
    if not days:
        return spoken.none()
    since = datetime.combine(min(days), datetime.min.time(), customer.store.tzinfo)
    return (
        spoken.filter(occurred_at__gte=since).select_related("by").order_by("-occurred_at", "-pk")
    )


def _contacts(customer: Customer, products: Sequence[OwnedProduct]) -> Table:
    """Date, kind, way, by whom, result."""
    steps = _steps_by_contact(customer)
    lines, spoken = [], _after_sale(customer, products)
    asked = {row.contact_id: row for row in SurveyResult.objects.filter(customer=customer)}
    for contact in spoken[:MOST_CONTACTS]:
        kinds = steps.get(contact.pk, [])
        reason = str(Reason(contact.reason).label) if contact.reason else ""
        result = mask_in_text(contact.note) or str(Outcome(contact.outcome).label)
        if contact.pk in asked:
            result = _(", ").join(filter(None, [result_words(asked[contact.pk]), contact.note]))
            result = mask_in_text(result)
        lines.append(
            Line(
                [
                    _day(timezone.localdate(contact.occurred_at)),
                    _(", ").join(kinds) or reason,
                    str(Channel(contact.channel).label),
                    contact.by.name,
                    result,
                ]
            )
        )
    left_off = spoken.count() - len(lines) if len(lines) == MOST_CONTACTS else 0
    return Table(lines, left_off)


def _events(products: Sequence[OwnedProduct], *, today: date) -> Table:
    """Services, repairs, complaints and renewals of all products, the newest first."""
    events = [
        event for product in products for event in product.events.all() if event.voided_at is None
    ]
    events.sort(key=lambda event: (event.on, event.pk), reverse=True)
    names = {product.pk: panel_name(product, today=today)[0] for product in products}
    lines = [
        Line(
            [
                _day(event.on),
                str(ProductEventKind(event.kind).label),
                names[event.product_id],
                event.noted_by.name,
                event_text(event, today=today),
            ]
        )
        for event in events
    ]
    return _table(lines, most=MOST_EVENTS)


def _referrals(customer: Customer, reader: Reach) -> Table:
    """Whom they sent us, when, and what became of it; strangers' customers are counted only."""
    sent = Customer.objects.filter(referrer=customer, merged_into=None)
    seen = visible(reader).filter(referrer=customer).order_by("-registered_at", "-pk")
    lines = [
        Line(
            [
                _day(timezone.localdate(row.registered_at)),
                mask_in_text(row.name),
                _("Bought") if row.bought_count else str(Grade(row.grade).label),
            ]
        )
        for row in seen[:MOST_OTHERS]
    ]
    return Table(lines, sent.count() - len(lines))


def _keepers(customer: Customer) -> Table:
    """From whose hands into whose the customer went, the newest first."""
    changes = list(
        AuditEntry.objects.filter(
            object_type=Customer._meta.label_lower, object_id=customer.pk, verb="assign"
        ).order_by("-at", "-pk")
    )
    ids = {change.detail.get(side) for change in changes for side in ("before", "after")}
    names = dict(Person.objects.filter(pk__in=ids - {None}).values_list("pk", "name"))
    nobody = _("nobody")
    lines = [
        Line(
            [
                _day(timezone.localdate(change.at)),
                names.get(change.detail.get("before"), nobody),
                names.get(change.detail.get("after"), nobody),
            ]
        )
        for change in changes
    ]
    return _table(lines, most=MOST_OTHERS)
