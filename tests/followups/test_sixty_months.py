"""A car dealer and a furniture store, played forward day by day through their first sixty months.

Each day the engine is asked what is due. What it made at the end is compared, obligation by
obligation, with a table that is counted apart from it; the rows of formulas 3.11 stand here as they
were worked out by hand.
"""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest

from customers.models import Customer, OwnedProduct
from customers.services import Happening, ProductDetails
from customers.states import ProductEventKind
from followups import services
from followups.models import Course, Obligation
from followups.services import engine, people
from followups.states import State
from followups.verification import obligation_differences
from staff.states import Trade
from tests.followups import oracle, oracle_year
from tests.followups.build import SHANGHAI, customer, shop

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2024, 2, 29), date(2031, 10, 20)
HORIZON = timedelta(days=60)
INSURANCE = {"dealer_insurance_45": 45, "dealer_insurance_33": 33, "dealer_insurance_30": 30}

# Formulas 3.11, by hand: delivery → +7 days, the first six two-month contacts, 12/24/36/48/60.
BY_HAND = {
    "2024-02-29": (
        "2024-03-07",
        "2024-04-29 2024-06-29 2024-08-29 2024-10-29 2024-12-29 2025-02-28",
        "2025-02-28 2026-02-28 2027-02-28 2028-02-29 2029-02-28",
    ),
    "2025-12-31": (
        "2026-01-07",
        "2026-02-28 2026-04-30 2026-06-30 2026-08-31 2026-10-31 2026-12-31",
        "2026-12-31 2027-12-31 2028-12-31 2029-12-31 2030-12-31",
    ),
    "2026-05-18": (
        "2026-05-25",
        "2026-07-18 2026-09-18 2026-11-18 2027-01-18 2027-03-18 2027-05-18",
        "2027-05-18 2028-05-18 2029-05-18 2030-05-18 2031-05-18",
    ),
    "2026-08-31": (
        "2026-09-07",
        "2026-10-31 2026-12-31 2027-02-28 2027-04-30 2027-06-30 2027-08-31",
        "2027-08-31 2028-08-31 2029-08-31 2030-08-31 2031-08-31",
    ),
}
# Mid-autumn and the eve of the lunar year, looked up in a printed calendar.
MID_AUTUMN = {2026: "2026-09-25", 2027: "2027-09-15", 2028: "2028-10-03"}
NEW_YEARS_EVE = {2025: "2026-02-16", 2026: "2027-02-05", 2027: "2028-01-25"}
# Bought on the last working day before the holidays of 2025; a sofa delivered on 31 January 2026.
FURNITURE = {
    "furniture_thanks": "2025-10-11",
    "furniture_installed": "2026-02-04",
    "furniture_monthly": "2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 2026-07-31"
    " 2026-08-31 2026-09-30 2026-10-31 2026-11-30 2026-12-31 2027-01-31",
}


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)


def days(text: str) -> list[date]:
    return [date.fromisoformat(day) for day in text.split()]


class Town:
    """Both stores with their customers; `plays` says what happens on which day."""

    def __init__(self) -> None:
        self.dealer, self.furniture = shop(Trade.CARS), shop(Trade.FURNITURE)
        self.plays: dict[date, list] = {}
        self.products: dict[str, int] = {}
        self.people: dict[str, int] = {}

    def on(self, day: date, act) -> None:
        self.plays.setdefault(day, []).append(act)

    def sell(self, name: str, place, *, on: date, **told) -> None:
        """A customer comes on this day and takes something home."""

        def act(now: datetime) -> None:
            who = customer(place, now=now, grade="B2")
            self.people[name] = who.pk
            self.products[name] = services.record_delivery(
                customer=who, product=name, by=place.seller, now=now, key=uuid4(), **told
            ).pk

        self.on(on, act)

    def play(self) -> None:
        """Every day from the first to the last; asked where a course waits, as the beat does."""
        day = FIRST
        while day <= LAST:
            now = noon(day)
            for act in self.plays.get(day, ()):
                act(now)
            if Course.objects.filter(next_due_on__lte=day + HORIZON).exists():
                engine.ask(now=now)
            day += timedelta(days=1)

    def made(self, name: str, *codes: str) -> set[tuple[str, int, date]]:
        rows = Obligation.objects.filter(customer=self.people[name])
        if codes:
            rows = rows.filter(step__code__in=codes)
        return set(rows.values_list("step__code", "occurrence", "due_on"))


def owed_of_car(name: str, *, insured: list[str]) -> set[tuple[str, int, date]]:
    """All that a car asks for in sixty months, and the renewal of each year in `insured`."""
    on = date.fromisoformat(name)
    found = {
        (code, number, day)
        for code, number, day, _limit in oracle.owed(
            on=on, at=None, noted_on=on, last_run_on=LAST, horizon=HORIZON.days
        )
    }
    for text in insured:
        until = date.fromisoformat(text)
        found |= {
            (code, until.year, oracle_year.before("days", days_before, until))
            for code, days_before in INSURANCE.items()
        }
    return found


def renewed(town: Town, name: str, until: str, *, on: str) -> None:
    def act(now: datetime) -> None:
        car = OwnedProduct.objects.get(pk=town.products[name])
        told = Happening(
            kind=ProductEventKind.RENEWAL, on=now.date(), insured_until=date.fromisoformat(until)
        )
        services.record_product_event(
            product=car, told=told, by=town.dealer.manager, now=now, key=uuid4()
        )

    town.on(date.fromisoformat(on), act)


