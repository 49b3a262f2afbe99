"""The customer card on paper (顾客资料卡, forms 2.7): one sheet, blanks where nothing is known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import date_text
from core.phones import mask_in_text
from customers.models import Contact
from customers.queries import contacts_of
from customers.queries.attachments import attached
from customers.queries.knowing import KnownCustomer
from customers.states import AttachmentKind, Channel, NextKind, Outcome, Reason, ServiceWanted
from desk.card.birthdays import birthday_of
from desk.card.facts import id_for
from desk.card.head import contact_time_of
from staff.scope import ATTACHMENT_ROLES, Reach

LINES_OF_LOG = 12
MOST_FAMILY = 6


@dataclass(frozen=True)
class Box:
    """One field of the sheet; a wide one takes the whole line."""

    label: str
    value: str
    is_wide: bool = False


@dataclass(frozen=True)
class Tick:
    """A box that is ticked or not."""

    label: str
    is_ticked: bool


@dataclass(frozen=True)
class LogLine:
    """One line of the contact log; an empty one is for the pen."""

    on: str = ""
    way: str = ""
    text: str = ""
    next_step: str = ""
    next_on: str = ""
    by: str = ""


@dataclass(frozen=True)
class Paper:
    """All that stands on the sheet."""

    name: str
    title: str
    grade: str
    store: str
    boxes: list[Box]
    services: list[Tick]
    log: list[LogLine]


def paper_of(customer: KnownCustomer, reader: Reach, *, now: datetime) -> Paper:
    """The sheet of one customer. Numbers are masked whoever prints it: paper is left lying."""
    today = customer.store.today(now)
    wanted = customer.services_wanted or []
    return Paper(
        name=mask_in_text(customer.name),
        title=customer.shown_title,
        grade=customer.grade,
        store=customer.store.name,
        boxes=list(_boxes(customer, reader, today=today)),
        services=[Tick(str(each.label), each.value in wanted) for each in ServiceWanted],
        log=_log(customer, today=today),
    )


def _boxes(customer: KnownCustomer, reader: Reach, *, today: date) -> Iterator[Box]:
    yield from _how_to_reach(customer, reader)
    yield Box(_("First visit"), _day(customer.store.today(customer.first_seen_at), today))
    yield Box(_("Consultant"), customer.owner.name if customer.owner else "")
    yield from _wishes(customer, today=today)
    yield from _home(customer)
    yield Box(_("Birthday"), birthday_of(customer))
    yield Box(_("Works"), _list([customer.company, customer.job]))
    yield Box(_("Hobbies"), mask_in_text(customer.hobbies))
    yield Box(_("Family"), _family(customer), is_wide=True)
    if reader.has_role(ATTACHMENT_ROLES):
        yield Box(_("Pictures kept"), _pictures(customer), is_wide=True)
    yield Box(_("Note"), mask_in_text(customer.note), is_wide=True)


def _how_to_reach(customer: KnownCustomer, reader: Reach) -> Iterator[Box]:
    in_use = [each["masked"] for each in customer.numbers if each["retired_at"] is None]
    yield Box(_("Phone"), _list(in_use))
    yield Box(_("WeChat"), id_for(reader, customer.wechat))
    yield Box(_("E-mail"), id_for(reader, customer.email))
    yield Box(_("Suitable contact time"), contact_time_of(customer))
    yield Box(_("Address"), mask_in_text(customer.address), is_wide=True)


def _wishes(customer: KnownCustomer, *, today: date) -> Iterator[Box]:
    interests = [mask_in_text(each) for each in customer.interest_words]
    referrer = customer.referrer.name if customer.referrer else customer.referrer_text
    expected = str(customer.get_expected_purchase_display())
    if customer.expected_on:
        expected = _day(customer.expected_on, today)
    yield Box(_("Interested in"), _list(interests), is_wide=True)
    yield Box(_("Need"), mask_in_text(customer.need), is_wide=True)
    yield Box(_("Budget"), mask_in_text(customer.budget))
    yield Box(_("Means to buy"), expected)
    yield Box(_("Source"), str(customer.get_source_display()))
    yield Box(_("Referred by"), mask_in_text(referrer))
    yield Box(_("Competitor"), mask_in_text(customer.competitor))


def _home(customer: KnownCustomer) -> Iterator[Box]:
    area = f"{customer.home_area.normalize():f}" if customer.home_area else ""
    yield Box(_("Area, m²"), area)
    yield Box(_("Layout"), mask_in_text(customer.home_layout))
    yield Box(_("Style"), mask_in_text(customer.home_style))
    yield Box(_("Decoration"), str(customer.get_decoration_display()))


def _family(customer: KnownCustomer) -> str:
    """Spouse 王磊 lunar 8-15; at most a handful, for the sheet has one page."""
    members = list(customer.household.order_by("pk")[: MOST_FAMILY + 1])
    said = [
        " ".join(
            filter(
                None,
                [str(each.get_relation_display()), mask_in_text(each.name), birthday_of(each)],
            )
        )
        for each in members[:MOST_FAMILY]
    ]
    return _list([*said, "…"] if len(members) > MOST_FAMILY else said)


def _pictures(customer: KnownCustomer) -> str:
    """Floor plan 1, Photo 3."""
    counts = (
        attached()
        .filter(customer=customer)
        .values_list("kind")
        .annotate(count=Count("pk"))
        .order_by("kind")
    )
    return _list(f"{AttachmentKind(kind).label} {count}" for kind, count in counts)


def _log(customer: KnownCustomer, *, today: date) -> list[LogLine]:
    """The last contacts, newest first, then lines for the pen."""
    last = contacts_of(customer).filter(voided_at=None)[:LINES_OF_LOG]
    lines = [_line(contact, today=today) for contact in last]
    return lines + [LogLine()] * (LINES_OF_LOG - len(lines))


def _line(contact: Contact, *, today: date) -> LogLine:
    said = [str(Outcome(contact.outcome).label)]
    if contact.reason and contact.reason != Reason.OTHER:
        said.append(str(Reason(contact.reason).label))
    step = str(NextKind(contact.next_kind).label) if contact.next_kind else ""
    return LogLine(
        on=_day(timezone.localdate(contact.occurred_at), today),
        way=str(Channel(contact.channel).label),
        text=" ".join(filter(None, [_list(said), mask_in_text(contact.note)])),
        next_step=" ".join(filter(None, [step, mask_in_text(contact.next_text)])),
        next_on=_day(contact.next_on, today) if contact.next_on else "",
        by=contact.by.name,
    )


def _day(day: date, today: date) -> str:
    return date_text(day, today=today)


def _list(parts: Iterable[str]) -> str:
    return _(", ").join(mask_in_text(str(part)) for part in parts if part)
