"""A quarter of filed leads, told through the services: who filed, what lapsed, who sold, what is
before the operations manager.

Each story is a customer of its own with moments in the past; all moments of all stories are played
in the order of time, for quotas and rivals are others' doing. `crm.demo.filing_stories` has them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from core.keyring import keyring
from core.phones import Phone, normalise
from core.refusals import Refused
from crm.demo import talk
from crm.demo.cards import Drafter
from crm.demo.company import ZONE
from crm.demo.names import customer_name
from crm.demo.places import BY_NAME, City, address
from crm.demo.stage import DAY, Moment, Stage, play
from customers.models import Customer, Project
from customers.rules import NextStep
from customers.services import give_access, register_customer
from customers.services.attachments import add_attachments
from customers.services.pictures import read_picture
from customers.states import (
    AttachmentKind,
    Channel,
    ExpectedPurchase,
    Grade,
    NextKind,
    NoStepReason,
    Outcome,
    Reason,
    Source,
)
from filings import services as filings
from filings.models import Filing
from filings.services import Lead
from filings.services.sweeping import sweep
from followups import services as followups
from followups.states import Override
from orders.models import Payment
from orders.services import NewDeposit, take_deposit
from orders.states import BILL_METHODS, Method
from staff.models import Person
from staff.states import Role

# One lead in so many customers of the demonstration, and no more of them than are told here.
ONE_IN, MOST = 9, 150
SWEPT_FOR = 92
# How a deposit is paid on the spot; a bill would want its number, bank and due day.
AT_THE_TILL = tuple(method for method in Method if method not in BILL_METHODS)
NOTES = (
    "看了三款沙发，倾向布艺，回去量尺寸。", "电话沟通，户型图已发，等设计初稿。",
    "来店复看，对床垫软硬还在比较。", "微信确认颜色，问了安装时间。", "约了上门，钥匙在物业。",
    "报了套餐价，客户说和家人商量。", "问了环保检测报告，已发。", "客户想等装修进度，保持联系。",
)  # fmt: skip
VISITS = (
    (Channel.CALL, Outcome.CONNECTED), (Channel.WECHAT, Outcome.REPLIED),
    (Channel.STORE_VISIT, Outcome.MET), (Channel.CALL, Outcome.CONNECTED),
)  # fmt: skip


def leads_of(customers: int) -> int:
    """How many customers of a demonstration of this size come with a filed lead."""
    return min(customers // ONE_IN, MOST)


def sketch(words: str) -> bytes:
    """A floor plan as somebody draws one."""
    picture = Image.new("RGB", (640, 480), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 60, 580, 420), outline="black", width=5)
    pen.line((320, 60, 320, 300), fill="black", width=5)
    pen.line((60, 260, 320, 260), fill="black", width=3)
    pen.text((80, 440), words, fill="black")
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return kept.getvalue()


@dataclass(kw_only=True)
class Card:
    """One customer of a story: what was typed, and what became of it."""

    name: str
    phone: Phone
    address: str
    need: str
    customer: Customer | None = None
    filings: list[Filing] = field(default_factory=list)
    deposits: list[Payment] = field(default_factory=list)

    @property
    def who(self) -> Customer:
        """The card as it is now."""
        if self.customer is None:
            raise LookupError("not registered yet")
        return Customer.objects.select_related("store", "owner").get(pk=self.customer.pk)

    @property
    def filing(self) -> Filing:
        return Filing.objects.select_related("store", "holder", "filer").get(pk=self.filings[0].pk)


@dataclass(kw_only=True)
class Teller:
    """Collects the moments of stories, and plays them in the order of time."""

    stage: Stage
    drafter: Drafter
    moments: list[Moment] = field(default_factory=list)
    cards: int = 0
    told: list[Card] = field(default_factory=list)

    @property
    def last(self) -> Card:
        """The customer of the story told last."""
        return self.told[-1]

    def person(self, username: str) -> Person:
        return self.stage.people[username]

    def at(self, days_ago: float, hour: int = 10, minute: int | None = None) -> datetime:
        return self.stage.at(int(days_ago), hour, minute)

    def then(self, at: datetime, act: Callable[[datetime], Any]) -> datetime:
        """Play this at that moment; yesterday evening at the latest."""
        at = min(at, datetime.combine(self.stage.today - DAY, datetime.max.time(), ZONE))
        self.moments.append((at, len(self.moments), act))
        return at

    def play(self) -> None:
        """All moments in the order of time; each night the clocks of leads are swept."""
        for ago in range(SWEPT_FOR, 0, -1):
            self.then(self.at(ago, 0, 30), lambda now: sweep(now=now, is_confirmed=True))
        play(self.moments)

    def card(self, city: str = "郑州", *, home: str | None = None) -> Card:
        """Somebody new, with a home that names its city."""
        rng = self.stage.rng
        place = BY_NAME[city]
        typed = address(rng, place)
        typed = (
            typed
            if city in typed
            else f"{city}市{rng.choice(place.districts)}{_bare(typed, place)}"
        )
        card = Card(
            name=customer_name(rng)[0],
            phone=normalise(self.drafter.number()),
            address=typed if home is None else home,
            need=talk.say(rng, talk.NEEDS["furniture"]),
        )
        self.told.append(card)
        return card

    # What people do, each through the service that a screen would call

    def register(self, card: Card, by: str, at: datetime, *, grade: Grade = Grade.C2) -> None:
        self.cards += 1

        def act(now: datetime) -> None:
            person = self.person(by)
            if (store := person.store) is None:
                raise LookupError(f"{by} works in no store")
            card.customer = register_customer(
                name=card.name, phones=[card.phone], store=store, owner=person, grade=grade,
                by=person, now=now, address=card.address, need=card.need,
                expected_purchase=ExpectedPurchase.MONTH,
                source=Source.FIELD_INVITE if person.role == Role.SALES_FIELD else Source.WALK_IN,
            )  # fmt: skip

        self.then(at, act)

    def file(
        self, card: Card, by: str, at: datetime, *, had_at: datetime | None = None, **lead: Any
    ) -> None:
        """Filed with the number in hand for twenty minutes, or since `had_at`."""

        def act(now: datetime) -> None:
            person, customer = self.person(by), card.who
            project = lead.pop("project", None) or _first_project(customer)
            said = Lead(
                project=project() if callable(project) else project,
                acquired_at=had_at or now - timedelta(minutes=20), **lead,
            )  # fmt: skip
            filing = filings.file_lead(
                customer=customer, lead=said, filer=person, by=person, now=now
            )
            card.filings.append(filing)
            if filing.submitted_at is not None and not filing.invalid:
                give_access(customer=customer, person=person)

        self.then(at, act)

    def enter(self, card: Card, by: str, at: datetime, *, grade: Grade = Grade.C2) -> None:
        """Registered, and filed some minutes later."""
        self.register(card, by, at, grade=grade)
        self.file(card, by, at + timedelta(minutes=3))

    def meet(
        self, card: Card, by: str, at: datetime, *, next_in: int | None = None, **said: Any
    ) -> None:
        """The customer was reached; what is next was agreed, or why nothing was."""
        channel, outcome = said.pop("way", None) or self.stage.rng.choice(VISITS)
        note = said.pop("note", None) or self.stage.rng.choice(NOTES)

        def act(now: datetime) -> None:
            customer = card.who
            on = None if next_in is None else customer.store.today(now) + next_in * DAY
            step = (
                NextStep(kind=NextKind.NONE, none_reason=NoStepReason.NO_NEED)
                if on is None
                else NextStep(kind=NextKind.CALL, on=on)
            )
            followups.log_contact(
                customer=customer, channel=channel, outcome=outcome, reason=Reason.DESIGN,
                note=note, next_step=step, by=self.person(by), now=now, key=self.stage.key(),
                override=Override.NEEDED, **said,
            )  # fmt: skip

        self.then(at, act)

    def miss(self, card: Card, by: str, at: datetime) -> None:
        """A call that reached nobody, which moves no clock (FIL-29)."""

        def act(now: datetime) -> None:
            customer = card.who
            followups.log_contact(
                customer=customer, channel=Channel.CALL, outcome=Outcome.UNANSWERED,
                note="响铃无人接听", retry_on=customer.store.today(now) + DAY, by=self.person(by),
                now=now, key=self.stage.key(), override=Override.NEEDED,
            )  # fmt: skip

        self.then(at, act)

    def keep_up(self, card: Card, by: str, *, since: int, until: int = 1, every: int = 3) -> None:
        """Reached each few days from one day ago to another; the last agrees on the days ahead."""
        days = list(range(since, until - 1, -every))
        for index, ago in enumerate(days):
            is_last = index == len(days) - 1
            next_in = (ago + self.stage.rng.randint(1, 4) if until <= every else None) if (
                is_last
            ) else every  # fmt: skip
            self.meet(card, by, self.at(ago, self.stage.rng.randint(11, 18)), next_in=next_in)

    def measure(self, card: Card, by: str, at: datetime) -> None:
        def act(now: datetime) -> None:
            customer = card.who
            followups.record_measuring(
                customer=customer, picture=read_picture(sketch(f"{customer.pk}")),
                next_step=NextStep(kind=NextKind.CALL, on=customer.store.today(now) + 3 * DAY),
                by=self.person(by), now=now, key=self.stage.key(), place=card.address[:100],
                note="客厅4.6×3.9m，主卧3.8×3.6m，门洞0.9m",
            )  # fmt: skip

        self.then(at, act)

    def sell(
        self, card: Card, by: str, at: datetime, *, amount: int = 5000, home: str = ""
    ) -> None:
        """A deposit from the number, whoever's customer it is."""

        def act(now: datetime) -> None:
            taken = NewDeposit(
                phone=card.phone, payer=card.name, amount=Decimal(amount),
                method=self.stage.rng.choice(AT_THE_TILL), address=home or card.address,
            )  # fmt: skip
            person = self.person(by)
            card.deposits.append(
                take_deposit(taken=taken, by=person, key=self.stage.key(), now=now)
            )

        self.then(at, act)

    def attach(self, card: Card, by: str, now: datetime, words: str) -> Any:
        """A picture on the card, as proof or evidence."""
        person, customer = self.person(by), card.who
        add_attachments(
            customer=customer, pictures=[read_picture(sketch(words))],
            kind=AttachmentKind.SKETCH, caption=words, by=person, now=now, key=self.stage.key(),
        )  # fmt: skip
        return customer.attachments.latest("pk")


def _bare(typed: str, place: City) -> str:
    """The estate and the door, without a district in front: 桂花小区 is an estate."""
    return next(
        (typed.removeprefix(one) for one in place.districts if typed.startswith(one)), typed
    )


def _first_project(customer: Customer) -> Project:
    return Project.objects.filter(customer=customer).earliest("pk")


def known_card(customer: Customer) -> Card:
    """A customer of the demonstration, as somebody at the till meets them."""
    number = customer.phones.filter(is_primary=True).get()
    return Card(
        name=customer.name, phone=normalise(keyring().decrypt(number.cipher)),
        address=customer.address, need=customer.need, customer=customer,
    )  # fmt: skip


def quietly(act: Callable[[], Any]) -> None:
    """An act that the rules may refuse by then: the story goes on."""
    try:
        act()
    except Refused:
        return
