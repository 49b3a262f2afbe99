"""Random histories of leads, close to the edges: ±1 second of 3, 10, 15 days and of a month."""

from datetime import datetime, timedelta
from random import Random

from filings.rules import Clock, Terms
from filings.rules import events as happened
from filings.states import Channel, LapseBy, RequestKind, Withdrawn
from tests.filings.reference import ZONE, Reference, midnight

SECOND = timedelta(seconds=1)
PEOPLE = {"s1": True, "s2": True, "g1": False, "g2": False}  # whether they are field sales
PROJECTS = ("P", "P", "P", "Q")
CLOCK = Clock(zone=ZONE)
DELAYS = (
    *[timedelta(0)] * 6,
    timedelta(hours=3),
    *(timedelta(days=1) + n * SECOND for n in (-1, 0, 1)),
)
WEIGHTS = {
    "file": 9, "contact": 9, "measure": 2, "void_contact": 2, "ask": 3, "answer": 3, "withdraw": 1,
    "release": 1, "resume": 2, "hand_over": 1, "deposit": 2, "refund": 1,
    "rule": 3, "later": 1, "join": 1, "credit": 1,
}  # fmt: skip


class History:
    """A history being made up: each step is a name and its arguments, as the reference has them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.at = datetime(2026, 1, self.random.randint(1, 28), 9, tzinfo=ZONE)
        self.marks: list[datetime] = []
        self.filings: list[str] = []
        self.requests: list[tuple[str, str]] = []
        self.contacts: list[str] = []
        self.deals: list[str] = []
        self.number = 0
        self.terms = Terms(
            field_quota=self.random.choice((1, 2, 20)),
            lapse_by=self.random.choice((LapseBy.FILING, LapseBy.FILING, LapseBy.DEPOSIT)),
        )

    def reference(self) -> Reference:
        is_only = self.terms.lapse_by == LapseBy.DEPOSIT
        return Reference(quota=self.terms.field_quota, ends_by_deposit_only=is_only)

    def steps(self, count: int):
        kind = ""
        for _index in range(count):
            if kind == "ask" and self.random.random() < 0.4:
                kind = "answer"  # soon, or few would ever be answered in time
            else:
                self.advance()
                kinds = [kind for kind in WEIGHTS if self.can(kind)]
                kind = self.random.choices(kinds, [WEIGHTS[kind] for kind in kinds])[0]
            yield kind, getattr(self, kind)()

    def advance(self) -> None:
        """To an edge that lies ahead, on by hours or days, or not at all."""
        ahead = [mark for mark in self.marks if mark >= self.at]
        way = self.random.random()
        if ahead and way < 0.45:
            self.at = max(
                self.at, self.random.choice(ahead) + self.random.choice((-1, 0, 1)) * SECOND
            )
        elif way < 0.85:
            self.at += timedelta(seconds=self.random.choice((1, 60, 9_000, 90_000, 400_000)))

    def mark(self, *days: int) -> None:
        turn = (self.at.replace(day=28) + timedelta(days=7)).replace(
            day=1, hour=0, minute=0, second=0
        )
        self.marks = [*self.marks[-12:], *(midnight(self.at, n) for n in days), turn]

    def can(self, kind: str) -> bool:
        needed = {
            "file": True, "contact": True, "measure": True, "deposit": True,
            "void_contact": self.contacts, "answer": self.requests, "refund": self.deals,
            "credit": self.deals,
        }  # fmt: skip
        return bool(needed.get(kind, self.filings))

    def new(self, letter: str) -> str:
        self.number += 1
        return f"{letter}{self.number}"

    def who(self) -> str:
        return self.random.choice(list(PEOPLE))

    def file(self):
        key, person = self.new("f"), self.who()
        self.filings.append(key)
        self.mark(3, 10, 15)
        project = self.random.choice(PROJECTS)
        return self.at, key, project, person, PEOPLE[person], self.at - self.random.choice(DELAYS)

    def contact(self):
        key = self.new("c")
        self.contacts.append(key)
        self.mark(3, 10)
        project = self.random.choice(PROJECTS)
        return self.at, key, project, self.who(), self.at - self.random.choice(DELAYS)

    def measure(self):
        key = self.new("m")
        self.contacts.append(key)
        self.mark(10)
        return self.at, key, self.random.choice(PROJECTS), self.who(), self.at, True

    def void_contact(self):
        return self.at, self.random.choice(self.contacts)

    def ask(self):
        key, filing = self.new("r"), self.random.choice(self.filings[-3:])
        self.requests.append((key, filing))
        self.mark(2)
        return self.at, key, filing, midnight(self.at, 2), self.random.random() < 0.7

    def answer(self):
        key, filing = self.random.choice(self.requests[-2:])
        days = self.random.choice((None, 1, 5, 15))
        if days is not None:
            self.mark(days)
        return self.at, key, filing, None if days is None else midnight(self.at, days)

    def withdraw(self):
        code = self.random.choice(("REVIEW_REJECTED", "VOIDED"))
        return self.at, self.random.choice(self.filings), code

    def release(self):
        return self.at, self.random.choice(self.filings)

    def resume(self):
        return self.at, self.random.choice(self.filings)

    def hand_over(self):
        self.mark(3)
        return self.at, self.random.choice(self.filings), self.who()

    def deposit(self):
        key = self.new("d")
        self.deals.append(key)
        return self.at, key, self.random.choice(PROJECTS), self.who()

    def rule(self):
        self.mark(3)
        return self.at, self.random.choice(self.filings)

    later = join = release

    def credit(self):
        filing = self.random.choice((None, *self.filings))
        return self.at, self.random.choice(self.deals), filing

    def refund(self):
        return self.at, self.deals.pop(self.random.randrange(len(self.deals)))


def as_event(kind: str, told: tuple, terms: Terms) -> happened.Event:
    """One step in the words of the rules."""
    at, *rest = told
    if kind == "file":
        key, project, person, is_field, had = rest
        return happened.Filed(
            at=at, filing=key, customer="K", project=project, filer=person, acquired_at=had,
            channel=Channel.FIELD if is_field else Channel.STORE, terms=terms, clock=CLOCK,
        )  # fmt: skip
    if kind in ("contact", "measure"):
        key, project, person, real, *_more = rest
        made = {"at": at, "contact": key, "person": person, "customer": "K", "project": project}
        if kind == "measure":
            return happened.Measured(**made)
        return happened.Contacted(**made, occurred_at=real)
    return _of_filing(kind, at, rest)


def _of_filing(kind: str, at: datetime, rest: list) -> happened.Event:
    if kind == "ask":
        key, filing, until, is_limit = rest
        asked = RequestKind.LIMIT if is_limit else RequestKind.SILENCE
        return happened.Asked(at=at, request=key, filing=filing, kind=asked, held_until=until)
    if kind == "answer":
        key, filing, until = rest
        return happened.Answered(at=at, request=key, filing=filing, until=until)
    if kind == "withdraw":
        filing, code = rest
        if code == "VOIDED":
            return happened.Voided(at=at, filing=filing, because=Withdrawn.VOIDED)
        return happened.Rejected(at=at, filing=filing)
    made = {
        "void_contact": lambda key: happened.ContactVoided(at=at, contact=key, customer="K"),
        "release": lambda filing: happened.Released(at=at, filing=filing),
        "resume": lambda filing: happened.Resumed(at=at, filing=filing),
        "hand_over": lambda filing, person: happened.HandedOver(
            at=at, filing=filing, holder=person
        ),
        "deposit": lambda key, project, closer: happened.Dealt(
            at=at, deal=key, customer="K", project=project, closer=closer
        ),
        "refund": lambda key: happened.Undone(at=at, deal=key),
        "credit": lambda key, filing: happened.Credited(at=at, deal=key, filing=filing),
        "rule": lambda filing: happened.RuledFirst(at=at, filing=filing),
        "later": lambda filing: happened.Voided(
            at=at, filing=filing, because=Withdrawn.MERGED
        ),
        "join": lambda filing: happened.Joined(at=at, filing=filing),
    }  # fmt: skip
    return made[kind](*rest)
