"""Renewals, first services, warranties and birthdays against the oracle, over random lives.

Whatever happens to a customer and however often the engine is asked, what stands is what the slow
account of `oracle_year` owes, less what was done; and the pure rules agree.
"""

from contextlib import suppress
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db.models import Q
from hypothesis import example, given
from hypothesis import strategies as st

from core.refusals import Refused
from customers import services as customers
from customers.models import Customer, OwnedProduct
from customers.services import Happening, ProductDetails
from customers.services import people as people_of_card
from customers.services.products import version_of_product
from customers.states import GoneReason, ProductEventKind, QuietReason
from followups import services
from followups.models import Obligation
from followups.services import engine, people
from followups.states import BIRTHDAY_ANCHORS, TERM_ANCHORS, Cause, State
from followups.verification import obligation_differences, task_differences
from tests.examples import examples
from tests.followups import oracle, oracle_year
from tests.followups.build import SHANGHAI, at, customer, shop
from tests.followups.test_engine_properties import (
    every_open_obligation_stands_on_an_open_task_of_its_day,
    undone,
)

pytestmark = pytest.mark.django_db
HORIZON = timedelta(days=60)
INSURANCE = {"dealer_insurance_45": 45, "dealer_insurance_33": 33, "dealer_insurance_30": 30}
FIRST_SERVICE = {"dealer_first_service": 14, "dealer_first_service_lead": 14}
WARRANTY = {"dealer_warranty": 30}
BORN = ("birth_month", "birth_day", "birth_is_lunar", "birth_is_leap_month")

ahead = st.none() | st.integers(-30, 500)
births = st.one_of(
    st.tuples(st.integers(1, 12), st.integers(1, 28), st.just(False), st.just(False)),
    st.just((2, 29, False, False)),
    st.tuples(st.integers(1, 12), st.integers(1, 30), st.just(True), st.booleans()),
    st.none(),
)
NOTHING = st.none()
EITHER = (
    st.tuples(st.just("wait"), st.tuples(st.integers(1, 40), st.sampled_from([0, 1, 3]))),
    st.tuples(st.just("born"), births),
    st.tuples(st.just("do"), st.integers(0, 5)),
    st.tuples(st.just("quiet"), st.sampled_from(["", "marketing", "visits", "all"])),
)
BUYER = st.one_of(
    *EITHER,
    st.tuples(st.just("insure"), ahead),
    st.tuples(st.just("warrant"), ahead),
    st.tuples(st.just("service_by"), ahead),
    st.tuples(st.just("renew"), st.integers(1, 400)),
    st.tuples(st.just("serviced"), NOTHING),
    st.tuples(st.just("take_back"), NOTHING),
    st.tuples(st.just("gone"), NOTHING),
    st.tuples(st.just("back"), NOTHING),
)
PROSPECT = st.one_of(
    *EITHER,
    st.tuples(st.just("wife"), births),
    st.tuples(st.just("wife_gone"), NOTHING),
    st.tuples(st.just("grade"), st.sampled_from(["A", "B1", "C2", "D"])),
)


