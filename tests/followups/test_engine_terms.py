"""What is counted down to: insurances, first services, warranties (AFT-10, AFT-25)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from core.queries import business_calendar
from customers.models import OwnedProduct
from customers.services import Happening, ProductDetails
from customers.services.products import version_of_product
from customers.states import GoneReason, ProductEventKind
from followups import rules, services
from followups.models import Course, Obligation, Plan, Step, Task
from followups.naming import occurrence_name
from followups.queries import calendar_of
from followups.services import engine
from followups.states import Anchor, Assignee, State, Unit, Way
from followups.verification import obligation_differences, task_differences
from staff.models import Duty
from staff.states import DutyKind, Role, Trade
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, shop
from tests.followups.oracle_year import before

pytestmark = pytest.mark.django_db
NOW = at("2026-03-12 10:00")
YEAR = timedelta(days=365)


def as_the_rules_say(now) -> bool:
    return [*obligation_differences(now=now), *task_differences()] == []


def terms(car, *, state=State.OPEN) -> list[tuple[str, int, str]]:
    anchors = (Anchor.INSURANCE, Anchor.FIRST_SERVICE, Anchor.WARRANTY)
    rows = Obligation.objects.filter(
        subject_id=car.pk, step__anchor__in=anchors, state=state
    ).order_by("due_on", "step__code")
    found = rows.values_list("step__code", "occurrence", "due_on")
    return [(code, number, day.isoformat()) for code, number, day in found]


def sold(who, *, insurance_until=None, now=NOW, **details) -> OwnedProduct:
    return services.record_delivery(
        customer=who, product="S1", delivered_on=now.date(), insurance_until=insurance_until,
        details=ProductDetails(**details), by=who.owner, now=now, key=uuid4(),
    )  # fmt: skip


def correct(car, *, now=NOW, insurance_until=None, **details) -> None:
    row = OwnedProduct.objects.get(pk=car.pk)
    services.change_delivery(
        product=row, seen=version_of_product(row), name=row.product, serial="",
        sold_by=row.sold_by, purchased_on=None, delivered_on=row.delivered_on,
        delivered_at=row.delivered_at, insurance_until=insurance_until,
        details=ProductDetails(**details), by=row.customer.owner, now=now,
    )  # fmt: skip


def happen(car, kind, *, now, **told):
    return services.record_product_event(
        product=car, told=Happening(kind=kind, on=now.date(), **told),
        by=car.customer.owner, now=now, key=uuid4(),
    )  # fmt: skip


RENEWALS = [
    ("dealer_insurance_45", 2026, "2026-03-18"),
    ("dealer_insurance_33", 2026, "2026-03-30"),
    ("dealer_insurance_30", 2026, "2026-04-02"),
]


def test_a_renewal_is_asked_for_45_33_and_30_days_before():
    car = sold(customer(shop(), now=NOW, grade="B2"), insurance_until=date(2026, 5, 2))
    assert terms(car) == RENEWALS
    assert Obligation.objects.get(step__code="dealer_insurance_45").due_at == at("2026-03-19 00:00")
    assert as_the_rules_say(NOW)


def test_a_date_corrected_within_its_year_moves_what_is_open():
    car = sold(customer(shop(), now=NOW, grade="B2"), insurance_until=date(2026, 5, 2))
    Obligation.objects.filter(step__code="dealer_insurance_45").update(
        state=State.DONE, closed_at=NOW
    )
    correct(car, insurance_until=date(2026, 5, 12))
    assert terms(car) == [
        ("dealer_insurance_33", 2026, "2026-04-09"), ("dealer_insurance_30", 2026, "2026-04-12"),
    ]  # fmt: skip
    assert terms(car, state=State.DONE) == RENEWALS[:1]
    assert as_the_rules_say(NOW)


def test_renewed_the_rest_of_this_year_falls_away_and_next_year_has_its_own():
    car = sold(customer(shop(), now=NOW, grade="B2"), insurance_until=date(2026, 5, 2))
    happen(car, ProductEventKind.RENEWAL, now=NOW, insured_until=date(2027, 5, 2))
    assert terms(car) == []
    gone = Obligation.objects.filter(subject_id=car.pk, step__anchor=Anchor.INSURANCE)
    assert set(gone.values_list("cause", flat=True)) == {"left_over"}
    assert not Task.objects.filter(obligations__in=gone, state=State.OPEN).exists()

    engine.ask(now=NOW + YEAR)
    assert terms(car) == [
        ("dealer_insurance_45", 2027, "2027-03-18"),
        ("dealer_insurance_33", 2027, "2027-03-30"),
        ("dealer_insurance_30", 2027, "2027-04-02"),
    ]
    assert as_the_rules_say(NOW + YEAR)


def test_the_second_insurance_that_ends_in_a_year_is_asked_for_like_the_first():
    """Renewed for nine months only: both ends lie in 2026, and each is asked for."""
    place = shop()
    car = sold(customer(place, now=NOW, grade="B2"), insurance_until=date(2026, 5, 2))
    Obligation.objects.filter(subject_id=car.pk).update(state=State.DONE, closed_at=NOW)
    event = happen(car, ProductEventKind.RENEWAL, now=NOW, insured_until=date(2026, 12, 31))
    later = at("2026-11-20 10:00")
    engine.ask(now=later)
    assert terms(car) == [
        ("dealer_insurance_45", 12026, "2026-11-16"),
        ("dealer_insurance_33", 12026, "2026-11-28"),
        ("dealer_insurance_30", 12026, "2026-12-01"),
    ]
    days = calendar_of(car.customer, today=later.date())
    renewals = [day for day in days if day.step.anchor == Anchor.INSURANCE]
    assert [day.state for day in renewals] == [State.OPEN] * 3
    assert as_the_rules_say(later)

    services.void_product_event(event=event, reason="错", by=place.manager, now=later)
    assert terms(car) == []
    assert as_the_rules_say(later)


def test_a_renewal_taken_back_brings_back_what_was_owed():
    """Two weeks later: of what was due meanwhile, nothing is lost."""
    place = shop()
    car = sold(customer(place, now=NOW, grade="B2"), insurance_until=date(2026, 5, 2))
    later = at("2026-04-20 10:00")
    event = happen(car, ProductEventKind.RENEWAL, now=NOW, insured_until=date(2027, 5, 2))
    engine.ask(now=later)
    services.void_product_event(event=event, reason="记错车", by=place.manager, now=later)
    assert terms(car) == RENEWALS
    assert as_the_rules_say(later)


def test_a_renewal_already_asked_for_is_not_asked_for_twice():
    place = shop()
    car = sold(customer(place, now=NOW, grade="B2"), insurance_until=date(2026, 5, 2))
    Obligation.objects.filter(subject_id=car.pk).update(state=State.DONE, closed_at=NOW)
    event = happen(car, ProductEventKind.RENEWAL, now=NOW, insured_until=date(2027, 5, 2))
    services.void_product_event(event=event, reason="错", by=place.manager, now=NOW)
    assert terms(car) == []
    assert terms(car, state=State.DONE) == RENEWALS


def test_a_first_service_is_seen_by_the_keeper_and_the_service_lead():
    place = shop()
    lead = PersonFactory(role=Role.SALES_STORE, store=place.store)
    Duty.objects.create(
        person=lead, kind=DutyKind.SERVICE_LEAD, store=place.store, starts_on=date(2026, 1, 1)
    )
    who = customer(place, now=NOW, grade="B2")
    car = sold(who, first_service_on=date(2026, 5, 1))
    assert terms(car) == [
        ("dealer_first_service", 1, "2026-04-17"), ("dealer_first_service_lead", 1, "2026-04-17"),
    ]  # fmt: skip
    assigned = dict(
        Obligation.objects.filter(step__anchor=Anchor.FIRST_SERVICE).values_list(
            "step__code", "assignee"
        )
    )
    assert assigned == {"dealer_first_service": who.owner_id, "dealer_first_service_lead": lead.pk}

    Duty.objects.all().delete()
    engine.touch_and_ask(customers=[who.pk], now=NOW)
    mine = Obligation.objects.get(step__code="dealer_first_service_lead")
    assert mine.assignee == place.manager, "without a service lead the store's manager sees to it"
    assert as_the_rules_say(NOW)


def test_a_first_service_held_leaves_nothing_to_remind_of_until_it_is_taken_back():
    place = shop()
    car = sold(customer(place, now=NOW, grade="B2"), first_service_on=date(2026, 5, 1))
    event = happen(car, ProductEventKind.FIRST_SERVICE, now=NOW + timedelta(days=3))
    assert terms(car) == []
    assert as_the_rules_say(NOW)
    services.void_product_event(event=event, reason="不是这辆", by=place.manager, now=NOW)
    assert len(terms(car)) == 2
    assert as_the_rules_say(NOW)


def test_a_warranty_is_spoken_of_30_days_before_it_ends_in_both_trades():
    for trade, code in ((Trade.CARS, "dealer_warranty"), (Trade.FURNITURE, "furniture_warranty")):
        car = sold(customer(shop(trade), now=NOW, grade="B2"), warranty_until=date(2026, 5, 1))
        assert terms(car) == [(code, 2026, "2026-04-01")]


def test_what_is_gone_has_no_renewal():
    place = shop()
    car = sold(customer(place, now=NOW, grade="B2"), insurance_until=date(2026, 5, 2))
    services.end_product(
        product=car, gone_on=NOW.date(), because=GoneReason.SCRAPPED, note="", by=place.seller,
        now=NOW,
    )  # fmt: skip
    assert terms(car) == []
    assert as_the_rules_say(NOW)


def test_terms_stretch_no_plan():
    """The cadence of somebody whose monthly care is over does not wait for the warranty's end."""
    who = customer(shop(Trade.FURNITURE), now=NOW, grade="B2")
    sofa = sold(who, warranty_until=date(2031, 3, 11))
    course = Course.objects.get(product=sofa)
    assert course.ends_on == date(2027, 3, 12)
    bed = services.record_delivery(
        customer=who, product="床", by=who.owner, now=NOW, key=uuid4(),
        purchased_on=NOW.date(),
        details=ProductDetails(warranty_until=date(2031, 3, 11)),
    )  # fmt: skip
    assert Course.objects.get(product=bed).ends_on == date(2026, 3, 17)


