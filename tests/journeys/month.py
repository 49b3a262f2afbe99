"""A store whose days a journey moves on, and the people at its screens.

The clock of everybody, the database's too, is moved on from day to day.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import time_machine
from django.utils import timezone

from core.clock import database_now
from followups.services import engine
from staff.models import Person, Store
from tests.journeys.conftest import DESK, PHONE, Visit


class ShiftedClock:
    """In place of the database's clock: the one that the test has moved."""

    def __enter__(self):
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing to give back."""

    def cursor(self):
        return self

    def execute(self, _asked: str) -> None:
        """The time is asked of nobody else."""

    def fetchone(self) -> tuple[datetime]:
        return (timezone.now(),)


@dataclass
class Month:
    """A store, its people, and the day it is."""

    visit: object
    store: Store
    seller: Person
    clerk: Person
    manager: Person
    finance: Person
    first: date
    windows: ExitStack
    hands: dict[int, "Hand"] = field(default_factory=dict)
    day: date = field(init=False)

    def __post_init__(self) -> None:
        self.day = self.first

    @contextmanager
    def on(self, number: int, hour: int = 10) -> Iterator[None]:
        """It is so many days after the first, and the engine has been asked."""
        self.day = self.first + timedelta(days=number)
        moment = datetime.combine(self.day, time(hour), self.store.tzinfo)
        with time_machine.travel(moment, tick=True):
            assert database_now().date() == timezone.now().date()
            engine.ask(now=timezone.now())
            yield

    def after(self, days: int) -> str:
        """The day so many days from the first, as a field takes it."""
        return (self.first + timedelta(days=days)).isoformat()

    def as_(self, person: Person) -> "Hand":
        """This person at the screens, in a window that stays: salespeople on a phone, the others
        at a desk.
        """
        if person.pk not in self.hands:
            size = PHONE if person == self.seller else DESK
            self.hands[person.pk] = Hand(self.windows.enter_context(self.visit(size)))
        hand = self.hands[person.pk]
        if hand.came_on != self.day:
            hand.here.sign_in(person.username)
            hand.came_on = self.day
        return hand


class Hand:
    """What somebody does on pages, and what they read there."""

    def __init__(self, here: Visit) -> None:
        self.here, self.page = here, here.page
        self.came_on: date | None = None

    def fill(self, **said: object) -> None:
        """Type into fields, tick and choose."""
        for name, value in said.items():
            if isinstance(value, list):
                for each in value:
                    self.page.locator(f"[name='{name}'][value='{each}']").check(force=True)
                continue
            here = self.page.locator(f"[name='{name}']").first
            if here.evaluate("field => field.tagName") == "SELECT":
                here.select_option(str(value))
            else:
                here.fill(str(value))

    def send(self) -> None:
        """The one act of the page; the answer is there."""
        if self.page.locator("#lines-total").count():
            # The sum follows what was typed; the browser complains of requests that are cut off.
            self.page.keyboard.press("Tab")
            self.page.wait_for_load_state("networkidle")
        with self.page.expect_navigation():
            self.page.locator("button.act[type=submit]").click()

    def act(self, path: str, **said: object) -> None:
        """One act on its small page; it is done, and the page is left."""
        self.here.go(path)
        self.fill(**said)
        self.send()
        assert not self.page.url.endswith(path), self.said()

    def refused(self, path: str, *, because: str, **said: object) -> None:
        """An act that cannot be done says why and stays."""
        self.here.go(path)
        self.fill(**said)
        self.send()
        assert self.page.url.endswith(path)
        assert because in self.said()

    def said(self) -> str:
        return self.page.locator("body").inner_text()

    def reads(self, path: str, *words: str) -> None:
        """The page says this."""
        self.here.go(path)
        told = self.said()
        assert [word for word in words if word not in told] == [], told
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def colour(self, path: str) -> str:
        """The colour of an order, by its word, in the ledger."""
        self.here.go("/orders/")
        self.page.locator(".sums b").first.wait_for()
        row = self.page.locator(f"tr:has(a[href='{path}'])")
        return row.locator(".hue").first.inner_text().strip()