@pytest.fixture
def town():
    town = Town()
    for name in BY_HAND:
        on = date.fromisoformat(name)
        town.sell(
            name, town.dealer, on=on, delivered_on=on,
            insurance_until=date(on.year + 1, on.month, min(on.day, 28)),
            details=ProductDetails(
                first_service_on=on + timedelta(days=90),
                warranty_until=date(on.year + 3, on.month, min(on.day, 28)),
            ),
        )  # fmt: skip
    town.sell(
        "sofa", town.furniture, on=date(2026, 1, 31), delivered_on=date(2026, 1, 31),
        delivered_at=datetime(2026, 1, 31, 10, tzinfo=SHANGHAI),
        details=ProductDetails(warranty_until=date(2028, 1, 30)),
    )  # fmt: skip
    town.sell("bed", town.furniture, on=date(2025, 9, 30), purchased_on=date(2025, 9, 30))
    renewed(town, "2024-02-29", "2026-02-28", on="2025-02-10")
    renewed(town, "2024-02-29", "2027-02-28", on="2026-01-20")

    def family(now: datetime) -> None:
        told = {"by": town.dealer.seller, "now": now}
        who = Customer.objects.get(pk=town.people["2025-12-31"])
        for relation, month, day in (("spouse", 8, 15), ("parent", 12, 30)):
            people.add_member(
                customer=who, key=uuid4(), relation=relation, birth_month=month, birth_day=day,
                birth_is_lunar=True, **told,
            )  # fmt: skip
        people.add_key_person(
            customer=who, key=uuid4(), name="陈总", birth_month=2, birth_day=29, **told
        )

    town.on(date(2026, 1, 5), family)
    return town


def test_sixty_months_day_by_day(town):
    town.play()

    for name, (week, two_months, visits) in BY_HAND.items():
        made = town.made(name)
        of = {code: sorted(day for c, _n, day in made if c == code) for code, _n, _d in made}
        assert of["dealer_7d"] == days(week)
        assert of["dealer_2m"][:6] == days(two_months)
        assert of["dealer_12m"] + of["dealer_36m"] == days(visits)
    _cars_have_all_that_is_owed(town)
    _families_are_greeted(town)
    _furniture_is_cared_for(town)
    assert list(obligation_differences(now=noon(LAST))) == []


def _cars_have_all_that_is_owed(town: Town) -> None:
    for name in BY_HAND:
        on = date.fromisoformat(name)
        ends = date(on.year + 1, on.month, min(on.day, 28))
        insured = [ends.isoformat()]
        if name == "2024-02-29":
            insured += ["2026-02-28", "2027-02-28"]
        service = on + timedelta(days=76)
        expected = owed_of_car(name, insured=insured) | {
            ("dealer_first_service", 1, service),
            ("dealer_first_service_lead", 1, service),
            ("dealer_warranty", ends.year + 2,
             date(ends.year + 2, ends.month, ends.day) - timedelta(days=30)),
        }  # fmt: skip
        birthdays = {"household_birthday", "key_birthday", "cadence_c1"}
        assert {row for row in town.made(name) if row[0] not in birthdays} == expected
    # Renewed on 10 February 2025, after all three were asked for; on 20 January 2026 before two.
    left_over = Obligation.objects.filter(
        customer=town.people["2024-02-29"], cause="left_over", step__anchor="insurance"
    )
    assert sorted(left_over.values_list("step__code", "occurrence")) == sorted(
        (code, year) for code in INSURANCE for year in (2025, 2026)
    )
    assert not Obligation.objects.filter(state=State.DONE).exists()


def _families_are_greeted(town: Town) -> None:
    made = town.made("2025-12-31", "household_birthday")
    for year, day in MID_AUTUMN.items():
        assert ("household_birthday", year, date.fromisoformat(day)) in made
    for year, day in NEW_YEARS_EVE.items():
        assert ("household_birthday", year, date.fromisoformat(day)) in made
    expected = {
        ("household_birthday", year, day)
        for month, number in ((8, 15), (12, 30))
        for year, day in oracle_year.greetings(
            month, number, is_lunar=True, noted_on=date(2026, 1, 5), until=LAST + HORIZON
        )
    }
    assert made == expected
    leap = {day for _c, _n, day in town.made("2025-12-31", "key_birthday")}
    assert leap == set(days("2026-02-28 2027-02-28 2028-02-29 2029-02-28 2030-02-28 2031-02-28"))


def _furniture_is_cared_for(town: Town) -> None:
    sofa = town.made("sofa")
    for code in ("furniture_installed", "furniture_monthly"):
        assert sorted(day for c, _n, day in sofa if c == code) == days(FURNITURE[code])
    assert {row for row in sofa if not row[0].startswith("furniture_m")} == {
        ("furniture_installed", 1, date(2026, 2, 4)),
        ("furniture_warranty", 2028, date(2027, 12, 31)),
        # The monthly care ends on 31 January 2027; then the C1 cadence, which grows overdue.
        ("cadence_c1", 1, date(2027, 5, 1)),
    }
    bed = town.made("bed")
    assert ("furniture_thanks", 1, days(FURNITURE["furniture_thanks"])[0]) in bed