class Year:
    """One customer and what happens to them; each act asks the engine, waiting as often as said."""

    def __init__(self, *, grade: str) -> None:
        self.now = at("2026-03-01 10:00")
        self.place = shop()
        self.who = customer(self.place, now=self.now, grade=grade)
        self.seen: set[tuple[str, int, int]] = set()
        self.stood: set[tuple[str, int, int]] = set()
        self.car_id = 0
        if grade == "B2":
            self.car_id = services.record_delivery(
                customer=self.who, product="S1", delivered_on=self.today, by=self.place.seller,
                now=self.now, key=uuid4(),
            ).pk  # fmt: skip
        engine.ask(now=self.now)
        self.asked_on = self.today
        # The ends of insurances that were renewed since, as they happened.
        self.renewed: list[date] = []

    @property
    def today(self) -> date:
        return self.now.astimezone(SHANGHAI).date()

    @property
    def how(self) -> dict:
        return {"by": self.place.manager, "now": self.now}

    @property
    def card(self) -> Customer:
        return Customer.objects.get(pk=self.who.pk)

    @property
    def car(self) -> OwnedProduct:
        return OwnedProduct.objects.get(pk=self.car_id)

    def act(self, name: str, told) -> None:
        self.stood = set(self.standing())
        with suppress(Refused):  # gone already, no longer than it is insured, not there
            getattr(self, name)(told)
        if name != "wait":
            engine.touch_and_ask(customers=[self.who.pk], now=self.now)
            self.asked_on = self.today

    def wait(self, told: tuple[int, int]) -> None:
        days, times = told
        self.now += timedelta(days=days)
        for _time in range(times):
            engine.ask(now=self.now)
            self.asked_on = self.today

    def day(self, days: int | None) -> date | None:
        return None if days is None else self.today + timedelta(days=days)

    def _correct(self, **terms) -> None:
        row = self.car
        kept = {name: getattr(row, name) for name in ("first_service_on", "warranty_until")}
        details = ProductDetails(**{name: terms.get(name, kept[name]) for name in kept})
        services.change_delivery(
            product=row, seen=version_of_product(row), name=row.product, serial="",
            sold_by=row.sold_by, purchased_on=None, delivered_on=row.delivered_on,
            delivered_at=None, details=details,
            insurance_until=terms.get("insurance_until", row.insurance_until), **self.how,
        )  # fmt: skip

    def insure(self, days: int | None) -> None:
        self._correct(insurance_until=self.day(days))

    def warrant(self, days: int | None) -> None:
        self._correct(warranty_until=self.day(days))

    def service_by(self, days: int | None) -> None:
        self._correct(first_service_on=self.day(days))

    def _happen(self, **told) -> None:
        services.record_product_event(
            product=self.car, told=Happening(on=self.today, **told), key=uuid4(), **self.how
        )

    def renew(self, days: int) -> None:
        before = self.car.insurance_until
        self._happen(kind=ProductEventKind.RENEWAL, insured_until=self.day(days))
        self.renewed += [before] if before else []

    def serviced(self, _none) -> None:
        self._happen(kind=ProductEventKind.FIRST_SERVICE)

    def take_back(self, _none) -> None:
        if event := self.car.events.filter(voided_at=None).order_by("-pk").first():
            services.void_product_event(event=event, reason="错", **self.how)
            if event.kind == ProductEventKind.RENEWAL and event.insured_before_until:
                self.renewed.pop()

    def gone(self, _none) -> None:
        services.end_product(
            product=self.car, gone_on=self.today, because=GoneReason.SCRAPPED, note="", **self.how
        )

    def back(self, _none) -> None:
        services.restore_product(product=self.car, reason="错", **self.how)

    def do(self, index: int) -> None:
        """One of the open ones is done."""
        rows = list(self.rows().filter(state=State.OPEN).order_by("due_on", "pk"))
        if rows:
            pk = rows[index % len(rows)].pk
            Obligation.objects.filter(pk=pk).update(state=State.DONE, closed_at=self.now)

    def quiet(self, wish: str) -> None:
        reason = QuietReason.ASKED if wish else QuietReason.WISHES_AGAIN
        services.set_quiet(customer=self.who, quiet=wish, reason=reason, **self.how)

    def grade(self, grade: str) -> None:
        services.regrade(customer=self.who, grade=grade, **self.how)

    def born(self, told) -> None:
        customers.update_customer(customer=self.card, **_born(told), **self.how)

    def wife(self, told) -> None:
        row = self.card.household.first()
        if row is None:
            people.add_member(
                customer=self.who, key=uuid4(), relation="spouse", **_born(told), **self.how
            )
        else:
            seen = people_of_card.version_of(row)
            people.change_somebody(somebody=row, seen=seen, **_born(told), **self.how)

    def wife_gone(self, _none) -> None:
        if row := self.card.household.first():
            people.remove_somebody(somebody=row, **self.how)

    def rows(self):
        return Obligation.objects.filter(
            customer=self.who, step__anchor__in=(*TERM_ANCHORS, *BIRTHDAY_ANCHORS)
        )

    def standing(self) -> dict[tuple[str, int, int], tuple[date, str]]:
        """What waits: step, subject and occurrence with its day and whether it rests."""
        rows = self.rows().filter(state__in=[State.OPEN, State.SUSPENDED])
        found = rows.values_list("step__code", "subject_id", "occurrence", "due_on", "state")
        return {
            (code, subject, number): (day, state) for code, subject, number, day, state in found
        }

    def expected(self) -> dict[tuple[str, int, int], tuple[date, str]]:
        """What the oracle owes, less what was done and what fell due in silence."""
        closed = Q(state=State.DONE) | Q(cause=Cause.SILENCE)
        rows = self.rows().filter(closed)
        assert not rows.filter(cause=Cause.SILENCE, due_on__gte=self.today).exists()
        over = set(rows.values_list("step__code", "subject_id", "occurrence"))
        found = {**self._terms(), **self._birthdays()}
        return {key: value for key, value in found.items() if key not in over}

    def _terms(self) -> dict:
        car = OwnedProduct.objects.filter(pk=self.car_id, gone_on=None).first()
        if car is None:
            return {}
        state = State.SUSPENDED if self.card.quiet == "all" else State.OPEN
        served = car.events.filter(kind="first_service", voided_at=None).exists()
        found = {}
        for steps, until, number in (
            (INSURANCE, car.insurance_until, self._number_of_end(car)),
            (WARRANTY, car.warranty_until, None),
            (FIRST_SERVICE, None if served else car.first_service_on, 1),
        ):
            for code, days in steps.items() if until else ():
                day = oracle_year.before("days", days, until)
                key = (code, car.pk, number or until.year)
                is_news = (self._day(car.terms_noted_at) - day).days <= 7
                is_near = day <= self.asked_on + HORIZON or key in self.stood
                if (is_news or key in self.seen) and is_near:
                    found[key] = (day, state)
        return found

    def _number_of_end(self, car: OwnedProduct) -> int | None:
        if car.insurance_until is None:
            return None
        return oracle_year.number_of_end([*self.renewed, car.insurance_until])

    def _birthdays(self) -> dict:
        card = self.card
        rests = card.quiet in ("marketing", "all") or card.grade == "D"
        people_of_it = [("birthday", card)] + [
            ("household_birthday", member) for member in card.household.all()
        ]
        until = self.asked_on + HORIZON
        return {
            (code, who.pk, year): (day, State.SUSPENDED if rests else State.OPEN)
            for code, who in people_of_it
            if who.birth_month
            for year, day in oracle_year.greetings(
                who.birth_month, who.birth_day, is_lunar=who.birth_is_lunar,
                is_leap=who.birth_is_leap_month, noted_on=self._day(who.birthday_noted_at),
                until=until + timedelta(days=400),
            )
            if day <= until or (code, who.pk, year) in self.stood
        }  # fmt: skip

    @staticmethod
    def _day(moment) -> date:
        return moment.astimezone(SHANGHAI).date()

    def remember(self) -> None:
        """What was ever owed: an end of an insurance that comes back brings it back."""
        self.seen |= set(self.rows().values_list("step__code", "subject_id", "occurrence"))