def test_month_12_two_months_and_a_renewal_are_one_row_and_the_birthday_stands_beside_it():
    """Done, all three are done; the greeting is not (G03, decision 19)."""
    who = customer(shop(), now=NOW, grade="B2", birth_month=3, birth_day=12)
    sold(who, insurance_until=date(2027, 4, 26))
    day = at("2027-03-12 09:00")
    engine.ask(now=day)
    tasks = Task.objects.filter(customer=who, day=day.date(), state=State.OPEN, letter=None)
    task = tasks.get()
    with translation.override("en"):
        names = {
            occurrence_name(row.step, row.occurrence)
            for row in task.obligations.select_related("step")
        }
    assert names == {
        "12-month visit", "Two-month contact (month 12)", "Insurance renewal, 45 days before",
    }  # fmt: skip
    assert Task.objects.filter(customer=who, day=day.date(), letter__way=Way.GREETING).count() == 1


def _step(**terms) -> rules.StepSpec:
    return rules.StepSpec(code="x", **{"anchor": Anchor.INSURANCE, "is_before": True, **terms})


@pytest.mark.parametrize("unit", ["days", "working_days", "months"])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 14, 30])
def test_before_is_counted_back_from_any_day(unit, count):
    """The rule, the engine and the oracle agree over working days, holidays and months' ends."""
    place = shop(Trade.SHOES)
    plan = Plan.objects.create(code="any", name_en="x", name_zh="x", trades=[Trade.SHOES])
    Step.objects.create(
        plan=plan, code="any", name_en="x", name_zh="x", anchor=Anchor.WARRANTY, is_before=True,
        unit=unit, offset=count, way=Way.CALL, assignee=Assignee.KEEPER,
    )  # fmt: skip
    who = customer(place, now=at("2022-01-01 10:00"), grade="B2")
    days = [date(2026, 1, 29) + timedelta(days=n) for n in range(0, 300, 7)]
    days += [date(2026, 3, 31), date(2026, 10, 1), date(2026, 10, 8), date(2028, 2, 29)]
    cars = OwnedProduct.objects.bulk_create(
        OwnedProduct(
            customer=who, store=place.store, product="x", warranty_until=day,
            terms_noted_at=at("2022-01-01 10:00"),
        )
        for day in days
    )  # fmt: skip
    engine.ask(now=NOW, horizon=timedelta(days=900), customers=[who.pk])

    calendar = business_calendar()
    for car, until in zip(cars, days, strict=True):
        row = Obligation.objects.get(subject_id=car.pk, step__plan=plan)
        (due,) = rules.occurrences(
            step=_step(unit=Unit(unit), offset=count),
            anchored=rules.Anchored(on=until, noted_on=date(2022, 1, 1)),
            zone=place.store.tzinfo,
            add_working_days=calendar.add_working_days,
        )
        assert row.due_on == due.on == before(unit, count, until)
        assert row.occurrence == due.occurrence == until.year
