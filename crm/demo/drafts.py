"""Customers with their histories as plain values, before they become rows."""

from dataclasses import dataclass, field
from datetime import date, datetime

from customers.states import Channel, Grade, NextKind, NoStepReason, Outcome, Quiet, Reason


@dataclass(kw_only=True)
class Talk:
    """One contact. `next_kind` empty with a day is an attempt and when to try again."""

    at: datetime
    by_id: int
    channel: Channel = Channel.CALL
    outcome: Outcome = Outcome.CONNECTED
    reason: Reason | str = Reason.OTHER
    note: str = ""
    grade: Grade
    next_kind: NextKind | str = ""
    next_on: date | None = None
    next_at: datetime | None = None
    next_text: str = ""
    none_reason: NoStepReason | str = ""
    is_imported: bool = False
    logged_at: datetime | None = None


@dataclass(kw_only=True)
class Bought:
    """One product of a customer, and the order it came from where that is in the system."""

    product: str
    serial: str = ""
    sold_by_id: int | None
    purchased_on: date | None = None
    purchased_noted_at: datetime | None = None
    delivered_on: date
    delivered_at: datetime | None = None
    delivered_noted_at: datetime
    insurance_until: date | None = None
    insurer: str = ""
    colour: str = ""
    plate: str = ""
    price: int | None = None
    warranty_until: date | None = None
    order_number: str = ""


@dataclass(kw_only=True)
class Draft:
    """One customer: the card, numbers, the contacts in order of time, and what they own."""

    name: str
    title: str
    store_id: int
    owner_id: int | None
    registered_by_id: int
    registered_at: datetime
    first_seen_at: datetime
    grade: Grade
    phones: list[str]
    quiet: Quiet = Quiet.NONE
    wechat: str = ""
    source: str = ""
    referrer_text: str = ""
    need: str = ""
    expected_purchase: str = ""
    budget: str = ""
    address: str = ""
    contact_time: str = ""
    note: str = ""
    birth: tuple[int, int, int, bool] | None = None
    intent: str = ""
    company: str = ""
    job: str = ""
    hobbies: str = ""
    home_area: int | None = None
    home_layout: str = ""
    home_style: str = ""
    decoration: str = ""
    talks: list[Talk] = field(default_factory=list)
    bought: list[Bought] = field(default_factory=list)
    grades: list[tuple[datetime, Grade, Grade]] = field(default_factory=list)