def _born(told) -> dict:
    return dict(zip(BORN, told or (None, None, False, False), strict=True))


def live(grade: str, acts) -> None:
    with undone():
        year = Year(grade=grade)
        for name, told in acts:
            year.act(name, told)
            assert year.standing() == year.expected(), (name, told)
            year.remember()
            if year.asked_on == year.today:
                assert every_open_obligation_stands_on_an_open_task_of_its_day()
                assert list(obligation_differences(now=year.now)) == []
                assert list(task_differences()) == []


quick = examples(10, among_all=4)


@quick
@given(acts=st.lists(BUYER, min_size=1, max_size=9))
@example(acts=[("insure", 50), ("wait", (20, 1)), ("renew", 400), ("take_back", None)])
@example(acts=[("insure", 50), ("renew", 280), ("wait", (40, 3)), ("wait", (40, 3))])
@example(acts=[("born", (2, 29, False, False)), ("born", (5, 1, False, False))])
@example(acts=[("insure", 20), ("do", 0), ("renew", 60), ("do", 0), ("take_back", None)])
@example(acts=[("insure", 50), ("quiet", "all"), ("wait", (40, 0)), ("quiet", "")])
@example(
    acts=[("insure", 300), ("wait", (40, 0)), ("gone", None), ("wait", (40, 3)), ("back", None)]
)
@example(acts=[("service_by", 20), ("serviced", None), ("wait", (40, 1)), ("take_back", None)])
@example(acts=[("warrant", 40), ("warrant", None), ("warrant", 45), ("do", 0), ("warrant", 50)])
def test_the_ends_of_insurances_and_the_like_are_owed_as_the_oracle_says(acts):
    live("B2", acts)


@quick
@given(acts=st.lists(PROSPECT, min_size=1, max_size=9))
@example(acts=[("born", (4, 1, False, False)), ("grade", "D"), ("wait", (40, 1)), ("grade", "A")])
@example(acts=[("wife", (8, 15, True, False)), ("wait", (40, 0)), ("wait", (40, 3)), ("do", 0)])
@example(acts=[("wife", (12, 30, True, True)), ("quiet", "marketing"), ("wife_gone", None)])
@example(acts=[("born", (3, 9, False, False)), ("do", 0), ("born", (4, 9, False, False))])
@example(acts=[("born", (12, 20, True, False)), ("born", (3, 20, False, False)), ("wait", (40, 1))])
def test_birthdays_are_greeted_as_the_oracle_says(acts):
    live("A", acts)


def test_control_the_oracle_would_notice_a_greeting_made_twice():
    with undone():
        year = Year(grade="A")
        year.act("born", (4, 1, False, False))
        row = year.rows().get()
        row.pk, row.occurrence, row._state.adding = None, row.occurrence + 1, True
        Obligation.objects.bulk_create([row])
        assert year.standing() != year.expected()


def test_the_oracles_of_care_and_of_the_year_count_alike():
    """Two months before the end of April is the end of February, as two after is in June."""
    assert oracle_year.before("months", 2, date(2026, 4, 30)) == date(2026, 2, 28)
    assert oracle.months_later(date(2026, 4, 30), 2) == date(2026, 6, 30)
