"""A plan that asks for more asks from now on: nobody is called for what would be due years ago."""

from dataclasses import replace
from datetime import date

import pytest

from followups import services
from followups.models import Obligation, Plan, Step
from followups.queries import calendar_of
from followups.queries.plans import terms_of
from followups.rules.plans import begins_anew
from followups.services import change_plan
from followups.services.rehearsal import rehearse_plan
from followups.states import Anchor, State, Unit, Way
from followups.verification import obligation_differences
from staff.states import Role
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, delivery, shop
from tests.followups.plan_worlds import NOW, TODAY
from tests.followups.test_services_plans import adding, with_

pytestmark = pytest.mark.django_db


@pytest.fixture
def ops():
    return PersonFactory(role=Role.OPS_MANAGER)


@pytest.fixture
def dealer():
    return Plan.objects.get(code="dealer")


@pytest.fixture
def who():
    """Who bought a car three years ago."""
    then = at("2023-03-12 10:00")
    found = customer(shop(), now=then, grade="B2", birth_month=3, birth_day=20)
    delivery(found, on=then.date(), now=then)
    services.ask(now=NOW)
    return found


def written(plan, terms, *, by) -> Step:
    """The last step of the plan as written, with what the engine made of it."""
    promised = rehearse_plan(plan=plan, terms=terms, now=NOW).total("made")
    before = Obligation.objects.filter(state=State.OPEN).count()
    change_plan(plan=plan, terms=terms, by=by, now=NOW)
    services.ask(now=NOW)
    assert Obligation.objects.filter(state=State.OPEN).count() - before == promised
    assert list(obligation_differences(now=NOW)) == []
    return plan.steps.order_by("position", "pk").last()


def made(step: Step) -> list[date]:
    rows = Obligation.objects.filter(step=step, state=State.OPEN).order_by("due_on")
    return list(rows.values_list("due_on", flat=True))


def test_a_new_step_asks_nothing_of_a_delivery_of_years_ago(ops, dealer, who):
    step = written(dealer, adding(dealer, offset=14), by=ops)
    assert step.asks_from == TODAY
    assert made(step) == []
    days = calendar_of(who, today=TODAY)
    assert [day for day in days if day.step == step] == []


def test_the_control_a_step_that_was_always_there_asks_for_all(dealer, who):
    step = Step.objects.create(
        plan=dealer, code="always", name_en="x", name_zh="x", anchor=Anchor.DELIVERY, offset=14,
        unit=Unit.DAYS, way=Way.CALL, position=90,
    )  # fmt: skip
    services.touch(customers=[who.pk])
    services.ask(now=NOW)
    assert made(step) == [date(2023, 3, 26)]


def test_a_new_step_asks_for_what_is_due_from_a_week_ago_on(ops, dealer):
    for on in (date(2026, 2, 25), date(2026, 2, 26), date(2026, 3, 5)):
        delivery(customer(shop(), now=at(f"{on} 10:00"), grade="B2"), on=on, now=at(f"{on} 10:00"))
    services.ask(now=NOW)
    step = written(dealer, adding(dealer, offset=7), by=ops)
    assert made(step) == [date(2026, 3, 5), date(2026, 3, 12)]


def test_more_occurrences_of_a_step_are_asked_for_from_now_on(ops, dealer, who):
    Step.objects.filter(code="dealer_2m").update(times=1)
    Obligation.objects.filter(step__code="dealer_2m", occurrence__gt=1).delete()
    written(dealer, with_(dealer, "dealer_2m", times=30), by=ops)
    days = made(Step.objects.get(code="dealer_2m"))
    assert [day for day in days if day.year == 2026] == [date(2026, 3, 12)]


def test_greetings_of_a_new_step_are_of_this_year(ops, who):
    everyday = Plan.objects.get(code="everyday")
    terms = terms_of(everyday)
    birthday = next(row for row in terms.steps if row.anchor == Anchor.BIRTHDAY)
    more = replace(birthday, step_id=None, name_en="Card", name_zh="贺卡")
    step = written(everyday, replace(terms, steps=(*terms.steps, more)), by=ops)
    assert made(step) == [date(2026, 3, 20)]


def test_a_step_off_and_on_again_has_back_what_it_had(ops, dealer, who):
    before = made(Step.objects.get(code="dealer_2m"))
    assert before
    for is_active in (False, True):
        change_plan(
            plan=dealer, terms=with_(dealer, "dealer_2m", is_active=is_active), by=ops, now=NOW
        )
        services.ask(now=NOW)
    assert made(Step.objects.get(code="dealer_2m")) == before
    assert list(obligation_differences(now=NOW)) == []


@pytest.mark.parametrize(
    ("values", "is_anew"),
    [
        ({"offset": 5}, True),
        ({"times": 2, "every": 1}, True),
        ({"assignee": "keeper"}, False),
        ({"name_en": "Week"}, False),
        ({"ahead_days": 2}, False),
    ],
)
def test_what_is_counted_otherwise_begins_anew(dealer, values, is_anew):
    step = Step.objects.get(code="dealer_7d")
    before, after = terms_of(dealer), with_(dealer, "dealer_7d", **values)
    row = next(row for row in after.steps if row.step_id == step.pk)
    assert begins_anew(before, after, row) is is_anew


def test_a_plan_in_use_again_or_for_another_trade_begins_anew(dealer):
    terms = terms_of(dealer)
    row = terms.steps[0]
    assert begins_anew(replace(terms, is_active=False), terms, row)
    assert begins_anew(terms, replace(terms, trades=("cars", "furniture")), row)
    assert not begins_anew(terms, replace(terms, trades=()), row)
